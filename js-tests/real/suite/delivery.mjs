// Events arrive at subscribers.
import { Client, connect, makeName, NotOffered, pick, requireFeature } from "./support.mjs"

export default ({ test }, { default: Pusher }, environment) => {
  const pusher = connect(Pusher, environment)
  const makeMember = (id) => ({ user_id: id, user_info: { name: `${id} \u00e9\u{1f600}` } })

  test("delivers an event on a public, a private and a presence channel", async (t) => {
    const client = await Client.connect(environment, pusher)
    for (const prefix of ["", "private-", "presence-"]) {
      const channel = makeName(prefix)
      await client.subscribe(channel, prefix === "presence-" ? makeMember("1") : undefined)
      const response = await pusher.trigger(channel, "an-event", { hello: prefix })
      t.strictEqual(response.status, 200)
      t.strictEqual(typeof (await response.json()), "object")
      t.deepEqual(await client.waitForEvent(channel, "an-event"), { hello: prefix })
    }
  })

  test("announces the members of a presence channel with the data that was signed", async (t) => {
    const [first, second] = await Promise.all([
      Client.connect(environment, pusher),
      Client.connect(environment, pusher),
    ])
    const channel = makeName("presence-")
    await first.subscribe(channel, makeMember("1"))
    t.deepEqual(pick(await second.subscribe(channel, makeMember("b/2")), "members", "count", "myID"), {
      members: { 1: makeMember("1").user_info, "b/2": makeMember("b/2").user_info },
      count: 2,
      myID: "b/2",
    })
    t.deepEqual(await first.waitForEvent(channel, "pusher:member_added"), {
      id: "b/2",
      info: makeMember("b/2").user_info,
    })
  })

  test("delivers to 100 channels whose names use every allowed character", async (t) => {
    const client = await Client.connect(environment, pusher)
    const channels = Array.from({ length: 100 }, () => makeName("azAZ09_-=@,.;"))
    const subscribed = [channels[0], channels[49], channels[99]]
    for (const channel of subscribed) await client.subscribe(channel)
    t.strictEqual((await pusher.trigger(channels, "event", "x")).status, 200)
    for (const channel of subscribed) t.strictEqual(await client.waitForEvent(channel, "event"), "x")
  })

  test("delivers each event of a batch on its own channel", async (t) => {
    const client = await Client.connect(environment, pusher)
    const [one, other] = [makeName(), makeName("private-")]
    await client.subscribe(one)
    await client.subscribe(other)
    const events = Array.from({ length: 10 }, (_, index) => ({
      channel: index % 2 ? other : one,
      name: `event-${index}`,
      data: { index },
    }))
    t.strictEqual((await pusher.triggerBatch(events)).status, 200)
    for (const { channel, name, data } of events) t.deepEqual(await client.waitForEvent(channel, name), data)
    const expected = [0, 2, 4, 6, 8].map((index) => `event-${index}`)
    t.deepEqual(await client.collectEvents(one, expected), expected)
  })

  test("delivers the events of a batch, of `publish` and of one call after another in order", async (t) => {
    requireFeature(environment, "order")
    const client = await Client.connect(environment, pusher)
    const channel = makeName()
    await client.subscribe(channel)
    const makeEvents = (name) =>
      Array.from({ length: 10 }, (_, index) => ({ channel, name: `${name}-${index}`, data: "x" }))
    const [calls, batch, published] = ["call", "in-a-batch", "published"].map(makeEvents)
    for (const { name, data } of calls) await pusher.trigger(channel, name, data)
    await pusher.triggerBatch(batch)
    await pusher.publish(published)
    await client.settle(channel)
    t.deepEqual(
      await client.listEvents(channel),
      [...calls, ...batch, ...published].map(({ name }) => name),
    )
  })

  test("sends nothing to an excluded connection, nor in a batch", async (t) => {
    const [one, other] = await Promise.all([Client.connect(environment, pusher), Client.connect(environment, pusher)])
    const channel = makeName("private-")
    await one.subscribe(channel)
    await other.subscribe(channel)
    await pusher.trigger(channel, "triggered", "x", { socket_id: one.socketId })
    await pusher.triggerBatch([{ channel, name: "in-a-batch", data: "x", socket_id: one.socketId }])
    const expected = ["triggered", "in-a-batch"]
    t.deepEqual(await other.collectEvents(channel, expected), expected)
    t.deepEqual(await one.collectEvents(channel, []), [])
  })

  test("returns the attributes asked for with `info`, also for a batch", async (t) => {
    const clients = await Promise.all([1, 2].map(() => Client.connect(environment, pusher)))
    const [channel, quiet] = [makeName("presence-"), makeName()]
    for (const [index, client] of clients.entries()) await client.subscribe(channel, makeMember(String(index)))
    const info = ["user_count", "subscription_count"]
    const { channels } = await (await pusher.trigger([channel], "event", "x", { info })).json()
    t.strictEqual(channels[channel].user_count, 2)
    const { batch } = await (
      await pusher.triggerBatch([
        { channel: quiet, name: "event", data: "x" },
        { channel, name: "event", data: "x", info: "user_count" },
      ])
    ).json()
    t.strictEqual(batch.length, 2)
    t.strictEqual(batch[1].user_count, 2)
    if (channels[channel].subscription_count === undefined)
      throw new NotOffered("subscription_count", "the answer has none")
    t.strictEqual(channels[channel].subscription_count, 2)
  })

  const payloads = {
    "an object": { nested: { list: [1, "2", null, true, 1.5, -0.001] } },
    "a list": [[], {}, [{}]],
    "a number": 42,
    null: null,
    "an empty string": "",
    "a string that is not JSON": 'plain text, "quoted" \\ and / all',
    "letters of all kinds": {
      text: "\u00e9 \u{1f600} \u4e2d\u6587 \u0627\u0644 e\u0301 \u202e \u2028\u2029 \ufeff \u{10ffff}",
    },
    "control characters": { text: "\u0001\u0008\t\n\r\u001f\u007f\u0085" },
  }
  test("delivers data of every kind unchanged", async (t) => {
    const client = await Client.connect(environment, pusher)
    const channel = makeName()
    await client.subscribe(channel)
    const names = Object.keys(payloads)
    for (const name of names) {
      await pusher.trigger(channel, name, payloads[name])
      t.deepEqual(await client.waitForEvent(channel, name), payloads[name], name)
    }
    t.deepEqual(await client.listEvents(channel), names, "in order")
  })

  test("delivers events with names of all kinds", async (t) => {
    const client = await Client.connect(environment, pusher)
    const channel = makeName()
    await client.subscribe(channel)
    for (const name of ["a b", "\u00e9\u{1f600}", 'a"b\\c', "a/b?c#d&e=f%g", "x".repeat(200)]) {
      await pusher.trigger(channel, name, { name })
      t.deepEqual(await client.waitForEvent(channel, name), { name })
    }
  })

  test("delivers 10 KB of any characters", async (t) => {
    const client = await Client.connect(environment, pusher)
    const channel = makeName()
    await client.subscribe(channel)
    for (const [name, data] of Object.entries({
      x: "x".repeat(10_240),
      e: "\u00e9".repeat(5_120),
      smile: "\u{1f600}".repeat(2_560),
    })) {
      await pusher.trigger(channel, name, data)
      t.true((await client.waitForEvent(channel, name)) === data, name)
    }
  })

  test("publishes once when a call is retried with its idempotency key", async (t) => {
    const client = await Client.connect(environment, pusher)
    const channel = makeName()
    await client.subscribe(channel)
    const idempotencyKey = makeName()
    const answers = []
    for (const _ of [1, 2]) answers.push(await (await pusher.trigger(channel, "event", "x", { idempotencyKey })).json())
    for (const _ of [1, 2]) await pusher.triggerBatch([{ channel, name: "in-a-batch", data: "x" }], { idempotencyKey })
    await pusher.trigger(channel, "another", "x", { idempotencyKey: makeName() })
    const expected = ["event", "in-a-batch", "another"]
    const events = await client.collectEvents(channel, expected)
    if (events.length === 5) throw new NotOffered("idempotency keys", "what was retried arrived twice")
    t.deepEqual(events, expected)
    t.deepEqual(answers[1], answers[0])
  })

  test("has a subscription refused that was signed with another secret", async (t) => {
    const stranger = connect(Pusher, environment, {}, { secret: "not-the-secret" })
    const client = await Client.connect(environment, stranger)
    t.false((await client.trySubscribe(makeName("private-"))).subscribed)
  })

  test("delivers client events and the library's own on one channel", async (t) => {
    const [one, other] = await Promise.all([Client.connect(environment, pusher), Client.connect(environment, pusher)])
    const channel = makeName("private-")
    await one.subscribe(channel)
    await other.subscribe(channel)
    await one.sendClientEvent(channel, { from: "one" })
    t.deepEqual(await other.waitForEvent(channel, "client-event"), { from: "one" })
    await pusher.trigger(channel, "client-event-too", { from: "us" })
    t.deepEqual(await one.waitForEvent(channel, "client-event-too"), { from: "us" })
    t.deepEqual(await one.listEvents(channel), ["client-event-too"])
  })
}
