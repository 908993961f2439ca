import assert from "node:assert/strict"
import { test } from "node:test"

import { connectSubscriber, makePublisher, once, sendSigned, serve, subscribe } from "./support.mjs"

const EVENTS = "/apps/app-id/events"
const BATCH = "/apps/app-id/batch_events"
const post = (server, body) => sendSigned(server, "POST", EVENTS, { body })
const makeEvent = (change) => ({ name: "e", channels: ["a"], data: "{}", ...change })

test("delivers an event once to every channel that it names", async (t) => {
  const server = await serve(t)
  const client = await connectSubscriber(t, server)
  const [a, b] = [await subscribe(client, "a"), await subscribe(client, "b")]
  const received = []
  a.bind_global((name, data) => name.startsWith("pusher:") || received.push(["a", name, data]))
  b.bind_global((name, data) => name.startsWith("pusher:") || received.push(["b", name, data]))
  const last = once(b, "last")
  assert.equal((await post(server, makeEvent({ channels: ["a", "b", "a"], data: '{"x":1}' }))).status, 200)
  await makePublisher(server).trigger("b", "last", {})
  await last
  assert.deepEqual(received, [
    ["a", "e", { x: 1 }],
    ["b", "e", { x: 1 }],
    ["b", "last", {}],
  ])
})

test("accepts a single channel under its old name, and delivers data that is not JSON unchanged", async (t) => {
  const server = await serve(t)
  const channel = await subscribe(await connectSubscriber(t, server), "a")
  const got = once(channel, "e")
  assert.equal((await post(server, { name: "e", channel: "a", data: "plain ü" })).status, 200)
  assert.equal(await got, "plain ü")
})

test("leaves out the excluded socket", async (t) => {
  const server = await serve(t)
  const [one, two] = [await connectSubscriber(t, server), await connectSubscriber(t, server)]
  const [mine, theirs] = [await subscribe(one, "a"), await subscribe(two, "a")]
  const received = []
  mine.bind("e", (data) => received.push(data))
  const [arrived, last] = [once(theirs, "e"), once(mine, "last")]
  await makePublisher(server).trigger("a", "e", 1, { socket_id: one.connection.socket_id })
  assert.equal(await arrived, 1)
  await makePublisher(server).trigger("a", "last", 2)
  await last
  assert.deepEqual(received, [])
})

test("returns the attributes asked for with info", async (t) => {
  const server = await serve(t)
  const client = await connectSubscriber(t, server, { userId: "u" })
  await subscribe(client, "presence-a")
  await subscribe(client, "b")
  const response = await makePublisher(server).trigger(
    ["presence-a", "b", "c"],
    "e",
    {},
    { info: "user_count,subscription_count" },
  )
  assert.deepEqual(await response.json(), {
    channels: {
      "presence-a": { user_count: 1, subscription_count: 1 },
      b: { subscription_count: 1 },
      c: { subscription_count: 0 },
    },
  })
})

test("publishes a batch in order", async (t) => {
  const server = await serve(t)
  const channel = await subscribe(await connectSubscriber(t, server), "a")
  const received = []
  channel.bind("e", (data) => received.push(data))
  const last = once(channel, "last")
  const response = await makePublisher(server).triggerBatch([
    { channel: "a", name: "e", data: 1 },
    { channel: "a", name: "e", data: 2 },
    { channel: "a", name: "last", data: 3 },
  ])
  assert.deepEqual(await response.json(), {})
  await last
  assert.deepEqual(received, [1, 2])
})

test("answers a batch that asks for info with one entry for each event", async (t) => {
  const server = await serve(t)
  await subscribe(await connectSubscriber(t, server), "a")
  const response = await makePublisher(server).triggerBatch([
    { channel: "a", name: "e", data: 1, info: "subscription_count" },
    { channel: "b", name: "e", data: 1 },
  ])
  assert.deepEqual(await response.json(), { batch: [{ subscription_count: 1 }, {}] })
})

test("publishes nothing of a batch with one malformed event", async (t) => {
  const server = await serve(t)
  const channel = await subscribe(await connectSubscriber(t, server), "a")
  const received = []
  channel.bind_global((name, data) => name.startsWith("pusher:") || received.push(data))
  const batch = [
    { channel: "a", name: "e", data: "1" },
    { channel: "no no", name: "e", data: "2" },
  ]
  assert.equal((await sendSigned(server, "POST", BATCH, { body: { batch } })).status, 400)
  const last = once(channel, "last")
  await makePublisher(server).trigger("a", "last", 3)
  await last
  assert.deepEqual(received, [3])
})

