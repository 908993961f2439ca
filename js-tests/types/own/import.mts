// What `import` gives, and how it may be used. Each `@ts-expect-error` is a mistake that the types must find.
import Pusher, {
  Pusher as Named,
  PusherError,
  PusherRequestError,
  PusherValidationError,
  PusherWebHookError,
  Token,
  WebHook,
} from "pusher-http-wasm"

const pusher = new Pusher({ appId: "1", key: "key", secret: "secret", cluster: "eu" })
const same: Pusher = new Named({ appId: 1, key: "key", secret: "secret", host: "localhost", port: 6001, useTLS: false })
Pusher.forURL("http://key:secret@localhost/apps/1", { timeout: 1000 })
Pusher.forCluster("eu", { appId: "1", key: "key", secret: "secret" })
Pusher.forCluster("eu", { appId: "1", key: "key", secret: "secret" }).free()

const response: Response = await pusher.trigger(
  "channel",
  "event",
  { any: "data" },
  { socket_id: "1.1", info: ["user_count"] },
)
await response.json()
await same.trigger(["a", "b"], "event", "text", { signal: new AbortController().signal, idempotencyKey: "once" })
await pusher.trigger("channel", "event")
await pusher.triggerBatch([
  { channel: "a", name: "event", data: 1 },
  { channel: "b", name: "event", socket_id: "1.1" },
])
await pusher.sendToUser("user", "event", {})
await pusher.terminateUserConnections("user")
await pusher.get({ path: "/channels", params: { info: "user_count" } })
await pusher.post({ path: "/events", body: { name: "event" } })

const { auth, channel_data, shared_secret } = pusher.authorizeChannel("1.1", "presence-a", {
  user_id: "1",
  user_info: { a: 1 },
})
const texts: (string | undefined)[] = [auth, channel_data, shared_secret]
pusher.authenticateUser("1.1", { id: "1", watchlist: ["2"], more: true }).user_data satisfies string
pusher.channelSharedSecret("private-encrypted-a") satisfies Uint8Array
pusher.createSignedQueryString({ method: "GET", path: "/apps/1/channels" }) satisfies string
pusher.config.token?.secret satisfies string | undefined

const webhook: WebHook = pusher.webhook({ headers: new Headers(), rawBody: "" })
webhook.isValid([new Token("key", "secret"), { key: "key", secret: "secret" }])
for (const event of webhook.getEvents()) {
  event.channel satisfies string
  switch (event.name) {
    case "member_added":
      event.user_id satisfies string
      break
    case "client_event":
      event.data satisfies string
      event.user_id satisfies string | undefined
      break
    case "subscription_count":
      event.subscription_count satisfies number
      break
    case "channel_occupied":
      event.user_id satisfies undefined
      // @ts-expect-error: a channel's event has no user
      event.user_id satisfies string
  }
}
webhook.getTime() satisfies Date

try {
  await pusher.get({ path: "/channels" })
} catch (error) {
  if (error instanceof PusherRequestError) {
    error.status satisfies number | undefined
    error.code satisfies "http" | "network" | "timeout" | "aborted"
  } else if (error instanceof PusherValidationError) {
    error.field satisfies string
    if (error.code === "invalid_channel") error.hint satisfies string | undefined
    // @ts-expect-error: no such code
    if (error.code === "no_such_code") texts.pop()
  } else if (error instanceof PusherWebHookError || error instanceof PusherError) {
    error.code satisfies string
  }
}

// @ts-expect-error: an event's name is a string
pusher.trigger("channel", 1, {})
// @ts-expect-error: signing sets this parameter
pusher.get({ path: "/channels", params: { auth_key: "x" } })
// @ts-expect-error: presence needs a user's id
pusher.authorizeChannel("1.1", "presence-a", { name: "x" })
new Pusher({ appId: "1", key: "key", secret: "secret" })
// @ts-expect-error: a secret is needed
new Pusher({ appId: "1", key: "key" })
// @ts-expect-error: no such option
new Pusher({ appId: "1", key: "key", secret: "secret", cluster: "eu", timeOut: 1 })

