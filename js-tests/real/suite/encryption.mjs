// What only the app and its clients can read.
import { Client, connect, masterKey, rejectionOf, unique, webhookWith } from "./support.mjs"

export default ({ test }, { default: Pusher }, environment) => {
  const options = { encryptionMasterKeyBase64: masterKey(7) }
  const pusher = connect(Pusher, environment, options)

  async function subscribed(channel = unique("private-encrypted-")) {
    const client = await Client.connect(environment, pusher)
    await client.subscribe(channel)
    return { client, channel }
  }

  test("pusher-js decrypts what was encrypted here", async (t) => {
    const { client, channel } = await subscribed()
    const payloads = {
      object: { nested: ["\u00e9", "\u{1f600}", null, 1.5] },
      string: "a string",
      "string of JSON": '{"a":1}',
      number: 7,
      null: null,
      large: "\u00e9".repeat(3_800),
    }
    for (const [event, data] of Object.entries(payloads)) {
      await pusher.trigger(channel, event, data)
      t.deepEqual(await client.event(channel, event), data, event)
    }
    const { data } = await client.find({ kind: "message", channel, event: "string" })
    t.deepEqual(Object.keys(data).sort(), ["ciphertext", "nonce"], "the server saw nothing else")
    t.strictEqual(pusher.decrypt(channel, data), "a string")
  })

  test("in a batch too, each channel with its own key", async (t) => {
    const [one, other, plain] = [await subscribed(), await subscribed(), await subscribed(unique("private-"))]
    const events = [one, other, plain].map(({ channel }) => ({ channel, name: "event", data: { of: channel } }))
    await pusher.triggerBatch(events)
    for (const { client, channel } of [one, other, plain])
      t.deepEqual(await client.event(channel, "event"), { of: channel })
  })

  test("a cache channel may be encrypted", async (t) => {
    const channel = unique("private-encrypted-cache-")
    await pusher.trigger(channel, "event", { secret: true })
    const { client } = await subscribed(channel)
    t.deepEqual(await client.event(channel, "event"), { secret: true })
  })

  test("what another master key encrypted stays closed", async (t) => {
    const { client, channel } = await subscribed()
    const other = connect(Pusher, environment, { encryptionMasterKeyBase64: masterKey(8) })
    await other.trigger(channel, "event", "x")
    await pusher.trigger(channel, "the-end", "x")
    await client.event(channel, "the-end")
    t.deepEqual(await client.events(channel), ["the-end"])
  })

  test("several channels, or none with a key, are refused before anything is sent", async (t) => {
    const channels = [unique("private-encrypted-"), unique()]
    t.throws(() => pusher.trigger(channels, "event", "x"), /multiple channels/)
    t.throws(() => connect(Pusher, environment).trigger(channels[0], "event", "x"), /encryptionMasterKey/)
  })

  test("a client's encrypted event is read by the others, and here from its webhook", async (t) => {
    const { client: sender, channel } = await subscribed()
    const { client: receiver } = await subscribed(channel)
    // pusher-js does not encrypt; the clients of phones do.
    const encrypted = await sealed(channel, { from: "a client", text: "\u00e9" })
    await sender.sendClientEvent(channel, encrypted)
    t.deepEqual(await receiver.event(channel, "client-event"), { from: "a client", text: "\u00e9" })

    const { headers, body } = await webhookWith(environment, { name: "client_event", channel })
    const webhook = pusher.webhook({ headers, rawBody: body })
    t.true(webhook.isValid())
    const event = webhook.getEvents().find((one) => one.channel === channel && one.name === "client_event")
    t.deepEqual(pusher.decrypt(channel, event.data), { from: "a client", text: "\u00e9" })
  })

  test("what was changed on its way is not decrypted", async (t) => {
    const channel = unique("private-encrypted-")
    const { nonce, ciphertext } = await sealed(channel, "x")
    const changed = { nonce, ciphertext: `${ciphertext.startsWith("A") ? "B" : "A"}${ciphertext.slice(1)}` }
    const error = await rejectionOf((async () => pusher.decrypt(channel, changed))())
    t.strictEqual(error.code, "decryption_failed")
  })

  /** What the library would send. */
  async function sealed(channel, data) {
    let sent
    const fetch = async (_, { body }) => {
      sent = JSON.parse(body)
      return new Response("{}")
    }
    await connect(Pusher, environment, { ...options, fetch }).trigger(channel, "event", data)
    return JSON.parse(sent.data)
  }
}
