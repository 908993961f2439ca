// Every place where the library runs the caller's code: getters, `toJSON`, proxies, iterators, and the functions among the options.
import { docs, vectors } from "../support.mjs"
import { fixedOptions, sealed, signedWebhook } from "./known-answers.mjs"

const [presenceChannel] = vectors.channel_auth.slice(-1)
const [user] = vectors.user_auth
const member = JSON.parse(presenceChannel.channel_data)

/** An object with that member, which runs `act` before it gives the value. */
const reading = (act, name, value, others = {}) =>
  Object.defineProperty({ ...others }, name, {
    get() {
      act()
      return value
    },
    enumerable: true,
  })

/** An object whose JSON is that of the value, and which runs `act` before it gives it. */
const serialising = (act, value) => ({
  toJSON() {
    act()
    return value
  },
})

/** An object that is shown as the text, and runs `act` before. */
const showing = (act, text) => ({
  toString() {
    act()
    return text
  },
})

/** A list or an object of which everything that is read runs `act`. */
const observed = (act, target) =>
  new Proxy(target, {
    get(...args) {
      act()
      return Reflect.get(...args)
    },
    ownKeys(...args) {
      act()
      return Reflect.ownKeys(...args)
    },
  })

/**
 * A place where the library runs the caller's code: makes a call in which it runs `act`. `client(options)` makes the one client that it
 * needs.
 *
 * @typedef {(act: () => void, client: (options?: object) => object, Pusher) => unknown} Place
 */

/** @type {Record<string, Place>} */
export const placesOfConstruction = {
  "a getter among the options": (act, _, Pusher) => new Pusher(reading(act, "cluster", "eu", docs)),
  "a proxy as options": (act, _, Pusher) => new Pusher(observed(act, { ...docs, cluster: "eu" })),
  "a getter among the headers": (act, client) =>
    client({ headers: reading(act, "x-a", "b") }).trigger("a", "event", "x"),
  "an iterator of headers": (act, client) => {
    const headers = {
      *[Symbol.iterator]() {
        act()
        yield ["x-a", "b"]
      },
    }
    return client({ headers }).trigger("a", "event", "x")
  },
  "a getter among the fetchOptions": (act, client) =>
    client({ fetchOptions: reading(act, "keepalive", true) }).trigger("a", "event", "x"),
  "a getter of a codec": (act, client) =>
    client({ json: reading(act, "stringify", JSON.stringify) }).trigger("a", "event", { some: "data" }),
  "a getter among the options of forURL": (act, _, Pusher) =>
    Pusher.forURL(`https://${docs.key}:${docs.secret}@url.example.com/apps/3`, reading(act, "timeout", 5)),
  "a getter among the options of forCluster": (act, _, Pusher) =>
    Pusher.forCluster("ap1", reading(act, "secret", docs.secret, docs)),
  "a getter of a variable": (act, _, Pusher) =>
    Pusher.fromEnv(
      reading(act, "PUSHER_CLUSTER", "eu", { PUSHER_APP_ID: "3", PUSHER_KEY: docs.key, PUSHER_SECRET: docs.secret }),
    ),
}