// Events with types of their own.
interface Events {
  message: { text: string }
  ping: undefined
}
const typed = new Pusher<Events>({ appId: "1", key: "key", secret: "secret", cluster: "eu" })
await typed.trigger("channel", "message", { text: "hello" })
await typed.trigger("channel", "ping")
await typed.triggerBatch([
  { channel: "a", name: "message", data: { text: "" } },
  { channel: "a", name: "ping" },
])
await typed.sendToUser("user", "message", { text: "" })
// @ts-expect-error: no such event
typed.trigger("channel", "massage", { text: "hello" })
// @ts-expect-error: not this event's data
typed.trigger("channel", "message", { txt: "hello" })
// @ts-expect-error: this event has data
typed.trigger("channel", "message")
// @ts-expect-error: not this event's data
typed.triggerBatch([{ channel: "a", name: "message", data: 1 }])

// Typed queries, and everything else that the server libraries of other languages have.
const { channels } = await pusher.channels({ prefix: "presence-", info: ["user_count"] })
for (const { user_count } of Object.values(channels)) user_count satisfies number | undefined
const { occupied, cache } = await pusher.channel("cache-a", { info: "cache", signal: new AbortController().signal })
occupied satisfies boolean
cache?.ttl satisfies number | undefined
for (const { id } of (await pusher.channelUsers("presence-a")).users) id satisfies string
Pusher.fromEnv()
Pusher.fromEnv<Events>({ PUSHER_URL: "…" }, { timeout: 1 }).trigger("channel", "ping")
pusher.decrypt("private-encrypted-a", { nonce: "", ciphertext: "" })
const shared: Pusher.Token = { key: "key", secret: "secret" }
new WebHook(shared, { headers: {}, rawBody: new Uint8Array() })
new Token("key", "secret").sign(new Uint8Array()) satisfies string
const instance: InstanceType<typeof Pusher> = pusher
instance.trigger("channel", "any event", { any: "data" })
response satisfies Pusher.Response

const credentials = { appId: "1", key: "key", secret: "secret", cluster: "eu" }
new Pusher({
  ...credentials,
  maxPayloadBytes: Infinity,
  maxChannels: 1000,
  maxBatchEvents: 1000,
  maxResponseBytes: 1_000_000,
  pathPrefix: "/ws",
  signPathPrefix: true,
  fetchOptions: { cf: { cacheTtl: 0 } },
  headers: { "x-mine": "1" },
  json: { stringify: JSON.stringify, parse: (text) => JSON.parse(text) },
  onRequest: ({ method, url, attempt }) => console.log(method, url, attempt),
  onResponse: ({ status, code, ms }) => console.log(status, code, ms),
  now: () => Date.now(),
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  fetch: (url, init) => fetch(url, init),
})
// What `onRequest` returns goes to `onResponse`; a hook that only looks may return anything.
const seen: Pusher.RequestEvent[] = []
new Pusher({
  ...credentials,
  onRequest: ({ attempt }) => ({ begun: attempt, headers: { traceparent: "00" } }),
  onResponse: ({ code }, { begun }: { begun: number }) => console.log(code, begun),
})
new Pusher({ ...credentials, onRequest: (event) => seen.push(event), onResponse: (event) => seen.push(event) })
new Pusher({ ...credentials, onRequest: async ({ url }) => console.log(url), onResponse: async () => {} })
// @ts-expect-error: no such attribute of a channel's users
await pusher.channelUsers("presence-a", { info: 1 })
// @ts-expect-error: an answer has no such member of that type
occupied satisfies string

