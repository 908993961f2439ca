import assert from "node:assert/strict"
import { test } from "node:test"

import Pusher from "pusher"

import {
  connectRaw,
  hmac,
  makeManualSchedule,
  makePublisher,
  serve,
  signSubscription,
  startReceiver,
} from "./support.mjs"

const SUCCEEDED = "pusher_internal:subscription_succeeded"

async function serveWithWebhooks(t, endpoint, { app = {}, webhook = {}, ...options } = {}) {
  return serve(t, { apps: [{ webhooks: [{ url: endpoint.url, ...webhook }], ...app }], ...options })
}

async function subscribeRaw(client, server, channel, channelData) {
  client.send("pusher:subscribe", signSubscription(server.apps[0], client.socketId, channel, channelData))
  await client.next(SUCCEEDED)
}

async function leaveRaw(client, channel) {
  client.send("pusher:unsubscribe", { channel })
  client.send("pusher:ping", {})
  await client.next("pusher:pong")
}

test("signs the raw body so that the official library accepts it", async (t) => {
  const endpoint = await startReceiver(t)
  const server = await serveWithWebhooks(t, endpoint, { now: () => 1_700_000_000_123 })
  await subscribeRaw(await connectRaw(t, server), server, "a")
  await server.webhooksIdle()
  const [{ headers, rawBody }] = endpoint.received
  assert.equal(headers["content-type"], "application/json")
  assert.equal(headers["x-pusher-key"], "app-key")
  assert.equal(headers["x-pusher-signature"], hmac("app-secret", rawBody))
  assert.equal(rawBody, '{"time_ms":1700000000123,"events":[{"name":"channel_occupied","channel":"a"}]}')
  const webhook = makePublisher(server).webhook({ headers, rawBody })
  assert.ok(webhook.isValid())
  assert.deepEqual(webhook.getEvents(), [{ name: "channel_occupied", channel: "a" }])
})

test("signs with the older token while a newer one is being added", async (t) => {
  const endpoint = await startReceiver(t)
  const extraTokens = [{ key: "new-key", secret: "new-secret" }]
  const server = await serveWithWebhooks(t, endpoint, { app: { extraTokens } })
  await subscribeRaw(await connectRaw(t, server), server, "a")
  await server.webhooksIdle()
  const webhook = makePublisher(server, { ...server.apps[0], ...extraTokens[0] }).webhook(endpoint.received[0])
  assert.ok(!webhook.isValid())
  assert.ok(webhook.isValid(new Pusher.Token("app-key", "app-secret")))
})

test("reports occupied and vacated channels and the subscription count", async (t) => {
  const endpoint = await startReceiver(t)
  const server = await serveWithWebhooks(t, endpoint)
  const [one, two] = [await connectRaw(t, server), await connectRaw(t, server)]
  await subscribeRaw(one, server, "a")
  await subscribeRaw(two, server, "a")
  await leaveRaw(one, "a")
  await leaveRaw(two, "a")
  await server.webhooksIdle()
  assert.deepEqual(endpoint.events(), [
    { name: "channel_occupied", channel: "a" },
    { name: "subscription_count", channel: "a", subscription_count: 1 },
    { name: "subscription_count", channel: "a", subscription_count: 2 },
    { name: "subscription_count", channel: "a", subscription_count: 1 },
    { name: "subscription_count", channel: "a", subscription_count: 0 },
    { name: "channel_vacated", channel: "a" },
  ])
})

test("reports members added and removed, once for each user", async (t) => {
  const endpoint = await startReceiver(t)
  const server = await serveWithWebhooks(t, endpoint, { webhook: { events: ["member_added", "member_removed"] } })
  const clients = [await connectRaw(t, server), await connectRaw(t, server)]
  for (const client of clients) await subscribeRaw(client, server, "presence-a", '{"user_id":"u"}')
  for (const client of clients) await leaveRaw(client, "presence-a")
  await server.webhooksIdle()
  assert.deepEqual(endpoint.events(), [
    { name: "member_added", channel: "presence-a", user_id: "u" },
    { name: "member_removed", channel: "presence-a", user_id: "u" },
  ])
})

test("reports client events, with data as text and the user on presence channels", async (t) => {
  const endpoint = await startReceiver(t)
  const server = await serveWithWebhooks(t, endpoint, { webhook: { events: ["client_event"] } })
  const client = await connectRaw(t, server)
  await subscribeRaw(client, server, "presence-a", '{"user_id":"u"}')
  await subscribeRaw(client, server, "private-encrypted-a")
  client.send("client-e", { x: 1 }, "presence-a")
  client.send("client-f", "text", "private-encrypted-a")
  client.send("client-g", {}, "private-none")
  await client.next("pusher:error")
  await server.webhooksIdle()
  const socket_id = client.socketId
  assert.deepEqual(endpoint.events(), [
    { name: "client_event", channel: "presence-a", event: "client-e", data: '{"x":1}', socket_id, user_id: "u" },
    { name: "client_event", channel: "private-encrypted-a", event: "client-f", data: "text", socket_id },
  ])
})

