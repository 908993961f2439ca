// Webhooks that the server signs and sends.
import { Client, connect, findWebhook, makeName, NotOffered, pick, requireFeature } from "./support.mjs"

export default ({ test }, { default: Pusher }, environment) => {
  const pusher = connect(Pusher, environment)
  const connectClient = () => Client.connect(environment, pusher)

  /** Waits for the webhook with that event and validates it: `{ event, headers, body }`. */
  async function receive(t, wanted) {
    const { headers, body } = await findWebhook(environment, wanted)
    const webhook = pusher.webhook({ headers, rawBody: body })
    t.true(webhook.isValid(), "signed by the server")
    t.true(webhook.isContentTypeValid())
    t.true(Math.abs(webhook.getTime() - Date.now()) < 600_000)
    const event = webhook.getEvents().find((one) => Object.entries(wanted).every(([key, value]) => one[key] === value))
    t.true(event !== undefined, JSON.stringify(webhook.getData()))
    return { event, headers, body }
  }

  test("validates channel_occupied and subscription_count", async (t) => {
    const channel = makeName()
    await (await connectClient()).subscribe(channel)
    await receive(t, { name: "channel_occupied", channel })
    await (await connectClient()).subscribe(channel)
    const { event } = await receive(t, { name: "subscription_count", channel, subscription_count: 2 })
    t.strictEqual(event.subscription_count, 2)
  })

  test("validates member_added, member_removed and channel_vacated", async (t) => {
    const channel = makeName("presence-")
    const member = await connectClient()
    await member.subscribe(channel, { user_id: "\u00e9/1" })
    await receive(t, { name: "member_added", channel, user_id: "\u00e9/1" })
    await member.unsubscribe(channel)
    await receive(t, { name: "member_removed", channel, user_id: "\u00e9/1" })
    await receive(t, { name: "channel_vacated", channel })
  })

  test("validates channel_vacated after the last subscriber has disconnected", async (t) => {
    const channel = makeName("private-")
    const last = await connectClient()
    await last.subscribe(channel)
    await last.disconnect()
    await receive(t, { name: "channel_vacated", channel })
  })

  test("validates client_event on private and presence channels", async (t) => {
    for (const [prefix, user] of [["private-"], ["presence-", { user_id: "ada" }]]) {
      const { event, sender } = await exchangeClientEvent(t, makeName(prefix), user)
      t.deepEqual(pick(event, "event", "socket_id"), { event: "client-event", socket_id: sender.socketId })
      t.deepEqual(typeof event.data === "string" ? JSON.parse(event.data) : event.data, { text: "\u00e9\u{1f600}" })
    }
  })

  test("reads the user of a client_event on a presence channel", async (t) => {
    const feature = "users of client events"
    requireFeature(environment, feature)
    const { event } = await exchangeClientEvent(t, makeName("presence-"), { user_id: "ada" })
    if (event.user_id === undefined) throw new NotOffered(feature, "the webhook has no user_id")
    t.strictEqual(event.user_id, "ada")
  })

  async function exchangeClientEvent(t, channel, user) {
    const sender = await connectClient()
    await sender.subscribe(channel, user)
    await sender.sendClientEvent(channel, { text: "\u00e9\u{1f600}" })
    return { sender, ...(await receive(t, { name: "client_event", channel })) }
  }

  test("validates cache_miss", async (t) => {
    const channel = makeName("cache-")
    await (await connectClient()).subscribe(channel)
    await receive(t, { name: "cache_miss", channel })
  })

  test("rejects a webhook that was changed or signed with another secret", async (t) => {
    const channel = makeName()
    await (await connectClient()).subscribe(channel)
    const { headers, body } = await receive(t, { name: "channel_occupied", channel })
    const isValid = (changes, by = pusher, tokens = undefined) =>
      by.webhook({ headers, rawBody: body, ...changes }).isValid(tokens)
    const signature = headers["x-pusher-signature"]
    t.true(isValid({}))
    t.true(isValid({ headers: new Headers(headers), rawBody: new TextEncoder().encode(body) }), "Headers and bytes")
    t.false(isValid({ rawBody: `${body} ` }))
    t.false(isValid({ rawBody: body.replace(channel, channel.replace("phw", "php")) }))
    t.false(
      isValid({
        headers: { ...headers, "x-pusher-signature": signature.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) },
      }),
    )
    t.false(isValid({ headers: { ...headers, "x-pusher-key": "other" } }))
    t.false(isValid({ headers: { ...headers, "x-pusher-signature": undefined } }))

    const { key, secret } = pusher.config.token
    const stranger = connect(Pusher, environment, {}, { secret: "not-the-secret" })
    const successor = connect(Pusher, environment, {}, { key: "new-key", secret: "new-secret" })
    t.false(isValid({}, stranger))
    t.false(isValid({}, successor))
    t.true(isValid({}, successor, [{ key, secret }]), "while the key is being rotated")
    t.false(isValid({}, successor, [{ key, secret: "not-the-secret" }]))
  })
}
