import type Pusher from "pusher-http-wasm"

/** The runtime's `Request`. */
export type HostRequest = typeof globalThis extends { Request: { prototype: infer Host } } ? Host : CommonRequest
/** The runtime's `Response`. */
export type HostResponse = typeof globalThis extends { Response: { prototype: infer Host } } ? Host : CommonResponse

/** The part of a request that is used, where no runtime's types are loaded. */
export interface CommonRequest {
  /** The HTTP method. */
  readonly method: string
  /** The whole URL. */
  readonly url: string
  /** The headers. */
  readonly headers: {
    /**
     * Returns a header.
     * @param name Its name, in any case.
     */
    get(name: string): string | null
  }
  /** The body as a stream. */
  readonly body: unknown
  /** Whether the body was read. */
  readonly bodyUsed: boolean
  /** Reads the body. */
  arrayBuffer(): Promise<ArrayBuffer>
}

/** The part of a response that every runtime has, where no runtime's types are loaded. */
export interface CommonResponse {
  /** The HTTP status. */
  readonly status: number
  /** Reads the body. */
  text(): Promise<string>
  /** Reads the body as JSON. */
  json(): Promise<any>
}

/**
 * An endpoint: what `fetch` is in a Worker's default export, in `Deno.serve` and in `Bun.serve`. For Node's servers and AWS Lambda, wrap it in
 * `nodeHandler` or `lambdaHandler` of `pusher-http-wasm/node`. It rejects, with a `PusherValidationError`, only if it is called with anything but a
 * `Request`.
 * @param request The request.
 * @param env What the runtime passes second: in a Worker, its variables and bindings.
 * @param ctx What the runtime passes third: in a Worker, the context with `waitUntil`.
 */
export type Handler = (request: HostRequest, env?: any, ctx?: any) => Promise<HostResponse>

/**
 * A client, or a function that returns one for a request. `Pusher.fromEnv` may be passed as it is: it reads the variables that the runtime passes
 * with the request, or else those of the process.
 * @param env What the runtime passes second: in a Worker, its variables and bindings.
 * @param ctx What the runtime passes third: in a Worker, the context with `waitUntil`.
 * @param request The request.
 * @example
 * ```ts
 * const ofEnvironment = channelAuthHandler(Pusher.fromEnv, () => true)
 * const ofBindings = channelAuthHandler((env) => Pusher.fromEnv(env, { timeout: 5_000 }), () => true)
 * ```
 */
export type ClientSource<Events = any> =
  | Pusher<Events>
  | ((env: any, ctx: any, request: HostRequest) => Pusher<Events> | Promise<Pusher<Events>>)

/**
 * Which pages of other origins may use an endpoint.
 * @example
 * ```ts
 * const handler = channelAuthHandler(Pusher.fromEnv, () => true, {
 *   cors: { origins: ["https://app.example"], credentials: true, headers: ["authorization"], maxAge: 600 },
 * })
 * ```
 */
export interface CorsOptions {
  /**
   * The origins, such as `https://example.com`; `"*"` for all; or a function that tells.
   * @param origin The origin of the page that asks.
   */
  origins: string[] | "*" | ((origin: string) => boolean | Promise<boolean>)
  /** Whether pages may send cookies. */
  credentials?: boolean | undefined
  /** Headers that pages may send, besides `content-type`. */
  headers?: string[] | undefined
  /** How long browsers may cache this, in seconds. */
  maxAge?: number | undefined
}

/** Where an error happened. */
export interface ErrorContext {
  /** The request. */
  request: HostRequest
  /** What the runtime passed second: in a Worker, its variables and bindings. */
  env: any
  /** What the runtime passed third. */
  ctx: any
}

/**
 * Options of the endpoints.
 * @example
 * ```ts
 * const handler = channelAuthHandler(Pusher.fromEnv, () => true, {
 *   onError: (error) => console.error("authorising failed", error),
 * })
 * ```
 */
