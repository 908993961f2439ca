// The subpath `/handlers`. Each `@ts-expect-error` is a mistake that the types must find.
import Pusher from "pusher-http-wasm"
import {
  type Authorization,
  type ClientSource,
  type CorsOptions,
  channelAuthHandler,
  type Dedupe,
  type Handler,
  type Member,
  type ReadEvent,
  readWebhook,
  type UnreadableWebhook,
  userAuthHandler,
  type WebhookCallbacks,
  webhookHandler,
} from "pusher-http-wasm/handlers"

interface Events {
  "client-typing": { isTyping: boolean }
  "client-moved": { x: number; y: number }
}
declare const pusher: Pusher<Events>
declare const request: Request

// What a handler is: a Worker's, `Deno.serve`'s, `Bun.serve`'s.
const handler: Handler = channelAuthHandler(pusher, () => true)
export const worker = { fetch: handler } satisfies {
  fetch(
    request: Request,
    env: { PUSHER_URL: string },
    ctx: { waitUntil(promise: Promise<unknown>): void },
  ): Promise<Response>
}
declare const serve: (handler: (request: Request, info: { remoteAddr: object }) => Response | Promise<Response>) => void
serve(handler)
handler(request).then((response) => response.status satisfies number)

// Where clients come from.
const sources: ClientSource[] = [
  pusher,
  Pusher.fromEnv,
  (env: { PUSHER_URL: string }) => Pusher.forURL(env.PUSHER_URL),
  async (env, _ctx, request) => Pusher.fromEnv({ ...env, PUSHER_HOST: request.headers.get("host") ?? undefined }),
]
for (const source of sources) userAuthHandler(source, () => null)
// @ts-expect-error: no client
channelAuthHandler({}, () => true)
// @ts-expect-error: the class is no client
channelAuthHandler(Pusher, () => true)

// What the callback is asked, and returns.
channelAuthHandler(pusher, async (question) => {
  question satisfies Authorization
  question.socketId satisfies string
  question.request.headers.get("cookie") satisfies string | null
  if (question.kind !== "presence") {
    question.channel satisfies `private-${string}`
    return question.channel.endsWith("-open")
  }
  question.channel satisfies `presence-${string}`
  const member: Member = { user_id: "1", user_info: { name: "Zoë" } }
  return member
})
channelAuthHandler(pusher, ({ kind }) => (kind === "presence" ? { user_id: "1" } : null))
channelAuthHandler(pusher, () => undefined)
// @ts-expect-error: not a kind
channelAuthHandler(pusher, ({ kind }) => kind === "public")
// @ts-expect-error: ids are strings
channelAuthHandler(pusher, () => ({ user_id: 1 }))
// @ts-expect-error: a member has an id
channelAuthHandler(pusher, () => ({ user_info: {} }))
// @ts-expect-error: neither a member nor a decision
channelAuthHandler(pusher, () => "yes")
// @ts-expect-error: no callback
channelAuthHandler(pusher)

userAuthHandler(pusher, async ({ params }) => (params.token === "x" ? { id: "1", watchlist: ["2"] } : null))
// @ts-expect-error: a user has an id
userAuthHandler(pusher, () => ({ name: "Zoë" }))
// @ts-expect-error: not a user
userAuthHandler(pusher, () => true)

// Options.
const cors: CorsOptions = {
  origins: ["https://example.com"],
  credentials: true,
  headers: ["x-csrf-token"],
  maxAge: 600,
}
channelAuthHandler(pusher, () => true, { cors, onError: (error, { env }) => console.error(error, env) })
channelAuthHandler(pusher, () => true, { cors: { origins: async (origin) => origin.endsWith(".example.com") } })
channelAuthHandler(pusher, () => true, { cors: undefined, onError: undefined })
// @ts-expect-error: origins are needed
channelAuthHandler(pusher, () => true, { cors: {} })
// @ts-expect-error: a list, "*" or a function
channelAuthHandler(pusher, () => true, { cors: { origins: "https://example.com" } })
// @ts-expect-error: no such option
channelAuthHandler(pusher, () => true, { onErorr: () => {} })
// @ts-expect-error: pages send no webhooks
webhookHandler(pusher, {}, { cors })

// Webhooks, with the types of events that clients send.
webhookHandler(
  pusher,
  {
    member_added: ({ user_id, channel }, { time, events, env }) => [
      user_id,
      channel,
      time.getTime(),
      events.length,
      env,
    ],
    subscription_count: async ({ subscription_count }) => void (subscription_count satisfies number),
    client_event: (event) => {
      if (event.error) return event.error.code
      if (event.event === "client-typing") return event.data.isTyping satisfies boolean
      return (event.data.x satisfies number) + event.data.y
    },
    "*": (event) => event.name,
  },
  { tokens: [{ key: "key", secret: "secret" }], maxAge: 60_000, waitUntil: true, dedupe: new Set<string>() },
)
webhookHandler(Pusher.fromEnv, { client_event: ({ event, data }) => [event satisfies string, data.anything] })
const seen = new Map<string, boolean>()
const dedupe: Dedupe = { has: (key) => seen.has(key), add: (key) => seen.set(key, true) }
const callbacks: WebhookCallbacks<Events> = {}
webhookHandler(pusher, callbacks, { dedupe })
// @ts-expect-error: no such event
webhookHandler(pusher, { channel_ocupied: () => {} })
// @ts-expect-error: members of another event
webhookHandler(pusher, { channel_occupied: ({ user_id }: { user_id: string }) => user_id })
webhookHandler(pusher, {
  client_event: (event) => {
    // @ts-expect-error: no such event of clients
    if (event.event === "client-left") return
  },
})
// @ts-expect-error: a store has both methods
webhookHandler(pusher, {}, { dedupe: { has: () => false } })
// @ts-expect-error: milliseconds
webhookHandler(pusher, {}, { maxAge: "1h" })

const { events, time } = await readWebhook(pusher, request, { maxAge: Infinity })
time satisfies Date
for (const event of events) {
  event satisfies ReadEvent<Events>
  if (event.name === "client_event" && !event.error && event.event === "client-moved") event.data.x satisfies number
}
readWebhook(pusher, request).catch((error: UnreadableWebhook) => (error.status satisfies number) + (error.reason ?? ""))
// @ts-expect-error: a request is needed
readWebhook(pusher)
