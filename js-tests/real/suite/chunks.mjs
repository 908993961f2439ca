// Events in several parts arrive as one at `bindChunked`, which is bound to pusher-js's channels.
import { Client, connect, makeMasterKey, makeName, pick } from "./support.mjs"

export default ({ test }, { default: Pusher }, environment) => {
  const pusher = connect(Pusher, environment, { encryptionMasterKeyBase64: makeMasterKey(7) })
  const data = { text: "\u00e9 \u{1f600} ".repeat(2_000), list: [1, null] }
  const text = JSON.stringify(data)
  /** Cuts the data as the sender does. */
  const cut = (id, size = 3_000) => {
    const characters = [...text]
    const count = Math.ceil(characters.length / size)
    return Array.from({ length: count }, (_, index) => ({
      id,
      index,
      chunk: characters.slice(index * size, (index + 1) * size).join(""),
      ...(index === count - 1 && { final: true }),
    }))
  }
  const listJoined = async (client, channel) =>
    (await client.listEntries()).filter((one) => one.kind === "joined" && one.channel === channel)

  for (const prefix of ["", "private-", "private-encrypted-", "presence-", "cache-"]) {
    test(`joins the parts of an event on a channel \`${prefix}…\`, in any order, and passes on small ones`, async (t) => {
      const client = await Client.connect(environment, pusher)
      const channel = makeName(prefix)
      await client.subscribe(channel, prefix === "presence-" ? { user_id: "1" } : undefined)
      await client.bindChunked(channel, "report")
      const parts = cut("whole")
      for (const part of [parts[1], ...parts.slice(2), parts[0], parts[1]])
        await pusher.trigger(channel, "chunked-report", part)
      await pusher.trigger(channel, "report", { text: "small" })
      await pusher.trigger(channel, "the-end", "x")
      await client.waitForEvent(channel, "the-end")
      const joined = await listJoined(client, channel)
      t.deepEqual(
        joined.map((one) => one.data),
        [data, { text: "small" }],
      )
      // pusher-js passes an object with every event, unless the channel is encrypted.
      const metadata = prefix === "private-encrypted-" ? undefined : {}
      for (const one of joined) t.deepEqual(one.metadata, metadata)
    })
  }

  test("joins the parts of a batch, beside those of another event that lost one", async (t) => {
    const client = await Client.connect(environment, pusher)
    const channel = makeName("private-")
    await client.subscribe(channel)
    await client.bindChunked(channel, "report", { maxEvents: 1 })
    const lost = cut("lost").slice(1)
    for (const parts of [lost, cut("whole")])
      await pusher.triggerBatch(parts.map((part) => ({ channel, name: "chunked-report", data: part })))
    const { data: joined } = await client.find({ kind: "joined", channel, event: "report" })
    t.deepEqual(joined, data)
    const entry = await client.find({ kind: "abandoned", channel })
    t.deepEqual(pick(entry, "event", "received"), { event: "report", received: lost.length })
    t.strictEqual((await listJoined(client, channel)).length, 1)
  })
}
