import assert from "node:assert/strict"
import { test } from "node:test"

import { connectRaw, makeManualSchedule, serve } from "./support.mjs"

test("greets with a socket id and the activity timeout, as a JSON string", async (t) => {
  const server = await serve(t, { activityTimeout: 77 })
  const client = await connectRaw(t, server)
  assert.equal(client.first.event, "pusher:connection_established")
  assert.match(client.socketId, /^[0-9]+\.[0-9]+$/)
  assert.equal(client.first.data.activity_timeout, 77)
})

for (const [path, code] of [
  ["/app/nobody?protocol=7", 4001],
  ["/app/off?protocol=7", 4003],
  ["/", 4005],
  ["/apps/app-key", 4005],
  ["/app/app-key/more?protocol=7", 4005],
  ["/app/app-key?protocol=seven", 4006],
  ["/app/app-key?protocol=4", 4007],
  ["/app/app-key?protocol=8", 4007],
  ["/app/app-key", 4008],
]) {
  test(`refuses ${path} with ${code}`, async (t) => {
    const apps = [{}, { id: "off", key: "off", secret: "off", enabled: false }]
    const client = await connectRaw(t, await serve(t, { apps }), path)
    assert.deepEqual({ event: client.first.event, code: client.first.data.code }, { event: "pusher:error", code })
    assert.equal((await client.closed).code, code)
  })
}

test("answers a ping", async (t) => {
  const client = await connectRaw(t, await serve(t))
  client.send("pusher:ping", {})
  assert.deepEqual((await client.next("pusher:pong")).data, {})
})

test("pings a silent client, and closes with 4201 if it stays silent", async (t) => {
  const { schedule, next } = makeManualSchedule()
  const server = await serve(t, { schedule, activityTimeout: 50, pongTimeout: 20 })
  const client = await connectRaw(t, server)
  ;(await next(50_000)).fire()
  await client.next("pusher:ping")
  ;(await next(20_000)).fire()
  assert.equal((await client.closed).code, 4201)
})

test("leaves a client connected that answers the ping", async (t) => {
  const { schedule, scheduled, next } = makeManualSchedule()
  const server = await serve(t, { schedule, activityTimeout: 50, pongTimeout: 20 })
  const client = await connectRaw(t, server)
  ;(await next(50_000)).fire()
  await client.next("pusher:ping")
  client.send("pusher:pong", {})
  client.send("pusher:ping", {})
  await client.next("pusher:pong")
  assert.deepEqual(
    scheduled.map(({ ms }) => ms),
    [50_000],
  )
})

test("refuses binary frames", async (t) => {
  const client = await connectRaw(t, await serve(t))
  client.socket.send(Buffer.from("{}"))
  assert.match((await client.next("pusher:error")).data.message, /Binary/)
})

test("closes a client whose message is over the limit", async (t) => {
  const client = await connectRaw(t, await serve(t, { limits: { messageBytes: 100 } }))
  client.sendText("x".repeat(101))
  assert.equal((await client.closed).code, 1009)
})

test("accepts protocol events whose data is a JSON string", async (t) => {
  const client = await connectRaw(t, await serve(t))
  client.send("pusher:subscribe", '{"channel":"a"}')
  assert.equal((await client.next("pusher_internal:subscription_succeeded")).channel, "a")
})

test("delivers events only to the app's own clients", async (t) => {
  const apps = [
    { id: "1", key: "k1", secret: "s1" },
    { id: "2", key: "k2", secret: "s2" },
  ]
  const server = await serve(t, { apps })
  const clients = [await connectRaw(t, server, "/app/k1?protocol=7"), await connectRaw(t, server, "/app/k2?protocol=7")]
  for (const client of clients) {
    client.send("pusher:subscribe", { channel: "a" })
    await client.next("pusher_internal:subscription_succeeded")
    await client.next("pusher_internal:subscription_count")
  }
  server.apps[0].publish({ name: "e", data: "1", channels: ["a"] })
  server.apps[1].publish({ name: "e", data: "2", channels: ["a"] })
  assert.deepEqual([(await clients[0].nextOfAny()).data, (await clients[1].nextOfAny()).data], [1, 2])
})