/** @type {Record<string, Place>} */
export const placesOfCalls = {
  "the option `now`": (act, client) => {
    const now = () => {
      act()
      return fixedOptions.now()
    }
    return client({ now }).trigger("a", "event", "x")
  },
  "the option `randomBytes`": (act, client) => {
    const randomBytes = (length) => {
      act()
      return fixedOptions.randomBytes(length)
    }
    return client({ randomBytes }).trigger(sealed.channel, "event", sealed.opened)
  },
  "the option `json.stringify`": (act, client) => {
    const stringify = (value) => {
      act()
      return JSON.stringify(value)
    }
    return client({ json: { stringify } }).authorizeChannel(presenceChannel.socket_id, presenceChannel.channel, member)
  },
  "the option `json.parse`": (act, client) => {
    const parse = (text) => {
      act()
      return JSON.parse(text)
    }
    // Not `decrypt`: there, a text that cannot be parsed is taken for a bare string, which other libraries seal.
    return client({ json: { parse } }).channels()
  },
  "a proxy as a list of channels": (act, client) => client().trigger(observed(act, ["a", "b"]), "event", "x"),
  "the toJSON of data": (act, client) => client().trigger("a", "event", serialising(act, { some: "data" })),
  "the toJSON of data that is sealed": (act, client) =>
    client().trigger(sealed.channel, "event", serialising(act, sealed.opened)),
  "a getter in data": (act, client) => client().trigger("a", "event", reading(act, "some", "data")),
  "a getter of a socket id": (act, client) => client().trigger("a", "event", "x", reading(act, "socket_id", "1.2")),
  "an item of a list of infos": (act, client) =>
    client().trigger("a", "event", "x", { info: [showing(act, "user_count")] }),
  "a getter of another parameter": (act, client) => client().trigger("a", "event", "x", reading(act, "other", 1)),
  "a getter of an idempotency key": (act, client) =>
    client().trigger("a", "event", "x", reading(act, "idempotencyKey", "key")),
  "a proxy as a batch": (act, client) =>
    client().triggerBatch(observed(act, [{ channel: "a", name: "event", data: "x" }])),
  "a getter of a batched event's channel": (act, client) =>
    client().triggerBatch([
      { channel: "b", name: "first", data: "y" },
      reading(act, "channel", "a", { name: "event", data: "x" }),
    ]),
  "a getter of a batched event's data": (act, client) =>
    client().triggerBatch([reading(act, "data", sealed.opened, { channel: sealed.channel, name: "event" })]),
  "the toJSON of a batched event's data": (act, client) =>
    client().triggerBatch([
      { channel: "b", name: "first", data: "y" },
      { channel: "a", name: "event", data: serialising(act, [1]) },
    ]),
  "the toJSON of data for a user": (act, client) => client().sendToUser("user", "event", serialising(act, [1])),
  "a getter of a prefix": (act, client) => client().channels(reading(act, "prefix", "presence-")),
  "a getter of an info": (act, client) => client().channel("presence-a", reading(act, "info", "user_count")),
  "a getter of a signal": (act, client) => client().channelUsers("presence-a", reading(act, "signal", undefined)),
  "a getter of a path": (act, client) => client().get(reading(act, "path", "/channels")),
  "a getter among the parameters": (act, client) =>
    client().get({ path: "/channels", params: reading(act, "info", "user_count") }),
  "a parameter that shows itself": (act, client) =>
    client().get({ path: "/channels", params: { info: showing(act, "user_count") } }),
  "the toJSON of a body": (act, client) =>
    client().post({ path: "/events", body: serialising(act, { name: "event" }) }),
  "a getter of what is signed": (act, client) =>
    client().createSignedQueryString(reading(act, "body", "{}", { method: "POST", path: "/apps/3/events" })),
  "a proxy as the parameters of what is signed": (act, client) =>
    client().createSignedQueryString({ method: "GET", path: "/apps/3/channels", params: observed(act, { a: "b" }) }),
  "the toJSON of a member": (act, client) =>
    client().authorizeChannel(presenceChannel.socket_id, presenceChannel.channel, serialising(act, member)),
  "a getter of a user's id": (act, client) =>
    client().authenticateUser(user.socket_id, reading(act, "id", JSON.parse(user.user_data).id)),
  "a getter of a ciphertext": (act, client) =>
    client().decrypt(sealed.channel, reading(act, "ciphertext", sealed.data.ciphertext, { nonce: sealed.data.nonce })),
  "a getter of a webhook's headers": (act, client) =>
    client(signedWebhook.token)
      .webhook(reading(act, "headers", signedWebhook.request.headers, { rawBody: signedWebhook.request.rawBody }))
      .isValid(),
  "a getter of a webhook's body": (act, client) =>
    client(signedWebhook.token)
      .webhook(reading(act, "rawBody", signedWebhook.request.rawBody, { headers: signedWebhook.request.headers }))
      .isValid(),
  "the `get` of a webhook's headers": (act, client) => {
    const get = (name) => {
      act()
      return signedWebhook.request.headers[name]
    }
    return client(signedWebhook.token).webhook({ headers: { get }, rawBody: signedWebhook.request.rawBody }).isValid()
  },
  "a getter of a further token's secret": (act, client) =>
    client()
      .webhook(signedWebhook.request)
      .isValid(reading(act, "secret", signedWebhook.token.secret, { key: signedWebhook.token.key })),
  "a proxy as a list of further tokens": (act, client) =>
    client()
      .webhook(signedWebhook.request)
      .isValid(observed(act, [signedWebhook.token])),
  "the option `fetch`": (act, client) => {
    const fetch = () => {
      act()
      return new Response("{}")
    }
    return client({ fetch }).trigger("a", "event", "x")
  },
  "the hook `onRequest`": (act, client) => client({ onRequest: act }).trigger("a", "event", "x"),
  "a getter of what `onRequest` returns": (act, client) =>
    client({ onRequest: () => reading(act, "headers", {}) }).trigger("a", "event", "x"),
  "a proxy as the headers that `onRequest` returns": (act, client) =>
    client({ onRequest: () => ({ headers: observed(act, {}) }) }).trigger("a", "event", "x"),
  "the hook `onResponse`": (act, client) => client({ onResponse: act }).trigger("a", "event", "x"),
  "a getter of an answer": (act, client) => {
    const fetch = async () => reading(act, "status", 200, { text: async () => '{"channels":{}}' })
    return client({ fetch }).channels()
  },
  "the body of an answer": (act, client) => {
    const text = async () => {
      act()
      return '{"channels":{}}'
    }
    return client({ fetch: async () => ({ status: 200, text }) }).channels()
  },
}
