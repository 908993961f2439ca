import assert from "node:assert/strict"
import { test } from "node:test"

import { api, once, publisher, serve, subscribed, subscriber } from "./support.mjs"

const EVENTS = "/apps/app-id/events"
const BATCH = "/apps/app-id/batch_events"
const post = (server, body) => api(server, "POST", EVENTS, { body })
const event = (change) => ({ name: "e", channels: ["a"], data: "{}", ...change })

test("delivers an event to every channel named, once each", async (t) => {
  const server = await serve(t)
  const client = await subscriber(t, server)
  const [a, b] = [await subscribed(client, "a"), await subscribed(client, "b")]
  const seen = []
  a.bind_global((name, data) => name.startsWith("pusher:") || seen.push(["a", name, data]))
  b.bind_global((name, data) => name.startsWith("pusher:") || seen.push(["b", name, data]))
  const last = once(b, "last")
  assert.equal((await post(server, event({ channels: ["a", "b", "a"], data: '{"x":1}' }))).status, 200)
  await publisher(server).trigger("b", "last", {})
  await last
  assert.deepEqual(seen, [
    ["a", "e", { x: 1 }],
    ["b", "e", { x: 1 }],
    ["b", "last", {}],
  ])
})

test("takes a single channel under its old name, and data that is not JSON as it is", async (t) => {
  const server = await serve(t)
  const channel = await subscribed(await subscriber(t, server), "a")
  const got = once(channel, "e")
  assert.equal((await post(server, { name: "e", channel: "a", data: "plain ü" })).status, 200)
  assert.equal(await got, "plain ü")
})

test("leaves out the socket that is excluded", async (t) => {
  const server = await serve(t)
  const [one, two] = [await subscriber(t, server), await subscriber(t, server)]
  const [mine, theirs] = [await subscribed(one, "a"), await subscribed(two, "a")]
  const seen = []
  mine.bind("e", (data) => seen.push(data))
  const [arrived, last] = [once(theirs, "e"), once(mine, "last")]
  await publisher(server).trigger("a", "e", 1, { socket_id: one.connection.socket_id })
  assert.equal(await arrived, 1)
  await publisher(server).trigger("a", "last", 2)
  await last
  assert.deepEqual(seen, [])
})

