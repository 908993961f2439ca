// Everything that can be asked of the library, each with its right answer: what is run where the engine or the caller's code breaks it off.
import { docs, vectors } from "../support.mjs"
import { hmac, keepRequests } from "./host.mjs"
import { base64Of, fixedOptions, forgedWebhook, sealed, signatureIn, signedWebhook, wordsOf } from "./known-answers.mjs"

const [privateChannel, , presenceChannel] = vectors.channel_auth
const [{ channel: encryptedChannel, shared_secret }] = vectors.encryption
const [user] = vectors.user_auth
const [documented] = vectors.request
const [{ body: documentedBody }] = vectors.md5
const [webhook] = vectors.webhook
const member = JSON.parse(presenceChannel.channel_data)
const socketId = privateChannel.socket_id
const hundredChannels = Array.from({ length: 100 }, (_, index) => `channel-${index}`)
/** More than the module's buffer holds. */
const large = "large ".repeat(11_000)

/**
 * What an operation works on: made anew for each round, so that nothing of an earlier one is kept.
 *
 * @typedef {object} World
 * @property {object} pusher a client with `fixedOptions`
 * @property {object} owner a client with the token of `signedWebhook`
 * @property {object} token with the secret of `signedWebhook`, but another key
 * @property {object} webhook a valid one
 * @property {object[]} spare further clients with `fixedOptions`, which have done nothing yet
 * @property {object[]} requests that the clients have sent
 *
 * @typedef {object} Operation
 * @property {(world: World, Pusher) => unknown} call
 * @property {(value) => unknown} [read] makes of what the call gave, later, what can be compared with `answer`
 * @property {unknown} [answer] the right one, or a function that gives it or a promise of it
 * @property {unknown[]} [orElse] what may be answered, or the words of what may be thrown, where there was no room to find out
 * @property {object} [request] the one that is sent
 */

/** @returns {World} */
export const makeWorld = (Pusher, spare = 1) => {
  const { requests, fetch } = keepRequests()
  const make = (options) => new Pusher({ ...fixedOptions, fetch, maxPayloadBytes: Infinity, ...options })
  return {
    pusher: make(),
    owner: make(signedWebhook.token),
    token: new Pusher.Token(docs.key, webhook.secret),
    webhook: new Pusher.WebHook(signedWebhook.token, signedWebhook.request),
    spare: Array.from({ length: spare }, () => make()),
    requests,
  }
}

/** Frees what there is of a world; gives the words of what that throws. */
export const freeWorld = ({ pusher, owner, token, webhook, spare }) =>
  [pusher, owner, token, webhook, ...spare].flatMap((thing) => {
    try {
      thing.free()
      return []
    } catch (error) {
      return [wordsOf(error)]
    }
  })

const post = (path, body, params = {}) => ({ method: "POST", path: `/apps/3${path}`, params, body, isSigned: true })
const ask = (path, params = {}) => ({ method: "GET", path: `/apps/3${path}`, params, isSigned: true })
/** What `trigger` and the like resolve to. */
const accepted = { read: ({ status }) => status, answer: 200 }
const authorised = async (text) => `${docs.key}:${await hmac(docs.secret, text)}`

/** A client as what it is configured with, and signs with; it is freed. */
export const readClient = (client) => {
  const { scheme, host, port, appId, token } = client.config
  const { auth } = client.authorizeChannel(socketId, privateChannel.channel)
  client.free()
  return { scheme, host, port, appId: String(appId), key: token?.key, auth }
}
const made = (host, changes = {}) => ({
  read: readClient,
  answer: { scheme: "https", host, port: undefined, appId: "3", key: docs.key, auth: privateChannel.auth, ...changes },
})