export interface HandlerOptions {
  /** Which pages of other origins may use it. None by default. */
  cors?: CorsOptions | undefined
  /**
   * Gets what a callback threw, and mistakes in what it returned: the sender only sees a 500. By default, the error is
   * printed with `console.error`.
   * @param error What was thrown.
   * @param context Where. Its members are not enumerable, so that no log shows the secrets in them.
   */
  onError?: ((error: any, context: ErrorContext) => void | Promise<void>) | undefined
}

/** What every callback gets. */
interface Asked {
  /** The request, its body read. */
  request: HostRequest
  /** The client's connection. */
  socketId: string
  /** All parameters of the body: strings of a form, any values of JSON. */
  params: { [name: string]: any }
  /** What the runtime passed second: in a Worker, its variables and bindings. Not enumerable, so that no log shows the secrets in it. */
  env: any
  /** What the runtime passed third: in a Worker, the context with `waitUntil`. */
  ctx: any
}

/** A request to subscribe to a private channel. */
export interface PrivateAuthorization extends Asked {
  /** What kind of channel it is. */
  kind: "private"
  /** The channel's name. */
  channel: `private-${string}`
}
/** A request to subscribe to an encrypted channel. */
export interface EncryptedAuthorization extends Asked {
  /** What kind of channel it is. */
  kind: "encrypted"
  /** The channel's name. */
  channel: `private-encrypted-${string}`
}
/** A request to subscribe to a presence channel. */
export interface PresenceAuthorization extends Asked {
  /** What kind of channel it is. */
  kind: "presence"
  /** The channel's name. */
  channel: `presence-${string}`
}
/** A request to subscribe to a channel. `kind` says what to return: a member for a presence channel, otherwise a boolean. */
export type Authorization = PrivateAuthorization | EncryptedAuthorization | PresenceAuthorization

/**
 * A member of a presence channel: at most 1024 bytes as JSON.
 * @example
 * ```ts
 * const handler = channelAuthHandler(Pusher.fromEnv, ({ kind }) =>
 *   kind === "presence" ? { user_id: "alice", user_info: { name: "Alice" } } : true,
 * )
 * ```
 */
export interface Member {
  /** The user's id: 1 to 128 characters. */
  user_id: string
  /** What other members may know of the user. */
  user_info?: unknown
}

/** The values that refuse a client. */
export type Refused = false | null | undefined

/**
 * Makes the endpoint that pusher-js asks before it subscribes to a private, presence or encrypted channel (`channelAuthorization.endpoint`). It
 * takes forms and JSON, and several channels at once from the plugin pusher-js-auth.
 *
 * It answers 200 with what pusher-js expects, 403 if the callback refuses, 400 with a reason for a request that is malformed, 405, 413 above
 * 65 536 bytes, 415 for another type of body, and 500 if the callback throws or returns something else.
 * @param pusher A client, or a function that returns one, such as `Pusher.fromEnv`.
 * @param authorize Tells whether the client may subscribe: `true` or `false`; for a presence channel, the member or `false`.
 * @param options CORS, and where errors go.
 * @returns The endpoint.
 * @throws {Pusher.PusherValidationError} `invalid_option`, at once, if an argument or option is wrong.
 * @example
 * ```ts
 * export default {
 *   fetch: channelAuthHandler(Pusher.fromEnv, async ({ request, channel, kind }) => {
 *     const user = await findUser(request)
 *     if (!user?.rooms.includes(channel)) return false
 *     return kind === "presence" ? { user_id: user.id, user_info: { name: user.name } } : true
 *   }),
 * }
 * ```
 */
export declare function channelAuthHandler(
  pusher: ClientSource,
  authorize: (question: Authorization) => boolean | Member | Refused | Promise<boolean | Member | Refused>,
  options?: HandlerOptions,
): Handler

/** A request to sign in. */
export interface Authentication extends Asked {}

/**
 * Makes the endpoint that pusher-js asks to sign a user in (`userAuthentication.endpoint`).
 *
 * It answers like `channelAuthHandler`.
 * @param pusher A client, or a function that returns one, such as `Pusher.fromEnv`.
 * @param authenticate Returns the user, or `null` if nobody is signed in.
 * @param options CORS, and where errors go.
 * @returns The endpoint.
 * @throws {Pusher.PusherValidationError} `invalid_option`, at once, if an argument or option is wrong.
 * @example
 * ```ts
 * const handler = userAuthHandler(pusher, async ({ request }) => {
 *   const user = await findUser(request)
 *   return user && { id: user.id, user_info: { name: user.name } }
 * })
 * ```
 */
