// What each server makes of a request, as their sources have it.
import assert from "node:assert/strict"
import { request as httpRequest } from "node:http"
import { test } from "node:test"

import { connectSubscriber, hmac, makePublisher, sendSigned, serve, subscribe } from "./support.mjs"

const EVENT = { name: "e", channels: ["a"], data: "{}" }
const EVENTS = "/apps/app-id/events"
const BATCH = "/apps/app-id/batch_events"
const CHANNELS = "/apps/app-id/channels"
const USERS = "/apps/app-id/channels/presence-a/users"
const NAMES = ["pusher", "sockudo", "soketi", "reverb"]

/** Tests a request with each server's manners: `expected` has the status of those that do not answer with 200. */
const testStatus = (name, expected, send) => {
  for (const manners of NAMES) {
    const status = expected[manners] ?? 200
    test(`${manners} ${status === 200 ? "accepts" : "refuses"} ${name}`, async (t) => {
      const answer = await send(await serve(t, { manners }), manners)
      assert.equal(answer.status, status, answer.text)
    })
  }
}

testStatus("an ordinary event", {}, (server) => sendSigned(server, "POST", EVENTS, { body: EVENT }))
testStatus("an ordinary query", {}, (server) => sendSigned(server, "GET", CHANNELS))

testStatus("an old timestamp", { pusher: 401, sockudo: 401 }, (server) =>
  sendSigned(server, "GET", CHANNELS, { change: { auth_timestamp: "1" } }),
)

testStatus(
  "a signed body of another event's digest",
  { pusher: 401, sockudo: 401, soketi: 401, reverb: 401 },
  (server) => sendSigned(server, "POST", EVENTS, { body: EVENT, change: { body_md5: "0".repeat(32) } }),
)

/** Sends a query whose names are signed in another form: as `nameOf` has it, or not at all. */
const sendNames = (server, params, nameOf) => {
  const [app] = server.apps
  const time = String(Math.floor(Date.now() / 1000))
  const given = { auth_key: app.key, auth_timestamp: time, auth_version: "1.0", ...params }
  const toSign = Object.entries(given)
    .map(([name, value]) => [nameOf(name), value])
    .filter(([name]) => name !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join("="))
    .join("&")
  const query = new URLSearchParams({ ...given, auth_signature: hmac(app.secret, `GET\n${CHANNELS}\n${toSign}`) })
  return sendSigned(server, "GET", CHANNELS, { raw: `${CHANNELS}?${query}` })
}
testStatus("names that are signed in lower case", { soketi: 401, reverb: 401 }, (server) =>
  sendNames(server, { deviceId: "1" }, (name) => name.toLowerCase()),
)
testStatus("names that are signed as they are", { pusher: 401, sockudo: 401 }, (server) =>
  sendNames(server, { deviceId: "1" }, (name) => name),
)
testStatus("names that PHP changes", { reverb: 401 }, (server) => sendNames(server, { "a.b": "1" }, (name) => name))
testStatus("an `appId` that is not signed", { pusher: 401, sockudo: 401 }, (server) =>
  sendNames(server, { appId: "1" }, (name) => (name === "appId" ? undefined : name)),
)

test("reverb signs a list as its values joined by commas", async (t) => {
  const server = await serve(t, { manners: "reverb" })
  const [app] = server.apps
  const time = Math.floor(Date.now() / 1000)
  const toSign = `GET\n${CHANNELS}\na=1,2&auth_key=${app.key}&auth_timestamp=${time}&auth_version=1.0`
  const query = `a[]=1&a[]=2&auth_key=${app.key}&auth_timestamp=${time}&auth_version=1.0`
  const raw = `${CHANNELS}?${query}&auth_signature=${hmac(app.secret, toSign)}`
  assert.equal((await sendSigned(server, "GET", CHANNELS, { raw })).status, 200)
})