test("reports cache misses", async (t) => {
  const endpoint = await startReceiver(t)
  const server = await serveWithWebhooks(t, endpoint, { webhook: { events: ["cache_miss"] } })
  const client = await connectRaw(t, server)
  await subscribeRaw(client, server, "cache-a")
  await makePublisher(server).trigger("cache-b", "e", 1)
  await subscribeRaw(client, server, "cache-b")
  await server.webhooksIdle()
  assert.deepEqual(endpoint.events(), [{ name: "cache_miss", channel: "cache-a" }])
})

test("puts events that happen together into one webhook when the app batches", async (t) => {
  const endpoint = await startReceiver(t)
  const server = await serveWithWebhooks(t, endpoint, { app: { batchWebhooks: true } })
  await subscribeRaw(await connectRaw(t, server), server, "presence-a", '{"user_id":"u"}')
  await server.webhooksIdle()
  const [{ rawBody }] = endpoint.received
  assert.deepEqual(
    JSON.parse(rawBody).events.map(({ name }) => name),
    ["channel_occupied", "member_added"],
  )
})

test("retries after an error status or a lost connection, with the same body and signature", async (t) => {
  const endpoint = await startReceiver(t, { statuses: [500, "reset", 302] })
  let now = 1000
  const server = await serveWithWebhooks(t, endpoint, {
    app: { subscriptionCount: false },
    now() {
      now += 1
      return now
    },
    webhookRetryDelays: [0, 0, 0],
  })
  await subscribeRaw(await connectRaw(t, server), server, "a")
  await server.webhooksIdle()
  assert.equal(endpoint.received.length, 4)
  assert.equal(new Set(endpoint.received.map(({ rawBody }) => rawBody)).size, 1)
  assert.equal(new Set(endpoint.received.map(({ headers }) => headers["x-pusher-signature"])).size, 1)
  const [{ attempts, outcome }] = server.webhookDeliveries
  assert.deepEqual(
    attempts.map(({ status }) => status),
    [500, undefined, 302, 200],
  )
  assert.equal(outcome, "delivered")
})

test("waits before each attempt, gives up after the last, and sends the next webhook", async (t) => {
  const endpoint = await startReceiver(t, { statuses: [500, 500, 500] })
  const { schedule, next } = makeManualSchedule()
  const server = await serveWithWebhooks(t, endpoint, { schedule, webhookRetryDelays: [11, 22] })
  await subscribeRaw(await connectRaw(t, server), server, "a")
  ;(await next(11)).fire()
  ;(await next(22)).fire()
  await server.webhooksIdle()
  assert.deepEqual(
    server.webhookDeliveries.map(({ outcome }) => outcome),
    ["failed", "delivered"],
  )
  assert.deepEqual(
    endpoint.events().map(({ name }) => name),
    [...Array(3).fill("channel_occupied"), "subscription_count"],
  )
})

test("keeps the order while a webhook is retried, without delaying another endpoint", async (t) => {
  const [slow, quick] = [await startReceiver(t, { statuses: [500] }), await startReceiver(t)]
  const { schedule, next } = makeManualSchedule()
  const webhooks = [{ url: slow.url }, { url: quick.url }]
  const server = await serve(t, { apps: [{ webhooks, subscriptionCount: false }], schedule, webhookRetryDelays: [11] })
  const client = await connectRaw(t, server)
  for (const channel of ["a", "b"]) await subscribeRaw(client, server, channel)
  const retry = await next(11)
  assert.equal(slow.received.length, 1)
  retry.fire()
  await server.webhooksIdle()
  assert.deepEqual(
    slow.events().map(({ channel }) => channel),
    ["a", "a", "b"],
  )
  assert.deepEqual(
    quick.events().map(({ channel }) => channel),
    ["a", "b"],
  )
})

test("retries for about five minutes by default", async () => {
  const { DEFAULT_RETRY_DELAYS } = await import("../../../pkg-template/testing/webhook-deliveries.js")
  assert.equal(
    DEFAULT_RETRY_DELAYS.reduce((sum, delay) => sum + delay),
    300_000,
  )
})

test("records a webhook whose endpoint cannot be reached", async (t) => {
  const server = await serve(t, {
    apps: [{ webhooks: [{ url: "http://127.0.0.1:1/" }, { url: "not a url" }] }],
    webhookRetryDelays: [],
  })
  await subscribeRaw(await connectRaw(t, server), server, "a")
  await server.webhooksIdle()
  assert.ok(server.webhookDeliveries.every(({ outcome, attempts: [{ error }] }) => outcome === "failed" && error))
})
