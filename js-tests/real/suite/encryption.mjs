// Encrypted channels, which only the app and its clients can read.
import { Client, connect, findWebhook, makeMasterKey, makeName, rejectionOf } from "./support.mjs"

export default ({ test }, { default: Pusher }, environment) => {
  const options = { encryptionMasterKeyBase64: makeMasterKey(7) }
  const pusher = connect(Pusher, environment, options)

  async function subscribe(channel = makeName("private-encrypted-")) {
    const client = await Client.connect(environment, pusher)
    await client.subscribe(channel)
    return { client, channel }
  }

  test("encrypts events that pusher-js decrypts", async (t) => {
    const { client, channel } = await subscribe()
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
      t.deepEqual(await client.waitForEvent(channel, event), data, event)
    }
    const { data } = await client.find({ kind: "message", channel, event: "string" })
    t.deepEqual(Object.keys(data).sort(), ["ciphertext", "nonce"], "the server sees nothing else")
    t.strictEqual(pusher.decrypt(channel, data), "a string")
  })

  test("encrypts each event of a batch with its own channel's key", async (t) => {
    const [one, other, plain] = [await subscribe(), await subscribe(), await subscribe(makeName("private-"))]
    const events = [one, other, plain].map(({ channel }) => ({ channel, name: "event", data: { of: channel } }))
    await pusher.triggerBatch(events)
    for (const { client, channel } of [one, other, plain])
      t.deepEqual(await client.waitForEvent(channel, "event"), { of: channel })
  })

  test("encrypts events of cache channels", async (t) => {
    const channel = makeName("private-encrypted-cache-")
    await pusher.trigger(channel, "event", { secret: true })
    const { client } = await subscribe(channel)
    t.deepEqual(await client.waitForEvent(channel, "event"), { secret: true })
  })

  test("delivers nothing that was encrypted with another master key", async (t) => {
    const { client, channel } = await subscribe()
    const other = connect(Pusher, environment, { encryptionMasterKeyBase64: makeMasterKey(8) })
    await other.trigger(channel, "event", "x")
    t.deepEqual(await client.collectEvents(channel, []), [])
  })

  test("refuses several channels, or a missing master key, before sending", async (t) => {
    const channels = [makeName("private-encrypted-"), makeName()]
    t.throws(() => pusher.trigger(channels, "event", "x"), /multiple channels/)
    t.throws(() => connect(Pusher, environment).trigger(channels[0], "event", "x"), /encryptionMasterKey/)
  })

  test("decrypts a client's encrypted event from its webhook, as other clients do", async (t) => {
    const { client: sender, channel } = await subscribe()
    const { client: receiver } = await subscribe(channel)
    // pusher-js does not encrypt client events; libraries for phones do.
    const encrypted = await seal(channel, { from: "a client", text: "\u00e9" })
    await sender.sendClientEvent(channel, encrypted)
    t.deepEqual(await receiver.waitForEvent(channel, "client-event"), { from: "a client", text: "\u00e9" })

    const { headers, body } = await findWebhook(environment, { name: "client_event", channel })
    const webhook = pusher.webhook({ headers, rawBody: body })
    t.true(webhook.isValid())
    const event = webhook.getEvents().find((one) => one.channel === channel && one.name === "client_event")
    t.deepEqual(pusher.decrypt(channel, event.data), { from: "a client", text: "\u00e9" })
  })

  test("refuses to decrypt data that was changed on its way", async (t) => {
    const channel = makeName("private-encrypted-")
    const { nonce, ciphertext } = await seal(channel, "x")
    const changed = { nonce, ciphertext: `${ciphertext.startsWith("A") ? "B" : "A"}${ciphertext.slice(1)}` }
    const error = await rejectionOf((async () => pusher.decrypt(channel, changed))())
    t.strictEqual(error.code, "decryption_failed")
  })

  /** Returns the encrypted data that the library would send. */
  async function seal(channel, data) {
    let sent
    const fetch = async (_, { body }) => {
      sent = JSON.parse(body)
      return new Response("{}")
    }
    await connect(Pusher, environment, { ...options, fetch }).trigger(channel, "event", data)
    return JSON.parse(sent.data)
  }
}
