import assert from "node:assert/strict"
import { test } from "node:test"

import { connectRaw, connectSubscriber, makePublisher, sendSigned, serve, subscribe } from "./support.mjs"

async function ask(server, path, params = {}) {
  const response = await makePublisher(server).get({ path, params })
  return response.json()
}

const hasStatus = (status) => (error) => error.status === status

test("lists the occupied channels, by prefix, with user counts of presence channels", async (t) => {
  const server = await serve(t)
  const client = await connectSubscriber(t, server, { userId: "u" })
  for (const name of ["presence-b", "presence-a", "private-a", "a"]) await subscribe(client, name)
  assert.deepEqual(await ask(server, "/channels"), {
    channels: { a: {}, "presence-a": {}, "presence-b": {}, "private-a": {} },
  })
  assert.deepEqual(await ask(server, "/channels", { filter_by_prefix: "presence-", info: "user_count" }), {
    channels: { "presence-a": { user_count: 1 }, "presence-b": { user_count: 1 } },
  })
})

test("forgets a channel when its last subscriber leaves", async (t) => {
  const server = await serve(t)
  const client = await connectRaw(t, server)
  client.send("pusher:subscribe", { channel: "a" })
  await client.next("pusher_internal:subscription_succeeded")
  client.send("pusher:unsubscribe", { channel: "a" })
  client.send("pusher:ping", {})
  await client.next("pusher:pong")
  assert.deepEqual(await ask(server, "/channels"), { channels: {} })
})

test("refuses user counts of channels that are not presence channels", async (t) => {
  const server = await serve(t)
  await assert.rejects(ask(server, "/channels", { info: "user_count" }), hasStatus(400))
  await assert.rejects(ask(server, "/channels", { filter_by_prefix: "private-", info: "user_count" }), hasStatus(400))
  await assert.rejects(ask(server, "/channels/private-a", { info: "user_count" }), hasStatus(400))
})

test("describes one channel", async (t) => {
  const server = await serve(t)
  const [one, two] = [
    await connectSubscriber(t, server, { userId: "u" }),
    await connectSubscriber(t, server, { userId: "u" }),
  ]
  await subscribe(one, "presence-a")
  await subscribe(two, "presence-a")
  assert.deepEqual(await ask(server, "/channels/presence-a", { info: "user_count,subscription_count" }), {
    occupied: true,
    user_count: 1,
    subscription_count: 2,
  })
  assert.deepEqual(await ask(server, "/channels/presence-none", { info: "user_count,unknown" }), {
    occupied: false,
    user_count: 0,
  })
  assert.deepEqual(await ask(server, "/channels/a"), { occupied: false })
})

test("returns the cached event of a cache channel, or null", async (t) => {
  let now = Date.now()
  const server = await serve(t, { now: () => now, limits: { cacheTtlSeconds: 60 } })
  assert.deepEqual(await ask(server, "/channels/cache-a", { info: "cache" }), { occupied: false, cache: null })
  await makePublisher(server).trigger("cache-a", "e", { x: 1 })
  now += 20_500
  assert.deepEqual((await ask(server, "/channels/cache-a", { info: "cache" })).cache, { data: '{"x":1}', ttl: 40 })
  now += 40_000
  assert.deepEqual((await ask(server, "/channels/cache-a", { info: "cache" })).cache, null)
  await assert.rejects(ask(server, "/channels/a", { info: "cache" }), hasStatus(400))
})

test("refuses subscription counts when they are not enabled", async (t) => {
  const server = await serve(t, { apps: [{ subscriptionCount: false }] })
  await assert.rejects(ask(server, "/channels/a", { info: "subscription_count" }), hasStatus(400))
})

test("lists the users of a presence channel, each once", async (t) => {
  const server = await serve(t)
  for (const userId of ["1", "2", "1"]) await subscribe(await connectSubscriber(t, server, { userId }), "presence-a")
  assert.deepEqual(await ask(server, "/channels/presence-a/users"), { users: [{ id: "1" }, { id: "2" }] })
  assert.deepEqual(await ask(server, "/channels/presence-none/users"), { users: [] })
  await assert.rejects(ask(server, "/channels/private-a/users"), hasStatus(400))
})

test("decodes the channel name in the path, and refuses a malformed one", async (t) => {
  const server = await serve(t)
  await subscribe(await connectSubscriber(t, server), "a=@,;")
  const found = await sendSigned(server, "GET", "/apps/app-id/channels/a%3D%40%2C%3B")
  assert.deepEqual(found.json, { occupied: true })
  for (const name of ["a%20b", "%ff", "a%2Fb"]) {
    assert.equal((await sendSigned(server, "GET", `/apps/app-id/channels/${name}`)).status, 400, name)
  }
})

test("removes a path prefix, as a proxy would", async (t) => {
  const server = await serve(t, { pathPrefix: "/prefix" })
  const path = "/apps/app-id/channels"
  assert.equal((await sendSigned(server, "GET", `/prefix${path}`, { signPath: path })).status, 200)
  for (const outside of [path, `/prefixed${path}`]) {
    assert.equal((await sendSigned(server, "GET", outside, { signPath: path })).status, 404)
  }
})
