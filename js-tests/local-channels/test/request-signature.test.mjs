import assert from "node:assert/strict"
import { test } from "node:test"

import { hmac, send, sendSigned, serve } from "./support.mjs"

const EVENT = { name: "e", channels: ["a"], data: "{}" }
const EVENTS = "/apps/app-id/events"

test("accepts a correctly signed request", async (t) => {
  const { status, json, headers } = await sendSigned(await serve(t), "POST", EVENTS, { body: EVENT })
  assert.deepEqual({ status, json, type: headers["content-type"] }, { status: 200, json: {}, type: "application/json" })
})

test("expects signed query values decoded, and keys in lower case and byte order", async (t) => {
  const server = await serve(t)
  const params = { Zeta: "ü &=+#%", a_b: "1", "a-b": "2", filter_by_prefix: "" }
  const { status } = await sendSigned(server, "GET", "/apps/app-id/channels", { params })
  assert.equal(status, 200)
})

test("expects the path signed as it stands on the wire", async (t) => {
  const server = await serve(t)
  const path = "/apps/app-id/users/j%C3%BCrgen%2Fa/terminate_connections"
  assert.equal((await sendSigned(server, "POST", path, { body: {} })).status, 200)
  const decoded = decodeURIComponent(path)
  assert.equal((await sendSigned(server, "POST", path, { body: {}, signPath: decoded })).status, 401)
})

for (const [name, options, status, message] of [
  ["an unknown key", { change: { auth_key: "nobody" } }, 401, /^Unknown auth_key\n$/],
  ["a missing key", { change: { auth_key: undefined } }, 401, /^Missing parameter: auth_key\n$/],
  ["a missing timestamp", { change: { auth_timestamp: undefined } }, 401, /^Missing parameter: auth_timestamp\n$/],
  ["a missing version", { change: { auth_version: undefined } }, 401, /^Missing parameter: auth_version\n$/],
  ["a missing signature", { change: { auth_signature: "" } }, 401, /^Missing parameter: auth_signature\n$/],
  ["an unknown version", { change: { auth_version: "2.0" } }, 401, /^Unsupported auth_version "2.0"/],
  ["a malformed timestamp", { change: { auth_timestamp: "1e9" } }, 401, /^Invalid auth_timestamp: "1e9"/],
  ["a timestamp beyond the last date", { change: { auth_timestamp: "9".repeat(20) } }, 401, /^Invalid auth_timestamp/],
  ["a missing body_md5", { change: { body_md5: undefined } }, 401, /^Missing parameter: body_md5\n$/],
  ["another body's MD5", { change: { body_md5: "0".repeat(32) } }, 401, /^Invalid body_md5/],
  ["a signature made with another secret", { app: { key: "app-key", secret: "other" } }, 401, /^Invalid signature/],
  ["a signature of another length", { change: { auth_signature: "abc" } }, 401, /^Invalid signature/],
]) {
  test(`refuses ${name}`, async (t) => {
    const answer = await sendSigned(await serve(t), "POST", EVENTS, { body: EVENT, ...options })
    assert.equal(answer.status, status)
    assert.match(answer.text, message)
    assert.match(answer.headers["content-type"], /^text\/plain/)
  })
}

test("refuses a body_md5 without a body", async (t) => {
  const answer = await sendSigned(await serve(t), "GET", "/apps/app-id/channels", {
    params: { body_md5: "0".repeat(32) },
  })
  assert.equal(answer.status, 401)
  assert.match(answer.text, /^Invalid body_md5/)
})

test("shows the signed text, but neither the secret nor the right signature", async (t) => {
  const server = await serve(t)
  const signature = "f".repeat(64)
  const { text } = await sendSigned(server, "POST", EVENTS, { body: EVENT, change: { auth_signature: signature } })
  const [{ params }] = server.requests
  const query = `auth_key=app-key&auth_timestamp=${params.auth_timestamp}&auth_version=1.0&body_md5=${params.body_md5}`
  const signed = `POST\n${EVENTS}\n${query}`
  const quoted = JSON.stringify(signed)
  assert.equal(
    text,
    `Invalid signature: you should have sent HmacSHA256Hex(${quoted}, your_secret_key), but you sent "${signature}"\n`,
  )
  assert.ok(!text.includes("app-secret") && !text.includes(hmac("app-secret", signed)))
})

test("refuses a timestamp 600 s off the server's clock in either direction, and accepts 599 s", async (t) => {
  const at = Date.UTC(2030, 0, 2, 3, 4, 5)
  const server = await serve(t, { now: () => at })
  const ask = (offset) =>
    sendSigned(server, "GET", "/apps/app-id/channels", { change: { auth_timestamp: String(at / 1000 + offset) } })
  for (const offset of [-600, 600]) assert.equal((await ask(offset)).status, 401)
  for (const offset of [-599, 599]) assert.equal((await ask(offset)).status, 200)
  const { text, headers } = await ask(-3600)
  assert.equal(
    text,
    "Timestamp expired: Given timestamp (2030-01-02T02:04:05Z) not within 600s of server time (2030-01-02T03:04:05Z)\n",
  )
  assert.equal(headers.date, "Wed, 02 Jan 2030 03:04:05 GMT")
})

test("accepts timestamps after 2038", async (t) => {
  const server = await serve(t, { now: () => 4_000_000_000_000 })
  const { status } = await sendSigned(server, "GET", "/apps/app-id/channels", {
    change: { auth_timestamp: "4000000000" },
  })
  assert.equal(status, 200)
})

test("accepts every token of the app, each with its own secret only", async (t) => {
  const extra = { key: "new-key", secret: "new-secret" }
  const server = await serve(t, {
    apps: [{ id: "app-id", key: "app-key", secret: "app-secret", extraTokens: [extra] }],
  })
  assert.equal((await sendSigned(server, "POST", EVENTS, { body: EVENT, app: extra })).status, 200)
  const mixed = { key: "new-key", secret: "app-secret" }
  assert.equal((await sendSigned(server, "POST", EVENTS, { body: EVENT, app: mixed })).status, 401)
})

test("refuses a key of another app", async (t) => {
  const apps = [
    { id: "1", key: "k1", secret: "s1" },
    { id: "2", key: "k2", secret: "s2" },
  ]
  const server = await serve(t, { apps })
  const { status, text } = await sendSigned(server, "GET", "/apps/1/channels", { app: apps[1] })
  assert.deepEqual({ status, text }, { status: 401, text: "Unknown auth_key\n" })
})

test("answers 404 for an unknown app and 403 for a disabled one, before looking at the key", async (t) => {
  const server = await serve(t, { apps: [{ id: "off", key: "k", secret: "s", enabled: false }] })
  assert.equal((await send(server, "GET", "/apps/none/channels")).status, 404)
  assert.equal((await send(server, "GET", "/apps/off/channels")).status, 403)
  server.apps[0].enabled = true
  assert.equal((await sendSigned(server, "GET", "/apps/off/channels")).status, 200)
})

test("answers 404 for an unknown path and 405 for a wrong method", async (t) => {
  const server = await serve(t)
  for (const path of ["/", "/apps", "/apps/app-id", "/apps/app-id/events/", "/apps/app-id/nothing", "/apps//events"]) {
    assert.equal((await send(server, "GET", path)).status, 404, path)
  }
  assert.equal((await send(server, "GET", EVENTS)).status, 405)
  assert.equal((await send(server, "DELETE", "/apps/app-id/channels")).status, 405)
})
