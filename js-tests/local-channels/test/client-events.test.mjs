import assert from "node:assert/strict"
import { test } from "node:test"

import { connectRaw, connectSubscriber, once, serve, signSubscription, subscribe } from "./support.mjs"

const SUCCEEDED = "pusher_internal:subscription_succeeded"

/** Connects a raw client and subscribes it to `channel`. */
async function enter(t, server, channel, channelData) {
  const client = await connectRaw(t, server)
  client.send("pusher:subscribe", signSubscription(server.apps[0], client.socketId, channel, channelData))
  await client.next(SUCCEEDED)
  return client
}

async function readRejection(client) {
  const { data } = await client.next("pusher:error")
  assert.equal(data.code, 4301)
  return data.message
}

test("passes a client event on to the other subscribers, with the user id on presence channels", async (t) => {
  const server = await serve(t)
  const [ann, bob] = [
    await connectSubscriber(t, server, { userId: "ann" }),
    await connectSubscriber(t, server, { userId: "bob" }),
  ]
  const sender = await subscribe(ann, "presence-a")
  const echoes = []
  sender.bind("client-e", (data) => echoes.push(data))
  const other = await subscribe(bob, "presence-a")
  const got = once(other, "client-e")
  sender.trigger("client-e", { x: 1 })
  assert.deepEqual(await got, { data: { x: 1 }, userId: "ann" })
  const back = once(sender, "client-last")
  other.trigger("client-last", {})
  await back
  assert.deepEqual(echoes, [])
})

for (const channel of ["private-a", "private-encrypted-a", "private-cache-a"]) {
  test(`passes client events on in ${channel} with their data unchanged`, async (t) => {
    const server = await serve(t)
    const [sender, other] = [await enter(t, server, channel), await enter(t, server, channel)]
    sender.send("client-e", { x: "1" }, channel)
    assert.deepEqual(await other.next("client-e"), { event: "client-e", channel, data: { x: "1" } })
  })
}

test("rejects client events on public or other channels, with too long a name or too much data", async (t) => {
  const server = await serve(t)
  const client = await enter(t, server, "private-a")
  client.send("pusher:subscribe", { channel: "cache-a" })
  await client.next(SUCCEEDED)
  for (const [event, data, channel, reason] of [
    ["client-e", {}, "cache-a", /only private and presence/],
    ["client-e", {}, "private-b", /not subscribed/],
    ["client-e", {}, undefined, /not subscribed/],
    [`client-${"n".repeat(194)}`, {}, "private-a", /over 200 characters/],
    ["client-e", "d".repeat(10_241), "private-a", /over 10240 bytes/],
  ]) {
    client.send(event, data, channel)
    assert.match(await readRejection(client), reason)
  }
})

test("rejects client events when the app has them switched off", async (t) => {
  const server = await serve(t, { apps: [{ clientEvents: false }] })
  const client = await enter(t, server, "private-a")
  client.send("client-e", {}, "private-a")
  assert.match(await readRejection(client), /not enabled/)
})

test("rejects the eleventh client event of a second, and accepts more in the next", async (t) => {
  let now = Date.now()
  const server = await serve(t, { now: () => now })
  const [sender, other] = [await enter(t, server, "private-a"), await enter(t, server, "private-a")]
  for (let index = 1; index <= 11; index += 1) sender.send("client-e", index, "private-a")
  assert.match(await readRejection(sender), /more than 10 a second/)
  now += 1000
  sender.send("client-e", 12, "private-a")
  const received = []
  for (let turn = 0; turn < 11; turn += 1) received.push((await other.next("client-e")).data)
  assert.deepEqual(received, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12])
})

test("answers any unknown event with an error", async (t) => {
  const server = await serve(t)
  const client = await connectRaw(t, server)
  for (const text of [
    "{",
    "null",
    "[]",
    '{"event":1}',
    '{"event":"e"}',
    '{"event":"toString"}',
    '{"event":"pusher_internal:e"}',
  ]) {
    client.sendText(text)
    assert.equal((await client.next("pusher:error")).data.code, null, text)
  }
})