export declare function userAuthHandler(
  pusher: ClientSource,
  authenticate: (
    question: Authentication,
  ) => Pusher.UserChannelData | Refused | Promise<Pusher.UserChannelData | Refused>,
  options?: HandlerOptions,
): Handler

/** An event of a name and a type of data that a client triggered. */
type ClientEventNamed<Name, Data> = Omit<Pusher.ClientEvent, "event" | "data"> & {
  /** The event's name. */
  event: Name
} & (
    | {
        /** What the client sent: parsed, and decrypted. */
        data: Data
        /** Only of an event that could not be decrypted. */
        error?: undefined
      }
    | {
        /** What the client sent, encrypted. */
        data: unknown
        /** Why it could not be decrypted. */
        error: Pusher.PusherError
      }
  )

/** An event that a client triggered, discriminated by `event` where the types of events are known. */
export type ReadClientEvent<Events = any> = unknown extends Events
  ? ClientEventNamed<string, any>
  : { [Name in keyof Events & string]: ClientEventNamed<Name, Events[Name]> }[keyof Events & string]

/** An event of a webhook, discriminated by `name`. Kinds that are not listed pass through unchanged. */
export type ReadEvent<Events = any> = Exclude<Pusher.WebHookEvent, Pusher.ClientEvent> | ReadClientEvent<Events>

/** A webhook that is valid. */
export interface ReadWebhook<Events = any> {
  /** The events, in order. */
  events: ReadEvent<Events>[]
  /** When they happened; the same when the webhook is sent again. */
  time: Date
}

/** How webhooks are checked. */
export interface ReadWebhookOptions {
  /** Further keys and secrets, for the time in which a key is rotated. */
  tokens?: Pusher.Token[] | undefined
  /**
   * How old a webhook may be, in milliseconds. 600 000 by default: Channels sends one again for five minutes, with the same time. `Infinity`
   * for any age.
   */
  maxAge?: number | undefined
}

/** Why a webhook is not valid. */
export interface UnreadableWebhook extends Pusher.PusherWebHookError {
  /** The HTTP status to answer with. */
  readonly status: number
}

/**
 * Reads and checks a webhook. What clients sent is parsed, and decrypted.
 * @param pusher A client, or a function that returns one.
 * @param request The request, its body unread.
 * @param options How it is checked.
 * @returns The events and their time.
 * @throws {UnreadableWebhook} A `PusherWebHookError`, if the webhook is not valid; answer with its `status`.
 * @throws {Pusher.PusherValidationError} `invalid_option` or `invalid_argument`, if an argument or option is wrong.
 * @throws {Error} If the request's body was read before. Anything that `pusher` throws is thrown as it is.
 * @example
 * ```ts
 * const { events, time } = await readWebhook(pusher, request)
 * for (const event of events) if (event.name === "member_added") console.log(event.user_id, time)
 * ```
 */
export declare function readWebhook<Events = any>(
  pusher: ClientSource<Events>,
  request: HostRequest,
  options?: ReadWebhookOptions,
): Promise<ReadWebhook<Events>>

/** What callbacks get in addition to the event. */
export interface WebhookContext<Events = any> extends ReadWebhook<Events> {
  /** The request, its body read. */
  request: HostRequest
  /** What the runtime passed second: in a Worker, its variables and bindings. Not enumerable, so that no log shows the secrets in it. */
  env: any
  /** What the runtime passed third: in a Worker, the context with `waitUntil`. */
  ctx: any
}

/**
 * Is called for an event. What it returns is awaited.
 * @param event The event.
 * @param context The request, and the whole webhook.
 */
type Callback<Event, Events> = (event: Event, context: WebhookContext<Events>) => unknown

