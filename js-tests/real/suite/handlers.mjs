// Endpoints of `pusher-http-wasm/handlers`: pusher-js uses what they answer, and they take the webhooks that the server sends.
import { channelAuthHandler, readWebhook, userAuthHandler, webhookHandler } from "pusher-http-wasm/handlers"

import { Client, connect, findWebhook, makeMasterKey, makeName, pick } from "./support.mjs"

export default ({ test }, { default: Pusher }, environment) => {
  const pusher = connect(Pusher, environment, { encryptionMasterKeyBase64: makeMasterKey(7) })
  const makeRequest = (init) => new Request("https://example.com/", { method: "POST", ...init })
  const postForm = async (handler, fields) => (await handler(makeRequest({ body: new URLSearchParams(fields) }))).json()

  /** Authorises as `pusher` does, but through endpoints. */
  const endpoints = {
    authorizeChannel: (socketId, channel, member) =>
      postForm(
        channelAuthHandler(pusher, ({ kind }) => (kind === "presence" ? member : true)),
        { socket_id: socketId, channel_name: channel },
      ),
    authenticateUser: (socketId, user) =>
      postForm(
        userAuthHandler(pusher, () => user),
        { socket_id: socketId },
      ),
  }
  const connectClient = () => Client.connect(environment, endpoints)

  test("authorise pusher-js on private, encrypted and presence channels", async (t) => {
    const client = await connectClient()
    for (const prefix of ["private-", "private-encrypted-", "presence-"]) {
      const channel = makeName(prefix)
      const member = { user_id: "ada", user_info: { name: "Ad\u00e1" } }
      const data = await client.subscribe(channel, member)
      if (prefix === "presence-") t.deepEqual(pick(data, "members"), { members: { ada: member.user_info } })
      await pusher.trigger(channel, "event", { on: channel })
      t.deepEqual(await client.waitForEvent(channel, "event"), { on: channel })
    }
  })

  test("sign users in", async (t) => {
    const client = await connectClient()
    const id = makeName("user-")
    await client.signIn({ id })
    const channel = `#server-to-user-${id}`
    await client.find({ kind: "message", channel, event: "pusher_internal:subscription_succeeded" })
    await pusher.sendToUser(id, "event", { to: id })
    t.deepEqual((await client.find({ kind: "user", event: "event" })).data, { to: id })
  })

  test("take webhooks", async (t) => {
    const client = await connectClient()
    const channel = makeName("presence-")
    await client.subscribe(channel, { user_id: "ada" })
    await client.sendClientEvent(channel, { text: "\u00e9\u{1f600}" })
    await client.unsubscribe(channel)
    for (const [wanted, expected] of [
      [{ name: "channel_occupied" }, {}],
      [{ name: "member_added" }, { user_id: "ada" }],
      [{ name: "client_event" }, { event: "client-event", data: { text: "\u00e9\u{1f600}" } }],
      [{ name: "member_removed" }, { user_id: "ada" }],
      [{ name: "channel_vacated" }, {}],
    ]) {
      const { headers: sent, body } = await findWebhook(environment, { ...wanted, channel })
      const headers = pick(sent, "content-type", "x-pusher-key", "x-pusher-signature")
      const events = []
      const handler = webhookHandler(pusher, { "*": (event) => events.push(event) })
      t.strictEqual((await handler(makeRequest({ headers, body }))).status, 200, wanted.name)
      const ours = events.find((event) => event.name === wanted.name && event.channel === channel)
      t.deepEqual(pick(ours, "name", "channel", ...Object.keys(expected)), { ...wanted, channel, ...expected })
      t.deepEqual((await readWebhook(pusher, makeRequest({ headers, body }))).events, events)
      const forged = await handler(makeRequest({ headers, body: body.replace(channel, channel.replace("phw", "php")) }))
      t.strictEqual(forged.status, 401)
    }
  })
}