// What `info` asks for is typed in the answer.
const triggered = await pusher.trigger("presence-a", "event", {}, { info: ["user_count"], socket_id: "1.1" })
const counts = await triggered.json()
counts.channels?.["presence-a"]?.user_count satisfies number | undefined
// @ts-expect-error: a number
counts.channels?.["presence-a"]?.user_count satisfies string | undefined
const { channels: destructured } = await triggered.json()
destructured?.["presence-a"]?.subscription_count satisfies number | undefined
// @ts-expect-error: a number
destructured?.["presence-a"]?.subscription_count satisfies string | undefined
const batch = await pusher.triggerBatch([{ channel: "a", name: "event", info: "subscription_count" }])
const inBatch = await batch.json()
inBatch.batch?.[0]?.subscription_count satisfies number | undefined
// @ts-expect-error: a number
inBatch.batch?.[0]?.subscription_count satisfies string | undefined
triggered satisfies Response
const anything: { any: string } = await (await pusher.trigger("channel", "event")).json()

// A socket id in place of the params.
await pusher.trigger("channel", "event", {}, "123.456")
await typed.trigger("channel", "message", { text: "" }, "123.456")
// @ts-expect-error: no such param
pusher.trigger("channel", "event", {}, { socketId: "123.456" })
// @ts-expect-error: a callback, as npm `pusher` took before version 5
pusher.trigger("channel", "event", {}, () => {})

// Events with types: functions and classes around them.
const publish = <Name extends keyof Events>(name: Name, data: Events[Name]) => typed.sendToUser("user", name, data)
const ask = <Name extends keyof Events>(name: Name, data: Events[Name]) =>
  typed.trigger("channel", name, data, { info: "user_count" })
const untyped: Pusher = typed
class Messages extends Pusher<Events> {
  send(text: string) {
    return this.trigger("channel", "message", { text })
  }
}
class OnlyMessages extends Pusher {
  trigger<Name extends keyof Events>(channel: string, event: Name, data: Events[Name]) {
    return super.trigger(channel, event, data)
  }
}
class OneEvent extends Pusher<Events> {
  trigger(channel: string, event: "message", data: { text: string }) {
    return super.trigger(channel, event, data)
  }
}
void [anything, publish, ask, untyped, Messages, OnlyMessages, OneEvent, Named]

// Webhooks.
webhook.reason satisfies
  | undefined
  | "no_body"
  | "not_signed"
  | "unknown_key"
  | "bad_signature"
  | "content_type"
  | "not_json"
webhook.verify().events.length satisfies number
webhook.verify([{ key: "key", secret: "secret" }]).time_ms satisfies number
webhook.token?.key satisfies string | undefined
new PusherWebHookError("message").reason satisfies Pusher.WebHookReason | Pusher.WebHookRefusal | undefined
new PusherWebHookError("message").status satisfies number | undefined
declare const promised: Promise<Headers>
declare const body: ReadableStream<Uint8Array>
declare const parsed: { events: object[] }
declare const request: Request
declare const anyObject: object
interface NodeHeaders {
  "content-type"?: string
  [name: string]: string | string[] | undefined
}
declare const nodeHeaders: NodeHeaders
pusher.webhook({ headers: request.headers, rawBody: await request.text() })
pusher.webhook({ headers: request.headers, rawBody: await request.arrayBuffer() })
pusher.webhook({ headers: nodeHeaders, rawBody: new Uint8Array() })
pusher.webhook({ headers: anyObject, rawBody: "" })
pusher.webhook({ headers: { "X-Pusher-Key": "key" }, rawBody: "" })
// @ts-expect-error: await it first
pusher.webhook({ headers: promised, rawBody: "" })
// @ts-expect-error: await it first
pusher.webhook({ headers: {}, rawBody: request.text() })
// @ts-expect-error: the body is not read yet
pusher.webhook({ headers: {}, rawBody: body })
// @ts-expect-error: the signature covers the body's bytes
pusher.webhook({ headers: {}, rawBody: parsed })
// @ts-expect-error: it has `headers`, but no `rawBody`
pusher.webhook(request)

// Questions.
pusher.channels({ filter_by_prefix: "presence-" })
// @ts-expect-error: no such option
pusher.channels({ filterByPrefix: "presence-" })