/** Callbacks by the name of the event. Each is awaited before the next is called. */
export interface WebhookCallbacks<Events = any> {
  /** A first client subscribed to a channel. */
  channel_occupied?: Callback<Pusher.ChannelEvent, Events>
  /** The last client left a channel. */
  channel_vacated?: Callback<Pusher.ChannelEvent, Events>
  /** A client subscribed to a cache channel that had nothing to give it. */
  cache_miss?: Callback<Pusher.ChannelEvent, Events>
  /** A user joined a presence channel. */
  member_added?: Callback<Pusher.MemberEvent, Events>
  /** A user left a presence channel. */
  member_removed?: Callback<Pusher.MemberEvent, Events>
  /** A client triggered an event. If the types of events are known, check `error` and `event` first: then `data` has its type. */
  client_event?: Callback<ReadClientEvent<Events>, Events>
  /** The number of a channel's subscriptions changed. */
  subscription_count?: Callback<Pusher.SubscriptionCountEvent, Events>
  /** Any other, and those without a callback of their own. */
  "*"?: Callback<ReadEvent<Events>, Events>
}

/**
 * Remembers webhooks, by their signatures. A `Map` with `add(key) { this.set(key, true) }` is one; so is a store such as Workers KV or Redis,
 * with a time to live above `maxAge`.
 * @example
 * ```ts
 * const dedupe = {
 *   has: (key: string) => env.KV.get(key),
 *   add: (key: string) => env.KV.put(key, "1", { expirationTtl: 900 }),
 * }
 * const handler = webhookHandler(Pusher.fromEnv, { "*": ({ name }) => console.log(name) }, { dedupe })
 * ```
 */
export interface Dedupe {
  /**
   * Tells whether a webhook was handled. If it throws, the response is 500, and Channels sends the webhook again.
   * @param key Its signature.
   */
  has(key: string): unknown
  /**
   * Remembers a webhook. Called when every callback has succeeded; if it throws, `onError` learns of it, and the response stays 200.
   * @param key Its signature.
   */
  add(key: string): unknown
}

/**
 * Options of `webhookHandler`.
 * @example
 * ```ts
 * const handler = webhookHandler(Pusher.fromEnv, { "*": ({ name }) => console.log(name) }, {
 *   tokens: [{ key: "old-key", secret: "old-secret" }],
 *   maxAge: 300_000,
 *   waitUntil: true,
 * })
 * ```
 */
export interface WebhookHandlerOptions extends ReadWebhookOptions {
  /** Remembers webhooks, so that one that is sent twice is handled once. */
  dedupe?: Dedupe | undefined
  /**
   * Whether to answer before the callbacks have ended, where the runtime has `ctx.waitUntil`. Channels then does not learn of a failure, and does
   * not send the webhook again. `false` by default.
   */
  waitUntil?: boolean | undefined
  /**
   * Gets what callbacks threw. By default, it is printed with `console.error`.
   * @param error What was thrown.
   * @param context Where. Its members are not enumerable, so that no log shows the secrets in them.
   */
  onError?: ((error: any, context: ErrorContext) => void | Promise<void>) | undefined
}

/**
 * Makes the endpoint that Channels sends webhooks to. Events reach their callbacks in order, one after the other.
 *
 * It answers 200 when all callbacks have succeeded, 500 if one failed, so that Channels sends the webhook again, 401 if it is not authentic, and
 * 400, 405, 413 or 415 with a reason otherwise.
 * @param pusher A client, or a function that returns one, such as `Pusher.fromEnv`.
 * @param callbacks What to call for each kind of event.
 * @param options How webhooks are checked, and what becomes of errors.
 * @returns The endpoint.
 * @throws {Pusher.PusherValidationError} `invalid_option`, at once, if an argument or option is wrong.
 * @example
 * ```ts
 * export default {
 *   fetch: webhookHandler(Pusher.fromEnv, {
 *     member_added: ({ channel, user_id }) => console.log(`${user_id} joined ${channel}`),
 *     client_event: ({ channel, event, data }) => save(channel, event, data),
 *   }),
 * }
 * ```
 */
export declare function webhookHandler<Events = any>(
  pusher: ClientSource<Events>,
  callbacks: WebhookCallbacks<Events>,
  options?: WebhookHandlerOptions,
): Handler