test("tells the attributes asked for with info", async (t) => {
  const server = await serve(t)
  const client = await subscriber(t, server, { userId: "u" })
  await subscribed(client, "presence-a")
  await subscribed(client, "b")
  const response = await publisher(server).trigger(
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
  const channel = await subscribed(await subscriber(t, server), "a")
  const seen = []
  channel.bind("e", (data) => seen.push(data))
  const last = once(channel, "last")
  const response = await publisher(server).triggerBatch([
    { channel: "a", name: "e", data: 1 },
    { channel: "a", name: "e", data: 2 },
    { channel: "a", name: "last", data: 3 },
  ])
  assert.deepEqual(await response.json(), {})
  await last
  assert.deepEqual(seen, [1, 2])
})

test("answers a batch that asks for info with one entry an event", async (t) => {
  const server = await serve(t)
  await subscribed(await subscriber(t, server), "a")
  const response = await publisher(server).triggerBatch([
    { channel: "a", name: "e", data: 1, info: "subscription_count" },
    { channel: "b", name: "e", data: 1 },
  ])
  assert.deepEqual(await response.json(), { batch: [{ subscription_count: 1 }, {}] })
})

test("publishes nothing of a batch with one bad event", async (t) => {
  const server = await serve(t)
  const channel = await subscribed(await subscriber(t, server), "a")
  const seen = []
  channel.bind_global((name, data) => name.startsWith("pusher:") || seen.push(data))
  const batch = [
    { channel: "a", name: "e", data: "1" },
    { channel: "no no", name: "e", data: "2" },
  ]
  assert.equal((await api(server, "POST", BATCH, { body: { batch } })).status, 400)
  const last = once(channel, "last")
  await publisher(server).trigger("a", "last", 3)
  await last
  assert.deepEqual(seen, [3])
})

test("takes an event at each limit", async (t) => {
  const server = await serve(t)
  for (const body of [
    event({ name: "n".repeat(200) }),
    event({ channels: ["c".repeat(200)] }),
    event({ channels: ["aZ09_-=@,.;"] }),
    event({ channels: Array.from({ length: 100 }, (_, index) => `c${index}`) }),
    event({ data: "ü".repeat(5120) }),
    event({ channels: ["#server-to-user-ü 1"] }),
    event({ channels: ["private-encrypted-a"] }),
    event({ socket_id: "1.2" }),
    event({ socket_id: null, info: null }),
  ]) {
    const { status, text } = await post(server, body)
    assert.equal(status, 200, text)
  }
})

for (const [name, body, status, message] of [
  [
    "data over 10 240 bytes of UTF-8",
    event({ data: `${"ü".repeat(5120)}.` }),
    413,
    /10241 bytes, over the allowed maximum \(10240 bytes\)/,
  ],
  [
    "more than 100 channels",
    event({ channels: Array.from({ length: 101 }, (_, index) => `c${index}`) }),
    400,
    /101 channels/,
  ],
  ["no channel", event({ channels: [] }), 400, /channels/],
  ["missing channels", { name: "e", data: "" }, 400, /channels/],
  ["channels that are no list", event({ channels: "a" }), 400, /channels/],
  ["a channel name with a space", event({ channels: ["a b"] }), 400, /Invalid channel name: "a b"/],
  ["a channel name with a newline", event({ channels: ["a\n"] }), 400, /Invalid channel name/],
  ["a channel name that is not ASCII", event({ channels: ["ü"] }), 400, /Invalid channel name/],
  ["an empty channel name", event({ channels: [""] }), 400, /Invalid channel name/],
  ["a channel name that is a number", event({ channels: [1] }), 400, /Invalid channel name/],
  ["a channel name of 201 characters", event({ channels: ["c".repeat(201)] }), 400, /Invalid channel name/],
  ["a user channel without a user", event({ channels: ["#server-to-user-"] }), 400, /Invalid channel name/],
  ["an event name of 201 characters", event({ name: "n".repeat(201) }), 400, /201 characters/],
  ["a missing event name", event({ name: undefined }), 400, /Missing required parameter: name/],
  ["a reserved event name", event({ name: "pusher:x" }), 400, /"pusher:x" is reserved/],
  ["an internal event name", event({ name: "pusher_internal:x" }), 400, /is reserved/],
  ["data that is no string", event({ data: {} }), 400, /data, a string/],
  ["missing data", event({ data: undefined }), 400, /data, a string/],
  ["a bad socket id", event({ socket_id: "1.2\n" }), 400, /Invalid socket_id/],
  ["info that is no string", event({ info: ["user_count"] }), 400, /Invalid info/],
  ["an encrypted channel among others", event({ channels: ["a", "private-encrypted-a"] }), 400, /encrypted/],
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

test("refuses a batch of eleven, of none, and of what is no event", async (t) => {
  const server = await serve(t)
  const one = { name: "e", channel: "a", data: "" }
  for (const batch of [Array(11).fill(one), [], undefined, [null], [{ ...one, channel: undefined }]]) {
    assert.equal((await api(server, "POST", BATCH, { body: { batch } })).status, 400)
  }
  assert.equal((await api(server, "POST", BATCH, { body: { batch: Array(10).fill(one) } })).status, 200)
})

test("takes the app's own maximum of an event", async (t) => {
  const server = await serve(t, { apps: [{ maxEventBytes: 5 }] })
  assert.equal((await post(server, event({ data: "12345" }))).status, 200)
  assert.equal((await post(server, event({ data: "123456" }))).status, 413)
})

test("refuses a request body over the cap, whoever signed it", async (t) => {
  const server = await serve(t, { limits: { requestBodyBytes: 100 } })
  assert.equal((await post(server, event({ data: "d".repeat(200) }))).status, 413)
})
