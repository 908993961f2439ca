import assert from "node:assert/strict"
import { test } from "node:test"

import { connectSubscriber, once, sendSigned, serve, subscribe } from "./support.mjs"

const APP = { idempotency: true }
const event = { name: "e", channels: ["a"], data: "1", info: "subscription_count" }

/** Posts with an idempotency key. */
const post = (server, key, body, endpoint = "events") =>
  sendSigned(server, "POST", `/apps/app-id/${endpoint}`, { body, headers: { "x-idempotency-key": key } })

/** Returns the data of the events that are delivered on channel a while `publish` runs. */
async function collectDelivered(t, server, publish) {
  const channel = await subscribe(await connectSubscriber(t, server), "a")
  const received = []
  channel.bind("e", (data) => received.push(data))
  const last = once(channel, "last")
  await publish()
  await post(server, "the last", { name: "last", channels: ["a"], data: "{}" })
  await last
  return received
}

test("does a call once for each idempotency key, and repeats its answer", async (t) => {
  const server = await serve(t, { apps: [APP] })
  const received = await collectDelivered(t, server, async () => {
    const first = await post(server, "k1", event)
    assert.deepEqual(first.json, { channels: { a: { subscription_count: 1 } } })
    await subscribe(await connectSubscriber(t, server), "a")
    assert.deepEqual((await post(server, "k1", event)).json, first.json)
    await post(server, "k2", { ...event, data: "2" })
    const batch = { batch: [{ name: "e", channel: "a", data: "3" }] }
    // The same key at another endpoint is another call.
    for (const _ of [1, 2]) assert.equal((await post(server, "k1", batch, "batch_events")).status, 200)
  })
  assert.deepEqual(received, [1, 2, 3])
  const taken = server.requests.filter(({ isTaken }) => isTaken).map(({ body }) => JSON.parse(body).name ?? "batch")
  assert.deepEqual(taken, ["e", "e", "batch", "last"], "what is answered from memory is not taken")
})

test("forgets refused calls at once, and others after the configured time", async (t) => {
  let time = Date.now()
  const server = await serve(t, { apps: [APP], now: () => time, limits: { idempotencyTtlSeconds: 10 } })
  const received = await collectDelivered(t, server, async () => {
    assert.equal((await post(server, "k", { ...event, name: "" })).status, 400)
    for (const _ of [1, 2]) assert.equal((await post(server, "k", event)).status, 200)
    time += 10_000
    assert.equal((await post(server, "k", event)).status, 200)
  })
  assert.deepEqual(received, [1, 1])
})

test("ignores idempotency keys by default, like Pusher", async (t) => {
  const server = await serve(t)
  const received = await collectDelivered(t, server, async () => {
    for (const _ of [1, 2]) await post(server, "k", event)
  })
  assert.deepEqual(received, [1, 1])
})