/** @type {Record<string, Operation>} */
export const operations = {
  "authorizeChannel of a private channel": {
    call: ({ pusher }) => pusher.authorizeChannel(socketId, privateChannel.channel),
    answer: { auth: privateChannel.auth },
  },
  "authorizeChannel of a presence channel": {
    call: ({ pusher }) => pusher.authorizeChannel(socketId, presenceChannel.channel, member),
    answer: { channel_data: presenceChannel.channel_data, auth: presenceChannel.auth },
  },
  "authorizeChannel of a large member": {
    call: ({ pusher }) => pusher.authorizeChannel(socketId, "presence-a", { user_id: "1", user_info: large }),
    read: ({ auth }) => auth,
    answer: () => authorised(`${socketId}:presence-a:${JSON.stringify({ user_id: "1", user_info: large })}`),
  },
  "authorizeChannel of an encrypted channel": {
    call: ({ pusher }) => pusher.authorizeChannel(socketId, encryptedChannel),
    answer: async () => ({ auth: await authorised(`${socketId}:${encryptedChannel}`), shared_secret }),
  },
  authenticateUser: {
    call: ({ pusher }) => pusher.authenticateUser(user.socket_id, JSON.parse(user.user_data)),
    answer: { auth: user.auth, user_data: user.user_data },
  },
  channelSharedSecret: {
    call: ({ pusher }) => pusher.channelSharedSecret(encryptedChannel),
    read: base64Of,
    answer: shared_secret,
  },
  decrypt: {
    call: ({ pusher }) => pusher.decrypt(sealed.channel, sealed.data),
    answer: sealed.opened,
  },
  createSignedQueryString: {
    call: ({ pusher }) =>
      pusher.createSignedQueryString({ method: "POST", path: "/apps/3/events", body: documentedBody }),
    read: signatureIn,
    answer: documented.signature,
  },
  trigger: {
    call: ({ pusher }) => pusher.trigger("a", "event", { some: "data" }, { socket_id: "1.2", info: ["user_count"] }),
    ...accepted,
    request: post("/events", {
      name: "event",
      data: '{"some":"data"}',
      channels: ["a"],
      socket_id: "1.2",
      info: "user_count",
    }),
  },
  "trigger on an encrypted channel": {
    call: ({ pusher }) => pusher.trigger(sealed.channel, "event", sealed.opened),
    ...accepted,
    request: post("/events", { name: "event", data: JSON.stringify(sealed.data), channels: [sealed.channel] }),
  },
  "trigger on 100 channels": {
    call: ({ pusher }) => pusher.trigger(hundredChannels, "event", "text"),
    ...accepted,
    request: post("/events", { name: "event", data: "text", channels: hundredChannels }),
  },
  "trigger with large data": {
    call: ({ pusher }) => pusher.trigger("a", "event", large),
    ...accepted,
    request: post("/events", { name: "event", data: large, channels: ["a"] }),
  },
  triggerBatch: {
    call: ({ pusher }) =>
      pusher.triggerBatch([
        { channel: "a", name: "event", data: "text", socket_id: "1.2" },
        { channel: sealed.channel, name: "event", data: sealed.opened },
      ]),
    ...accepted,
    request: post("/batch_events", {
      batch: [
        { channel: "a", name: "event", data: "text", socket_id: "1.2" },
        { channel: sealed.channel, name: "event", data: JSON.stringify(sealed.data) },
      ],
    }),
  },
  sendToUser: {
    call: ({ pusher }) => pusher.sendToUser("user", "event", { some: "data" }),
    ...accepted,
    request: post("/events", { name: "event", data: '{"some":"data"}', channels: ["#server-to-user-user"] }),
  },
  terminateUserConnections: {
    call: ({ pusher }) => pusher.terminateUserConnections("user"),
    ...accepted,
    request: post("/users/user/terminate_connections", {}),
  },
  channels: {
    call: ({ pusher }) => pusher.channels({ prefix: "presence-", info: "user_count" }),
    answer: {},
    request: ask("/channels", { filter_by_prefix: "presence-", info: "user_count" }),
  },
  channel: {
    call: ({ pusher }) => pusher.channel("presence-a", { info: ["user_count", "subscription_count"] }),
    answer: {},
    request: ask("/channels/presence-a", { info: "user_count,subscription_count" }),
  },
  channelUsers: {
    call: ({ pusher }) => pusher.channelUsers("presence-a"),
    answer: {},
    request: ask("/channels/presence-a/users"),
  },
  get: {
    call: ({ pusher }) => pusher.get({ path: "/channels", params: { filter_by_prefix: "a", info: "user_count" } }),
    ...accepted,
    request: ask("/channels", { filter_by_prefix: "a", info: "user_count" }),
  },
  post: {
    call: ({ pusher }) => pusher.post({ path: "/events", params: { a: 1 }, body: { name: "event", channels: ["a"] } }),
    ...accepted,
    request: post("/events", { name: "event", channels: ["a"] }, { a: "1" }),
  },
  "the constructor": {
    call: (_, Pusher) => new Pusher({ ...docs, cluster: "eu", timeout: 5, headers: { "x-a": "b" } }),
    ...made("api-eu.pusher.com"),
  },
  forURL: {
    call: (_, Pusher) => Pusher.forURL(`http://${docs.key}:${docs.secret}@url.example.com:6001/apps/3`),
    ...made("url.example.com", { scheme: "http", port: 6001 }),
  },
  forCluster: {
    call: (_, Pusher) => Pusher.forCluster("ap1", docs),
    ...made("api-ap1.pusher.com"),
  },
  fromEnv: {
    call: (_, Pusher) =>
      Pusher.fromEnv({
        PUSHER_APP_ID: "3",
        PUSHER_KEY: docs.key,
        PUSHER_SECRET: docs.secret,
        PUSHER_HOST: "env.example.com",
        PUSHER_PORT: "6001",
        PUSHER_SCHEME: "http",
      }),
    ...made("env.example.com", { scheme: "http", port: 6001 }),
  },
  config: {
    call: ({ spare }) => spare[0].config,
    read: ({ host, token }) => ({ host, key: token.key, signature: token.sign("text") }),
    answer: async () => ({ host: "api.pusherapp.com", key: docs.key, signature: await hmac(docs.secret, "text") }),
  },
  "isValid of a new webhook": {
    call: ({ owner }) => owner.webhook(signedWebhook.request).isValid(),
    answer: true,
    // Whatever keeps a webhook from being found valid may make it invalid, but not the other way round.
    orElse: [false],
  },
  "isValid of one webhook, again and again": {
    call: ({ webhook }) => webhook.isValid(),
    answer: true,
    orElse: [false],
  },
  "isValid with further tokens": {
    call: ({ pusher, token }) =>
      pusher.webhook(signedWebhook.request).isValid([{ key: "other", secret: "other" }, token, signedWebhook.token]),
    answer: true,
    orElse: [false],
  },
  "isValid of a forged webhook": {
    call: ({ pusher }) => pusher.webhook(forgedWebhook).isValid(signedWebhook.token),
    answer: false,
  },
  getEvents: {
    call: ({ pusher }) => pusher.webhook(signedWebhook.request).getEvents(),
    answer: signedWebhook.events,
    orElse: ["PusherWebHookError invalid_webhook"],
  },
  "sign of a new token": {
    call: (_, Pusher) => new Pusher.Token("key", webhook.secret).sign(webhook.body),
    answer: webhook.signature,
  },
  "sign of large text": { call: ({ token }) => token.sign(large), answer: () => hmac(webhook.secret, large) },
  verify: { call: ({ token }) => token.verify(webhook.body, webhook.signature), answer: true },
  "verify of a forged text": { call: ({ token }) => token.verify("forged", webhook.signature), answer: false },
}