test("accepts an event at each limit", async (t) => {
  const server = await serve(t)
  for (const body of [
    makeEvent({ name: "n".repeat(200) }),
    makeEvent({ channels: ["c".repeat(200)] }),
    makeEvent({ channels: ["aZ09_-=@,.;"] }),
    makeEvent({ channels: Array.from({ length: 100 }, (_, index) => `c${index}`) }),
    makeEvent({ data: "ü".repeat(5120) }),
    makeEvent({ channels: ["#server-to-user-ü 1"] }),
    makeEvent({ channels: ["private-encrypted-a"] }),
    makeEvent({ socket_id: "1.2" }),
    makeEvent({ socket_id: null, info: null }),
  ]) {
    const { status, text } = await post(server, body)
    assert.equal(status, 200, text)
  }
})

for (const [name, body, status, message] of [
  [
    "data over 10 240 bytes of UTF-8",
    makeEvent({ data: `${"ü".repeat(5120)}.` }),
    413,
    /10241 bytes, over the allowed maximum \(10240 bytes\)/,
  ],
  [
    "more than 100 channels",
    makeEvent({ channels: Array.from({ length: 101 }, (_, index) => `c${index}`) }),
    400,
    /101 channels/,
  ],
  ["no channel", makeEvent({ channels: [] }), 400, /channels/],
  ["missing channels", { name: "e", data: "" }, 400, /channels/],
  ["channels that are not a list", makeEvent({ channels: "a" }), 400, /channels/],
  ["a channel name with a space", makeEvent({ channels: ["a b"] }), 400, /Invalid channel name: "a b"/],
  ["a channel name with a newline", makeEvent({ channels: ["a\n"] }), 400, /Invalid channel name/],
  ["a channel name that is not ASCII", makeEvent({ channels: ["ü"] }), 400, /Invalid channel name/],
  ["an empty channel name", makeEvent({ channels: [""] }), 400, /Invalid channel name/],
  ["a channel name that is a number", makeEvent({ channels: [1] }), 400, /Invalid channel name/],
  ["a channel name of 201 characters", makeEvent({ channels: ["c".repeat(201)] }), 400, /Invalid channel name/],
  ["a user channel without a user", makeEvent({ channels: ["#server-to-user-"] }), 400, /Invalid channel name/],
  ["an event name of 201 characters", makeEvent({ name: "n".repeat(201) }), 400, /201 characters/],
  ["a missing event name", makeEvent({ name: undefined }), 400, /Missing required parameter: name/],
  ["a reserved event name", makeEvent({ name: "pusher:x" }), 400, /"pusher:x" is reserved/],
  ["an internal event name", makeEvent({ name: "pusher_internal:x" }), 400, /is reserved/],
  ["data that is not a string", makeEvent({ data: {} }), 400, /data, a string/],
  ["missing data", makeEvent({ data: undefined }), 400, /data, a string/],
  ["a malformed socket id", makeEvent({ socket_id: "1.2\n" }), 400, /Invalid socket_id/],
  ["info that is not a string", makeEvent({ info: ["user_count"] }), 400, /Invalid info/],
  ["an encrypted channel among others", makeEvent({ channels: ["a", "private-encrypted-a"] }), 400, /encrypted/],
  ["a body that is not JSON", "{", 400, /not JSON/],
  ["a body that is not UTF-8", Buffer.from([0x22, 0xff, 0x22]), 400, /UTF-8/],
  ["a body that is a list", "[]", 400, /JSON object/],
  ["an empty body", undefined, 400, /JSON object/],
]) {
  test(`refuses ${name}`, async (t) => {
    const answer = await post(await serve(t), body)
    assert.equal(answer.status, status)
    assert.match(answer.text, message)
    assert.match(answer.headers["content-type"], /^text\/plain/)
  })
}

test("refuses a batch of eleven events, of none, and of values that are not events", async (t) => {
  const server = await serve(t)
  const one = { name: "e", channel: "a", data: "" }
  for (const batch of [Array(11).fill(one), [], undefined, [null], [{ ...one, channel: undefined }]]) {
    assert.equal((await sendSigned(server, "POST", BATCH, { body: { batch } })).status, 400)
  }
  assert.equal((await sendSigned(server, "POST", BATCH, { body: { batch: Array(10).fill(one) } })).status, 200)
})

test("applies the app's own maximum for an event's data", async (t) => {
  const server = await serve(t, { apps: [{ maxEventBytes: 5 }] })
  assert.equal((await post(server, makeEvent({ data: "12345" }))).status, 200)
  assert.equal((await post(server, makeEvent({ data: "123456" }))).status, 413)
})

test("refuses a signed request body over the limit", async (t) => {
  const server = await serve(t, { limits: { requestBodyBytes: 100 } })
  assert.equal((await post(server, makeEvent({ data: "d".repeat(200) }))).status, 413)
})
