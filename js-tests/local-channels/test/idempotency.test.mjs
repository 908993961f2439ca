import assert from "node:assert/strict"
import { test } from "node:test"

import { api, once, serve, subscribed, subscriber } from "./support.mjs"

const APP = { idempotency: true }
const event = { name: "e", channels: ["a"], data: "1", info: "subscription_count" }

/** Posts with an idempotency key. */
const post = (server, key, body, endpoint = "events") =>
  api(server, "POST", `/apps/app-id/${endpoint}`, { body, headers: { "x-idempotency-key": key } })

/** The data of the events on channel a until one named `last` has come. */
async function delivered(t, server, publish) {
  const channel = await subscribed(await subscriber(t, server), "a")
  const seen = []
  channel.bind("e", (data) => seen.push(data))
  const last = once(channel, "last")
  await publish()
  await post(server, "the last", { name: "last", channels: ["a"], data: "{}" })
  await last
  return seen
}

test("does a call once for each idempotency key, and answers it as before", async (t) => {
  const server = await serve(t, { apps: [APP] })
  const seen = await delivered(t, server, async () => {
    const first = await post(server, "k1", event)
    assert.deepEqual(first.json, { channels: { a: { subscription_count: 1 } } })
    await subscribed(await subscriber(t, server), "a")
    assert.deepEqual((await post(server, "k1", event)).json, first.json)
    await post(server, "k2", { ...event, data: "2" })
    const batch = { batch: [{ name: "e", channel: "a", data: "3" }] }
    // Another endpoint, another call.
    for (const _ of [1, 2]) assert.equal((await post(server, "k1", batch, "batch_events")).status, 200)
  })
  assert.deepEqual(seen, [1, 2, 3])
})

test("does not remember a refused call, and none for longer than it says", async (t) => {
  let time = Date.now()
  const server = await serve(t, { apps: [APP], now: () => time, limits: { idempotencyTtlSeconds: 10 } })
  const seen = await delivered(t, server, async () => {
    assert.equal((await post(server, "k", { ...event, name: "" })).status, 400)
    for (const _ of [1, 2]) assert.equal((await post(server, "k", event)).status, 200)
    time += 10_000
    assert.equal((await post(server, "k", event)).status, 200)
  })
  assert.deepEqual(seen, [1, 1])
})

test("knows no idempotency keys unless told to, like Pusher", async (t) => {
  const server = await serve(t)
  const seen = await delivered(t, server, async () => {
    for (const _ of [1, 2]) await post(server, "k", event)
  })
  assert.deepEqual(seen, [1, 1])
})
