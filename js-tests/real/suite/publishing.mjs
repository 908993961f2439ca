// `publish`, and calls that are retried, with events that really arrive.
import { Client, connect, makeMasterKey, makeName, NotOffered, rejectionOf } from "./support.mjs"

export default ({ test }, { default: Pusher }, environment) => {
  const encryptionMasterKeyBase64 = makeMasterKey(7)
  const pusher = connect(Pusher, environment, { encryptionMasterKeyBase64 })

  /** Makes a client whose every second answer is lost on the way, although the server has done what it was asked. */
  const connectLosing = (options) => {
    let count = 0
    const fetch = async (url, init) => {
      const response = await globalThis.fetch(url, init)
      count++
      if (count % 2 === 0) return response
      await response.arrayBuffer()
      throw new TypeError("the answer was lost")
    }
    return connect(Pusher, environment, { fetch, retry: { baseDelay: 0 }, ...options })
  }

  test("an event whose answer was lost arrives once, and is not retried without a key", async (t) => {
    const client = await Client.connect(environment, pusher)
    const channel = makeName()
    await client.subscribe(channel)
    const error = await rejectionOf(connectLosing().trigger(channel, "event", "x"))
    t.strictEqual(error.attempts, 1)
    t.deepEqual(await client.collectEvents(channel, ["event"]), ["event"])
  })

  test("an event whose answer was lost is retried with a key, and arrives once", async (t) => {
    const client = await Client.connect(environment, pusher)
    const channel = makeName()
    await client.subscribe(channel)
    const losing = connectLosing({ idempotencyKeys: true })
    t.strictEqual((await losing.trigger(channel, "triggered", "x")).status, 200)
    t.strictEqual((await losing.triggerBatch([{ channel, name: "in-a-batch", data: "x" }])).status, 200)
    const report = await losing.publish([{ channel, name: "published", data: "x" }])
    t.deepEqual(report, { published: 1, requests: 1, failed: [] })
    const expected = ["triggered", "in-a-batch", "published"]
    const events = await client.collectEvents(channel, expected)
    if (events.length === 6) throw new NotOffered("idempotency keys", "what was retried arrived twice")
    t.deepEqual(events, expected)
  })

  test("publishes more events than a batch and more channels than a trigger hold", async (t) => {
    const client = await Client.connect(environment, pusher)
    const channels = Array.from({ length: 130 }, () => makeName())
    const [first, last] = [channels[0], channels[129]]
    for (const channel of [first, last]) await client.subscribe(channel)
    const names = Array.from({ length: 25 }, (_, index) => `event-${index}`)
    const report = await pusher.publish([
      { channels, name: "to-all", data: { text: "\u00e9\u{1f600}" } },
      ...names.map((name) => ({ channel: first, name, data: "x" })),
    ])
    t.deepEqual({ ...report, requests: 0 }, { published: 26, requests: 0, failed: [] })
    t.true(report.requests <= 6, String(report.requests))
    const expected = ["to-all", ...names]
    t.deepEqual(await client.collectEvents(first, expected), expected)
    t.deepEqual(await client.waitForEvent(last, "to-all"), { text: "\u00e9\u{1f600}" })
  })

  test("publishes to users and channels in one batch", async (t) => {
    const client = await Client.connect(environment, pusher)
    const id = makeName("user-")
    const channel = makeName()
    await client.signIn({ id })
    await client.find({
      kind: "message",
      channel: `#server-to-user-${id}`,
      event: "pusher_internal:subscription_succeeded",
    })
    await client.subscribe(channel)
    const report = await pusher.publish([
      { userId: id, name: "to-user", data: { hello: 1 } },
      { channel, name: "to-channel", data: "x" },
    ])
    t.deepEqual(report, { published: 2, requests: 1, failed: [] })
    t.deepEqual((await client.find({ kind: "user", event: "to-user" })).data, { hello: 1 })
    t.strictEqual(await client.waitForEvent(channel, "to-channel"), "x")
  })

  test("publishes data above the limit in parts", async (t) => {
    const client = await Client.connect(environment, pusher)
    const channel = makeName()
    await client.subscribe(channel)
    const data = { text: '\u00e9\u{1f600}"x'.repeat(4_000) }
    const limited = connect(Pusher, environment, { maxPayloadBytes: 10_240 })
    const report = await limited.publish([{ channel, name: "big", data }], { oversize: "chunk" })
    t.deepEqual({ ...report, requests: 0 }, { published: 1, requests: 0, failed: [] })
    await client.settle(channel)
    const { data: last } = await client.find({ kind: "event", channel, event: "chunked-big", data: { final: true } })
    for (let index = 0; index < last.index; index++)
      await client.find({ kind: "event", channel, event: "chunked-big", data: { index } })
    const entries = await client.listEntries()
    const parts = entries
      .filter((entry) => entry.kind === "event" && entry.channel === channel && entry.event === "chunked-big")
      .map((entry) => entry.data)
    if ("order" in environment.lacks) parts.sort((one, other) => one.index - other.index)
    t.true(parts.length > 3 && parts.at(-1).final)
    t.deepEqual(JSON.parse(parts.map(({ chunk }) => chunk).join("")), data)
  })
}
