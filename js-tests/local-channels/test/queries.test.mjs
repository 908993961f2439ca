import assert from "node:assert/strict"
import { test } from "node:test"

import { api, publisher, rawClient, serve, subscribed, subscriber } from "./support.mjs"

async function ask(server, path, params = {}) {
  const response = await publisher(server).get({ path, params })
  return response.json()
}

const rejectsWith = (status) => (error) => error.status === status

test("lists the occupied channels, by prefix, with user counts of presence channels", async (t) => {
  const server = await serve(t)
  const client = await subscriber(t, server, { userId: "u" })
  for (const name of ["presence-b", "presence-a", "private-a", "a"]) await subscribed(client, name)
  assert.deepEqual(await ask(server, "/channels"), {
    channels: { a: {}, "presence-a": {}, "presence-b": {}, "private-a": {} },
  })
  assert.deepEqual(await ask(server, "/channels", { filter_by_prefix: "presence-", info: "user_count" }), {
    channels: { "presence-a": { user_count: 1 }, "presence-b": { user_count: 1 } },
  })
})

test("forgets a channel when its last subscriber leaves", async (t) => {
  const server = await serve(t)
  const client = await rawClient(t, server)
  client.send("pusher:subscribe", { channel: "a" })
  await client.next("pusher_internal:subscription_succeeded")
  client.send("pusher:unsubscribe", { channel: "a" })
  client.send("pusher:ping", {})
  await client.next("pusher:pong")
  assert.deepEqual(await ask(server, "/channels"), { channels: {} })
})

test("refuses user counts of channels that are not presence channels", async (t) => {
  const server = await serve(t)
  await assert.rejects(ask(server, "/channels", { info: "user_count" }), rejectsWith(400))
  await assert.rejects(ask(server, "/channels", { filter_by_prefix: "private-", info: "user_count" }), rejectsWith(400))
  await assert.rejects(ask(server, "/channels/private-a", { info: "user_count" }), rejectsWith(400))
})

test("describes one channel", async (t) => {
  const server = await serve(t)
  const [one, two] = [await subscriber(t, server, { userId: "u" }), await subscriber(t, server, { userId: "u" })]
  await subscribed(one, "presence-a")
  await subscribed(two, "presence-a")
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

test("tells the cache of a cache channel, and null when there is none", async (t) => {
  let now = Date.now()
  const server = await serve(t, { now: () => now, limits: { cacheTtlSeconds: 60 } })
  assert.deepEqual(await ask(server, "/channels/cache-a", { info: "cache" }), { occupied: false, cache: null })
  await publisher(server).trigger("cache-a", "e", { x: 1 })
  now += 20_500
  assert.deepEqual((await ask(server, "/channels/cache-a", { info: "cache" })).cache, { data: '{"x":1}', ttl: 40 })
  now += 40_000
  assert.deepEqual((await ask(server, "/channels/cache-a", { info: "cache" })).cache, null)
  await assert.rejects(ask(server, "/channels/a", { info: "cache" }), rejectsWith(400))
})

test("keeps subscription counts to itself when they are not enabled", async (t) => {
  const server = await serve(t, { apps: [{ subscriptionCount: false }] })
  await assert.rejects(ask(server, "/channels/a", { info: "subscription_count" }), rejectsWith(400))
})

test("lists the users of a presence channel, each once", async (t) => {
  const server = await serve(t)
  for (const userId of ["1", "2", "1"]) await subscribed(await subscriber(t, server, { userId }), "presence-a")
  assert.deepEqual(await ask(server, "/channels/presence-a/users"), { users: [{ id: "1" }, { id: "2" }] })
  assert.deepEqual(await ask(server, "/channels/presence-none/users"), { users: [] })
  await assert.rejects(ask(server, "/channels/private-a/users"), rejectsWith(400))
})

test("decodes the channel name in the path, and refuses a bad one", async (t) => {
  const server = await serve(t)
  await subscribed(await subscriber(t, server), "a=@,;")
  const found = await api(server, "GET", "/apps/app-id/channels/a%3D%40%2C%3B")
  assert.deepEqual(found.json, { occupied: true })
  for (const name of ["a%20b", "%ff", "a%2Fb"]) {
    assert.equal((await api(server, "GET", `/apps/app-id/channels/${name}`)).status, 400, name)
  }
})

test("takes a path prefix off, as a proxy would", async (t) => {
  const server = await serve(t, { pathPrefix: "/prefix" })
  const path = "/apps/app-id/channels"
  assert.equal((await api(server, "GET", `/prefix${path}`, { signPath: path })).status, 200)
  for (const outside of [path, `/prefixed${path}`]) {
    assert.equal((await api(server, "GET", outside, { signPath: path })).status, 404)
  }
})
