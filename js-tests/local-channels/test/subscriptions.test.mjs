import assert from "node:assert/strict"
import { test } from "node:test"

import { connectRaw, connectSubscriber, makePublisher, once, serve, signSubscription, subscribe } from "./support.mjs"

const SUCCEEDED = "pusher_internal:subscription_succeeded"
const ERROR = "pusher:subscription_error"

test("carries an event from the server library to a private channel", async (t) => {
  const server = await serve(t)
  const channel = await subscribe(await connectSubscriber(t, server), "private-a")
  const got = once(channel, "e")
  await makePublisher(server).trigger("private-a", "e", { x: "ü" })
  assert.deepEqual(await got, { x: "ü" })
})

for (const name of [
  "private-a",
  "private-encrypted-a",
  "presence-a",
  "private-cache-a",
  "private-encrypted-cache-a",
  "presence-cache-a",
]) {
  test(`refuses ${name} with a signature made with another secret`, async (t) => {
    const server = await serve(t)
    const client = await connectSubscriber(t, server, { userId: "u", secret: "wrong" })
    const { type, status, error } = await once(client.subscribe(name), ERROR)
    assert.deepEqual({ type, status }, { type: "AuthError", status: 401 })
    assert.match(error, /^Invalid signature/)
  })
}

test("refuses a signature for another channel, socket, key or channel data, and none at all", async (t) => {
  const server = await serve(t)
  const [app] = server.apps
  const client = await connectRaw(t, server)
  const { socketId } = client
  const member = JSON.stringify({ user_id: "u" })
  for (const request of [
    { ...signSubscription(app, socketId, "private-b"), channel: "private-a" },
    signSubscription(app, "1.1", "private-a"),
    signSubscription({ ...app, key: "other" }, socketId, "private-a"),
    { ...signSubscription(app, socketId, "presence-a", member), channel_data: JSON.stringify({ user_id: "v" }) },
    { ...signSubscription(app, socketId, "presence-a", member), channel_data: { user_id: "u" } },
    { channel: "private-a" },
    { channel: "private-a", auth: 1 },
    { channel: "private-a", auth: "" },
    signSubscription(app, socketId, "presence-a"),
    signSubscription(app, socketId, "presence-a", "{"),
    signSubscription(app, socketId, "presence-a", "{}"),
    signSubscription(app, socketId, "presence-a", '{"user_id":""}'),
  ]) {
    client.send("pusher:subscribe", request)
    const { channel, data } = await client.next(ERROR)
    const { type, status } = data
    const expected = { channel: request.channel, type: "AuthError", status: 401 }
    assert.deepEqual({ channel, type, status }, expected, JSON.stringify(request))
  }
})

test("refuses malformed channel names, signed or not", async (t) => {
  const server = await serve(t)
  const client = await connectRaw(t, server)
  for (const channel of ["a b", "", "ü", "private-a\n", ':user::{"id":"admin"}', "c".repeat(201), 1, undefined]) {
    client.send("pusher:subscribe", signSubscription(server.apps[0], client.socketId, channel))
    assert.equal((await client.next(ERROR)).data.status, 400, channel)
  }
})

test("warns of a second subscription to the same channel", async (t) => {
  const client = await connectRaw(t, await serve(t))
  for (let turn = 0; turn < 2; turn += 1) client.send("pusher:subscribe", { channel: "a" })
  assert.deepEqual((await client.next(SUCCEEDED)).data, {})
  assert.match((await client.next("pusher:error")).data.message, /Existing subscription/)
})

test("sends nothing more after an unsubscription", async (t) => {
  const server = await serve(t)
  const client = await connectRaw(t, server)
  for (const channel of ["a", "b"]) client.send("pusher:subscribe", { channel })
  await client.next(SUCCEEDED)
  client.send("pusher:unsubscribe", { channel: "a" })
  client.send("pusher:unsubscribe", { channel: "never" })
  client.send("pusher:ping", {})
  await client.next("pusher:pong")
  await makePublisher(server).trigger(["a", "b"], "e", {})
  assert.equal((await client.next("e")).channel, "b")
})

test("delivers encrypted events that pusher-js decrypts, also on cache channels", async (t) => {
  const server = await serve(t)
  const client = await connectSubscriber(t, server)
  for (const name of ["private-encrypted-a", "private-encrypted-cache-a"]) {
    const channel = await subscribe(client, name)
    const got = once(channel, "e")
    await makePublisher(server).trigger(name, "e", { secret: "ü" })
    assert.deepEqual(await got, { secret: "ü" })
  }
  const late = (await connectSubscriber(t, server)).subscribe("private-encrypted-cache-a")
  assert.deepEqual(await once(late, "e"), { secret: "ü" })
})

for (const name of ["cache-a", "private-cache-a", "presence-cache-a"]) {
  test(`replays the last event of ${name} to a late subscriber`, async (t) => {
    const server = await serve(t)
    const early = (await connectSubscriber(t, server, { userId: "1" })).subscribe(name)
    await once(early, "pusher:cache_miss")
    await makePublisher(server).trigger(name, "e", 1)
    await makePublisher(server).trigger(name, "f", 2)
    const late = (await connectSubscriber(t, server, { userId: "2" })).subscribe(name)
    const names = []
    late.bind_global((event) => names.push(event))
    assert.equal(await once(late, "f"), 2)
    assert.deepEqual(names.slice(0, 2), ["pusher:subscription_succeeded", "f"])
  })
}

test("keeps the cache after the last subscriber has left, until it expires", async (t) => {
  let now = Date.now()
  const server = await serve(t, { now: () => now })
  await makePublisher(server).trigger("cache-a", "e", 1)
  const client = await connectRaw(t, server)
  client.send("pusher:subscribe", { channel: "cache-a" })
  assert.equal((await client.next("e")).data, 1)
  now += 1_800_000
  const late = await connectRaw(t, server)
  late.send("pusher:subscribe", { channel: "cache-a" })
  assert.equal((await late.next("pusher:cache_miss")).channel, "cache-a")
})

test("sends the subscription count to every subscriber", async (t) => {
  const server = await serve(t)
  const one = await connectRaw(t, server)
  const readCount = async (client) => (await client.next("pusher_internal:subscription_count")).data.subscription_count
  one.send("pusher:subscribe", { channel: "a" })
  assert.equal(await readCount(one), 1)
  const two = await connectRaw(t, server)
  two.send("pusher:subscribe", { channel: "a" })
  assert.deepEqual([await readCount(one), await readCount(two)], [2, 2])
  two.socket.close()
  assert.equal(await readCount(one), 1)
})

test("sends no subscription count when the app has it switched off", async (t) => {
  const client = await connectRaw(t, await serve(t, { apps: [{ subscriptionCount: false }] }))
  client.send("pusher:subscribe", { channel: "a" })
  client.send("pusher:ping", {})
  assert.equal((await client.nextOfAny()).event, SUCCEEDED)
  assert.equal((await client.nextOfAny()).event, "pusher:pong")
})
