// Events in several parts arrive as one at `bindChunked`, which is bound to pusher-js's channels.
import { arrange, Client, connect, makeMasterKey, makeName, pick } from "./support.mjs"

export default ({ test }, { default: Pusher }, environment) => {
  const options = { encryptionMasterKeyBase64: makeMasterKey(7) }
  const limitedOptions = { ...options, maxPayloadBytes: 4_000 }
  const pusher = connect(Pusher, environment, options)
  const limited = connect(Pusher, environment, limitedOptions)
  const data = { text: "\u00e9 \u{1f600} ".repeat(2_000), list: [1, null] }

  /** Returns the data of the parts that `publish` makes of the event, without sending them. */
  const cut = async () => {
    const parts = []
    const fetch = async (_url, { body }) => {
      const { batch, ...event } = JSON.parse(body)
      for (const part of batch ?? [event]) parts.push(JSON.parse(part.data))
      return new Response("{}")
    }
    const recorder = connect(Pusher, environment, { ...limitedOptions, fetch })
    await recorder.publish([{ channel: "a", name: "report", data }], { oversize: "chunk" })
    return parts
  }

  const listJoined = async (client, channel) =>
    (await client.listEntries()).filter((one) => one.kind === "joined" && one.channel === channel)

  for (const prefix of ["", "private-", "private-encrypted-", "presence-", "cache-"]) {
    const subscribe = async () => {
      const client = await Client.connect(environment, pusher)
      const channel = makeName(prefix)
      await client.subscribe(channel, prefix === "presence-" ? { user_id: "1" } : undefined)
      await client.bindChunked(channel, "report")
      return { client, channel }
    }

    /** Checks that these arrived, each once. */
    const checkJoined = async (t, client, channel, expected) => {
      for (const data of expected) await client.find({ kind: "joined", channel, data })
      await client.settle(channel)
      const joined = await listJoined(client, channel)
      const list = joined.map((one) => one.data)
      t.deepEqual(arrange(environment, list, expected), expected)
      // pusher-js passes an object with every event, unless the channel is encrypted.
      const metadata = prefix === "private-encrypted-" ? undefined : {}
      for (const one of joined) t.deepEqual(one.metadata, metadata)
    }

    test(`joins what \`publish\` cuts on a channel \`${prefix}…\`, and passes on small events`, async (t) => {
      const { client, channel } = await subscribe()
      const small = { text: "small" }
      const events = [data, small].map((data) => ({ channel, name: "report", data }))
      const report = await limited.publish(events, { oversize: "chunk" })
      t.deepEqual({ ...report, requests: 0 }, { published: 2, requests: 0, failed: [] })
      await checkJoined(t, client, channel, [data, small])
    })

    test(`joins the parts on a channel \`${prefix}…\` in any order`, async (t) => {
      const { client, channel } = await subscribe()
      const [first, second, ...others] = await cut()
      for (const part of [second, ...others, first, second]) await pusher.trigger(channel, "chunked-report", part)
      await checkJoined(t, client, channel, [data])
    })
  }

  test("joins the parts of a batch, beside those of another event that lost one", async (t) => {
    const client = await Client.connect(environment, pusher)
    const channel = makeName("private-")
    await client.subscribe(channel)
    await client.bindChunked(channel, "report", { maxEvents: 1 })
    const [, ...lost] = await cut()
    for (const parts of [lost, await cut()]) {
      await pusher.triggerBatch(parts.map((part) => ({ channel, name: "chunked-report", data: part })))
      // Those of the other event would make it give up this one before all are there.
      for (const data of parts) await client.find({ kind: "event", channel, event: "chunked-report", data })
    }
    const { data: joined } = await client.find({ kind: "joined", channel, event: "report" })
    t.deepEqual(joined, data)
    const entry = await client.find({ kind: "abandoned", channel })
    t.deepEqual(pick(entry, "event", "received"), { event: "report", received: lost.length })
    t.strictEqual((await listJoined(client, channel)).length, 1)
  })
}