const TERMINATE = "/apps/app-id/users/1/terminate_connections"
testStatus("a POST without a body and its digest", { sockudo: 401, soketi: 401 }, (server) =>
  sendSigned(server, "POST", TERMINATE, { headers: { "content-length": "0" } }),
)
testStatus("a POST without a body, but with the digest of `{}`", { pusher: 401, reverb: 401 }, (server) =>
  sendSigned(server, "POST", TERMINATE, {
    headers: { "content-length": "0" },
    params: { body_md5: "99914b932bd37a50b983c5e7c90ae93b" },
  }),
)
testStatus("a GET with a digest", { pusher: 401, sockudo: 401, soketi: 401, reverb: 401 }, (server) =>
  sendSigned(server, "GET", CHANNELS, { params: { body_md5: "99914b932bd37a50b983c5e7c90ae93b" } }),
)

test("reverb refuses a POST without content-length", async (t) => {
  for (const manners of NAMES) {
    const server = await serve(t, { manners })
    const status = await new Promise((resolve, reject) => {
      const { host, port } = server
      const headers = { "transfer-encoding": "chunked" }
      const request = httpRequest({ host, port, method: "POST", path: EVENTS, headers, agent: false }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      request.on("error", reject)
      request.end("{}")
    })
    assert.equal(status, manners === "reverb" ? 411 : 401)
  }
})

for (const [name, body, expected] of [
  ["an event without data", { name: "e", channels: ["a"] }, { pusher: 400, sockudo: 400, soketi: 400, reverb: 422 }],
  ["an event of empty data", { ...EVENT, data: "" }, { soketi: 400, reverb: 422 }],
  ["an event of blank data", { ...EVENT, data: " " }, { reverb: 422 }],
  ["an event of one `channel`", { name: "e", channel: "a", data: "x" }, {}],
  ["an event without a name", { channels: ["a"], data: "x" }, { pusher: 400, sockudo: 400, soketi: 400, reverb: 422 }],
  ["a socket id that is null", { ...EVENT, socket_id: null }, { reverb: 422 }],
  ["`info` that is null", { ...EVENT, info: null }, { reverb: 422 }],
  ["10 241 bytes of data", { ...EVENT, data: "x".repeat(10_241) }, { pusher: 413, sockudo: 413 }],
  ["100 001 bytes of data", { ...EVENT, data: "x".repeat(100_001) }, { pusher: 413, sockudo: 413, soketi: 413 }],
]) {
  testStatus(name, expected, (server) => sendSigned(server, "POST", EVENTS, { body }))
}

const batchOf = (count) => ({ batch: Array.from({ length: count }, () => ({ name: "e", channel: "a", data: "x" })) })
testStatus("a batch of 11 events", { pusher: 400, sockudo: 400, soketi: 400 }, (server) =>
  sendSigned(server, "POST", BATCH, { body: batchOf(11) }),
)
testStatus("a batch of none", { pusher: 400, sockudo: 400, soketi: 400, reverb: 422 }, (server) =>
  sendSigned(server, "POST", BATCH, { body: batchOf(0) }),
)

test("soketi never decodes names of channels", async (t) => {
  for (const manners of NAMES) {
    const server = await serve(t, { manners })
    await sendSigned(server, "POST", EVENTS, { body: { name: "e", channels: ["cache-a="], data: "x" } })
    const { json } = await sendSigned(server, "GET", `${CHANNELS}/cache-a%3D`, { params: { info: "cache" } })
    assert.equal(json.cache?.data, manners === "soketi" ? undefined : "x")
    const raw = await sendSigned(server, "GET", `${CHANNELS}/cache-a=`, { params: { info: "cache" } })
    assert.equal(raw.json.cache.data, "x")
  }
})

testStatus("an app id that is percent-encoded", { sockudo: 404, soketi: 404 }, (server) =>
  sendSigned(server, "GET", "/apps/app%2Did/channels"),
)

for (const [manners, channels, users] of [
  ["pusher", { channels: {} }, { status: 200, json: { users: [] } }],
  ["sockudo", { channels: {} }, { status: 200, json: { users: [] } }],
  ["soketi", { channels: {} }, { status: 200, json: { users: [] } }],
  ["reverb", { channels: [] }, { status: 404, json: {} }],
]) {
  test(`${manners} answers for empty channels as it is known to`, async (t) => {
    const server = await serve(t, { manners })
    assert.deepEqual((await sendSigned(server, "GET", CHANNELS)).json, channels)
    const { status, json } = await sendSigned(server, "GET", USERS)
    assert.deepEqual({ status, json }, users)
  })
}

test("reverb answers with objects where there is something", async (t) => {
  const server = await serve(t, { manners: "reverb" })
  await subscribe(await connectSubscriber(t, server, { userId: "u" }), "presence-a")
  assert.deepEqual((await sendSigned(server, "GET", CHANNELS)).json, { channels: { "presence-a": {} } })
  assert.deepEqual((await sendSigned(server, "GET", USERS)).json, { users: [{ id: "u" }] })
})

for (const [manners, type, body] of [
  ["pusher", "text/plain; charset=utf-8", "Unknown auth_key\n"],
  ["sockudo", "application/json", '{"error":"Unknown auth_key","code":401}'],
  ["soketi", "application/json", '{"error":"Unknown auth_key","code":401}'],
  ["reverb", "application/json", '"Unknown auth_key"'],
]) {
  test(`${manners} writes errors in its own form`, async (t) => {
    const answer = await sendSigned(await serve(t, { manners }), "GET", CHANNELS, { change: { auth_key: "nobody" } })
    assert.deepEqual([answer.status, answer.headers["content-type"], answer.text], [401, type, body])
  })
}

test("reverb says which members broke a rule", async (t) => {
  const body = {
    batch: [
      { name: "e", channel: "a", data: "x" },
      { name: "e", channel: "a" },
    ],
  }
  const answer = await sendSigned(await serve(t, { manners: "reverb" }), "POST", BATCH, { body })
  const message = "The data field is required."
  assert.deepEqual(answer.json, { message, errors: { "batch.1.data": [message] } })
})

for (const [manners, signs] of [
  ["pusher", false],
  ["sockudo", false],
  ["soketi", true],
  ["reverb", false],
  ["older-reverb", true],
]) {
  test(`${manners} ${signs ? "signs" : "does not sign"} its own path prefix`, async (t) => {
    const server = await serve(t, { manners, pathPrefix: "/ws" })
    const send = (signPath) => sendSigned(server, "GET", `/ws${CHANNELS}`, { signPath })
    assert.equal((await send(`/ws${CHANNELS}`)).status, signs ? 200 : 401)
    assert.equal((await send(CHANNELS)).status, signs ? 401 : 200)
    const other = await serve(t, { manners, pathPrefix: "/ws", signPathPrefix: !signs })
    const status = (await sendSigned(other, "GET", `/ws${CHANNELS}`, { signPath: CHANNELS })).status
    assert.equal(status, signs ? 200 : 401)
  })
}

test("one server has the manners of all, each below its name", async (t) => {
  const server = await serve(t, { allManners: true })
  const ask = (prefix, signPath = CHANNELS) => sendSigned(server, "GET", `${prefix}${CHANNELS}`, { signPath })
  assert.deepEqual((await ask("")).json, { channels: {} })
  assert.deepEqual((await ask("/pusher")).json, { channels: {} })
  assert.deepEqual((await ask("/reverb")).json, { channels: [] })
  assert.equal((await ask("/soketi")).status, 401)
  assert.deepEqual((await ask("/soketi", `/soketi${CHANNELS}`)).json, { channels: {} })
  assert.equal((await ask("/nobody")).status, 404)
  assert.deepEqual(
    server.requests.map(({ path }) => path.endsWith(CHANNELS)),
    Array(6).fill(true),
  )
  await assert.doesNotReject(makePublisher(server).trigger("a", "e", "x"))
})
