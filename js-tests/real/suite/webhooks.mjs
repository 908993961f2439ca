// What the server tells the app, signed.
import { Client, connect, NotOffered, needs, unique, webhookWith } from "./support.mjs"

export default ({ test }, { default: Pusher }, environment) => {
  const pusher = connect(Pusher, environment)
  const client = () => Client.connect(environment, pusher)

  /** The webhook with that event, checked: `{ event, headers, body }`. */
  async function received(t, wanted) {
    const { headers, body } = await webhookWith(environment, wanted)
    const webhook = pusher.webhook({ headers, rawBody: body })
    t.true(webhook.isValid(), "signed by the server")
    t.true(webhook.isContentTypeValid())
    t.true(Math.abs(webhook.getTime() - Date.now()) < 600_000)
    const event = webhook.getEvents().find((one) => Object.entries(wanted).every(([key, value]) => one[key] === value))
    t.true(event !== undefined, JSON.stringify(webhook.getData()))
    return { event, headers, body }
  }

  test("channel_occupied and subscription_count", async (t) => {
    const channel = unique()
    await (await client()).subscribe(channel)
    await received(t, { name: "channel_occupied", channel })
    await (await client()).subscribe(channel)
    const { event } = await received(t, { name: "subscription_count", channel, subscription_count: 2 })
    t.strictEqual(event.subscription_count, 2)
  })

  test("member_added, member_removed and channel_vacated", async (t) => {
    const channel = unique("presence-")
    const member = await client()
    await member.subscribe(channel, { user_id: "\u00e9/1" })
    await received(t, { name: "member_added", channel, user_id: "\u00e9/1" })
    await member.unsubscribe(channel)
    await received(t, { name: "member_removed", channel, user_id: "\u00e9/1" })
    await received(t, { name: "channel_vacated", channel })
  })

  test("channel_vacated, when the last one is gone", async (t) => {
    const channel = unique("private-")
    const last = await client()
    await last.subscribe(channel)
    await last.disconnect()
    await received(t, { name: "channel_vacated", channel })
  })

  test("client_event", async (t) => {
    for (const [prefix, user] of [["private-"], ["presence-", { user_id: "ada" }]]) {
      const { event, sender } = await clientEvent(t, unique(prefix), user)
      t.strictEqual(event.event, "client-event")
      t.strictEqual(event.socket_id, sender.socketId)
      t.deepEqual(typeof event.data === "string" ? JSON.parse(event.data) : event.data, { text: "\u00e9\u{1f600}" })
    }
  })

  test("client_event names the user on a presence channel", async (t) => {
    const feature = "users of client events"
    needs(environment, feature)
    const { event } = await clientEvent(t, unique("presence-"), { user_id: "ada" })
    if (event.user_id === undefined) throw new NotOffered(feature, "the webhook has no user_id")
    t.strictEqual(event.user_id, "ada")
  })

  async function clientEvent(t, channel, user) {
    const sender = await client()
    await sender.subscribe(channel, user)
    await sender.sendClientEvent(channel, { text: "\u00e9\u{1f600}" })
    return { sender, ...(await received(t, { name: "client_event", channel })) }
  }

  test("cache_miss", async (t) => {
    const channel = unique("cache-")
    await (await client()).subscribe(channel)
    await received(t, { name: "cache_miss", channel })
  })

  test("what was changed, or signed by others, is refused", async (t) => {
    const channel = unique()
    await (await client()).subscribe(channel)
    const { headers, body } = await received(t, { name: "channel_occupied", channel })
    const valid = (changes, by = pusher, tokens = undefined) =>
      by.webhook({ headers, rawBody: body, ...changes }).isValid(tokens)
    const signature = headers["x-pusher-signature"]
    t.true(valid({}))
    t.true(valid({ headers: new Headers(headers), rawBody: new TextEncoder().encode(body) }), "Headers and bytes")
    t.false(valid({ rawBody: `${body} ` }))
    t.false(valid({ rawBody: body.replace(channel, channel.replace("phw", "php")) }))
    t.false(
      valid({
        headers: { ...headers, "x-pusher-signature": signature.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) },
      }),
    )
    t.false(valid({ headers: { ...headers, "x-pusher-key": "other" } }))
    t.false(valid({ headers: { ...headers, "x-pusher-signature": undefined } }))

    const { key, secret } = pusher.config.token
    const stranger = connect(Pusher, environment, {}, { secret: "not-the-secret" })
    const successor = connect(Pusher, environment, {}, { key: "new-key", secret: "new-secret" })
    t.false(valid({}, stranger))
    t.false(valid({}, successor))
    t.true(valid({}, successor, [{ key, secret }]), "while the key is being rotated")
    t.false(valid({}, successor, [{ key, secret: "not-the-secret" }]))
  })
}
