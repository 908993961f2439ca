/** The runtime's `Request`. */
export type HostRequest = typeof globalThis extends { Request: { prototype: infer Host } } ? Host : any
/** The runtime's `Response`. */
export type HostResponse = typeof globalThis extends { Response: { prototype: infer Host } } ? Host : any

/** Options of a fake. */
export interface FakeChannelsOptions {
  /** The app's id. `app-id` by default. */
  appId?: string | undefined
  /** The app's key. `app-key` by default. */
  key?: string | undefined
  /** The app's secret. `app-secret` by default. */
  secret?: string | undefined
  /** The master key of encrypted channels, 32 bytes in base64. With it, `events` and `received` hold their data as it was before encryption. */
  encryptionMasterKeyBase64?: string | undefined
  /** `false`: the app is disabled, and every request is refused with 403. */
  enabled?: boolean | undefined
  /** The time in milliseconds, for the server, and by `options` for the client. `Date.now` by default. */
  now?: (() => number) | undefined
  /** Limits other than Pusher's, so that a test reaches one with little data. */
  limits?: Partial<Limits> | undefined
}

/** The limits of Channels. */
export interface Limits {
  /** Seconds that a request's time may differ from the server's, 600. */
  timestampSkewSeconds: number
  /** Bytes of a request's body, 1 048 576. */
  requestBodyBytes: number
  /** Characters of a channel's name, 200. */
  channelNameLength: number
  /** Characters of an event's name, 200. */
  eventNameLength: number
  /** Bytes of an event's data, 10 240. */
  eventBytes: number
  /** Channels of one event, 100. */
  channelsPerEvent: number
  /** Events of one batch, 10. */
  eventsPerBatch: number
  /** Members of a presence channel, 100. */
  presenceMembers: number
  /** Bytes of a member's `user_info`, 1 024. */
  userInfoBytes: number
  /** Characters of a user's id, 128. */
  userIdLength: number
  /** Users on a watchlist, 100. */
  watchlistLength: number
  /** Client events of one connection in a second, 10. */
  clientEventsPerSecond: number
  /** Bytes of one WebSocket message, 131 072. */
  messageBytes: number
  /** Seconds that a cache channel keeps its last event, 1 800. */
  cacheTtlSeconds: number
  /** Seconds that the response to a call with an idempotency key is kept, 120. */
  idempotencyTtlSeconds: number
  /** Milliseconds that a webhook's receiver may take to answer, 10 000. */
  webhookTimeoutMs: number
}

/** An event that was published: one for each of its channels. */
export interface TriggeredEvent {
  /** The channel. An event for a user has `#server-to-user-` and the user's id. */
  channel: string
  /** The event's name. */
  event: string
  /** The data, parsed; on an encrypted channel decrypted, if the fake has the master key. */
  data: any
  /** The connection that did not get the event. */
  socketId?: string
}

/** An event that reached a subscriber. */
export interface ReceivedEvent {
  /** The channel. */
  channel?: string
  /** The event's name. */
  event: string
  /** The data, parsed; on an encrypted channel decrypted, if the fake has the master key. */
  data: any
  /** On a presence channel, the user who sent a client event. */
  userId?: string
}

/** A request to the HTTP API. */
export interface RecordedRequest {
  /** The method. */
  method: string
  /** The path, such as `/apps/app-id/events`. */
  path: string
  /** The query as it was sent. */
  query: string
  /** The query, decoded. */
  params: { [name: string]: string }
  /** The headers, their names in lower case. */
  headers: { [name: string]: string | string[] }
  /** The body. */
  body: string
  /** What was answered; missing where a fault took its place. */
  response?: { status: number; body: string }
  /** Whether the server did what was asked: it neither refused the request nor met a fault first. */
  isTaken: boolean
  /** Whether the client may still wait for the response. */
  isOpen: boolean
}

/**
 * A response in place of the real one.
 * @example
 * ```ts
 * fake.failNext({ status: 429, headers: { "retry-after": "2" } })
 * fake.failNext({ hang: true })
 * fake.respondWith({ delayMs: 50 })
 * ```
 */
export interface FakeAnswer {
  /** The status, from 200 to 599. */
  status?: number | undefined
  /** Headers. */
  headers?: { [name: string]: string } | undefined
  /** The body: text, bytes, or an object that is sent as JSON. */
  body?: string | Uint8Array | object | undefined
  /** Milliseconds before the response; alone, it delays the real one. */
  delayMs?: number | undefined
  /** No connection is made. */
  refuse?: boolean | undefined
  /** The connection ends before there is a response. */
  reset?: boolean | undefined
  /** There is never a response. */
  hang?: boolean | undefined
  /** The body begins and never ends. */
  hangBody?: boolean | undefined
  /** The body begins, and then the connection ends. */
  resetBody?: boolean | undefined
  /** The server does what was asked before all this, so that the event is published. */
  takesRequest?: boolean | undefined
}

/** What a test declares of a channel. */
export interface ChannelState {
  /** The ids of the users on a presence channel. */
  users?: string[] | undefined
  /** How many users there are on a presence channel. As many as `users` by default. */
  userCount?: number | undefined
  /** How many subscriptions there are. As many as `users` by default, or 1. */
  subscriptionCount?: number | undefined
  /** The last event of a cache channel. */
  cache?: { data: string; ttl: number } | null | undefined
}

/** The channels that a test declares occupied. */
export interface ChannelStates extends Map<string, ChannelState> {
  /**
   * Declares a channel occupied.
   * @param name The channel.
   * @param state Who is on it.
   * @returns The channels.
   * @throws {TypeError} If an argument is malformed.
   * @example
   * ```ts
   * fake.channels.set("presence-lobby", { users: ["alice", "bob"] })
   * ```
   */
  set(name: string, state?: ChannelState): this
}

/** How a subscriber connects. */
export interface ConnectOptions {
  /** The member of a presence channel. */
  member?: { user_id: string; user_info?: unknown } | undefined
  /** Signs the subscriber in as this user, so that events for the user reach it. */
  userId?: string | undefined
  /** The connection's id. A random one by default. */
  socketId?: string | undefined
  /** What your endpoint answered to `authRequest` with the same `socketId`. Signed with the app's secret by default. */
  auth?: { auth: string; channel_data?: string | undefined } | undefined
}

/** A subscriber without a network. */
export interface Subscriber {
  /** The connection's id. */
  readonly socketId: string
  /** The events that reached it. */
  readonly received: ReceivedEvent[]
  /** Whether neither side has ended the connection. */
  readonly isConnected: boolean
  /**
   * Sends a client event to the channel's other subscribers.
   * @param event The event's name, beginning with `client-`.
   * @param data The data.
   * @throws {Error} If the server rejects the event.
   * @example
   * ```ts
   * const alice = fake.connect("private-room")
   * alice.trigger("client-typing", { isTyping: true })
   * ```
   */
  trigger(event: string, data?: unknown): void
  /**
   * Ends the connection.
   * @example
   * ```ts
   * const alice = fake.connect("presence-room", { member: { user_id: "alice" } })
   * alice.disconnect()
   * ```
   */
  disconnect(): void
}

/** An event of a webhook. */
export interface FakeWebhookEvent {
  /** The kind of event, such as `channel_occupied`. */
  name: string
  /** What else the event says. */
  [field: string]: unknown
}

/** Further parts of a webhook's request. */
export interface WebhookRequestOptions {
  /** The URL of your endpoint. `https://app.test/pusher/webhook` by default. */
  url?: string | undefined
  /** When the events happened, in milliseconds. Now by default. */
  time?: number | undefined
}

/** Further parts of a request of pusher-js. */
export interface AuthRequestOptions {
  /** The connection's id. A random one by default. */
  socketId?: string | undefined
  /** Further parameters of the form, as pusher-js sends them with `params`. */
  params?: { [name: string]: string } | undefined
  /** Headers, such as a cookie or a token. */
  headers?: any
  /** The URL of your endpoint. `https://app.test/pusher/auth` by default, or `https://app.test/pusher/user-auth`. */
  url?: string | undefined
}

/** What an event is expected to be. What is left out may be anything. */
export interface ExpectedEvent {
  /** The channel. */
  channel?: string | undefined
  /** The event's name. */
  event?: string | undefined
  /**
   * The data, equal in every part; or a function that tells whether it is right. The matchers of jest and vitest may stand anywhere in it:
   * `{ id: expect.any(Number) }`.
   */
  data?: any
}

/** The options of a client of the fake. */
export interface FakeClientOptions {
  /** The app's id. */
  appId: string
  /** The app's key. */
  key: string
  /** The app's secret. */
  secret: string
  /** The fake's host, which does not exist. */
  host: string
  /** TLS, as with Channels. */
  useTLS: true
  /** The largest event, as with Channels. */
  maxPayloadBytes: number
  /**
   * The fake's `fetch`.
   * @param input The URL.
   * @param init The rest of the request.
   */
  fetch: (input: any, init?: any) => Promise<HostResponse>
  /** The master key, if the fake has one. */
  encryptionMasterKeyBase64?: string
  /** The fake's clock, if it has one. */
  now?: () => number
}

/** Environment variables that `Pusher.fromEnv` reads. */
export interface ClientEnv {
  /** The server and the app. */
  PUSHER_URL: string
  /** The fake's master key, if it has one. */
  PUSHER_ENCRYPTION_MASTER_KEY_BASE64?: string
}

/** A Channels server without a network. */
export interface FakeChannels {
  /** What to make a client with: `new Pusher(fake.options)`. */
  readonly options: FakeClientOptions
  /** The environment of code that makes its client with `Pusher.fromEnv`. Its `fetch` has to be the fake's, as `globalThis.fetch` or as an option. */
  readonly env: ClientEnv
  /** Where the fake is, though no request leaves the program: any URL that is passed to its `fetch` reaches it. */
  readonly url: string
  /** The requests so far, refused ones as well. */
  readonly requests: RecordedRequest[]
  /** The events published so far. */
  readonly events: TriggeredEvent[]
  /** What Channels would have sent webhooks of: channels occupied and vacated, members, client events. */
  readonly webhooks: FakeWebhookEvent[]
  /** The channels that queries return, in addition to those with subscribers from `connect`. */
  readonly channels: ChannelStates
  /**
   * Answers a request as Channels does.
   * @param input The URL, or a `Request`.
   * @param init The rest of the request.
   * @returns The response. Under a fault of the network, the promise rejects with a `TypeError`, as that of `fetch` does.
   * @example
   * ```ts
   * globalThis.fetch = fake.fetch // for code that makes its client with `Pusher.fromEnv(fake.env)`
   * ```
   */
  fetch(input: any, init?: any): Promise<HostResponse>
  /**
   * Forgets everything: requests, events, webhooks, channels, faults, answers. Subscribers are disconnected.
   * @example
   * ```ts
   * fake.reset() // between two tests
   * ```
   */
  reset(): void
  /**
   * Makes the next request fail. Call it twice for the next two. A client retries some requests, such as those that `refuse`d: with the
   * option `retry: false` it does not.
   * @param fault What happens to the request.
   * @throws {TypeError} If an argument is malformed.
   * @example
   * ```ts
   * fake.failNext({ status: 503, headers: { "retry-after": "1" } })
   * fake.failNext({ reset: true, takesRequest: true }) // it arrives, and the client does not learn of it
   * ```
   */
  failNext(fault: FakeAnswer): void
  /**
   * Answers every request in another way from now on. `failNext` takes precedence.
   * @param answer The response, or a function that returns one, or `undefined` for the real one.
   * @returns A function that undoes it.
   * @throws {TypeError} If an argument is malformed.
   * @example
   * ```ts
   * const undo = fake.respondWith(({ path }) => (path.endsWith("/events") ? { status: 500 } : undefined))
   * undo()
   * ```
   */
  respondWith(
    answer: FakeAnswer | ((request: RecordedRequest) => FakeAnswer | undefined | Promise<FakeAnswer | undefined>),
  ): () => void
  /**
   * Connects a subscriber.
   * @param channel The channel.
   * @param options Who it is.
   * @returns The subscriber.
   * @throws {Error} If the subscription is refused.
   * @throws {TypeError} If an argument is malformed.
   * @example
   * ```ts
   * const alice = fake.connect("presence-room", { member: { user_id: "alice" } })
   * await pusher.trigger("presence-room", "message", { text: "Hello" })
   * alice.received // [{ channel: "presence-room", event: "message", data: { text: "Hello" } }]
   * ```
   */
  connect(channel: string, options?: ConnectOptions): Subscriber
  /**
   * Makes a signed webhook, to pass to your handler.
   * @param events The events, or one.
   * @param headers Headers to add, or to have in place of the right ones.
   * @param options The URL and the time.
   * @returns The request.
   * @throws {TypeError} If an argument is malformed.
   * @example
   * ```ts
   * const response = await handler(fake.webhookRequest({ name: "channel_occupied", channel: "orders" }))
   * ```
   */
  webhookRequest(
    events: FakeWebhookEvent | FakeWebhookEvent[],
    headers?: any,
    options?: WebhookRequestOptions,
  ): HostRequest
  /**
   * Makes the request by which pusher-js asks whether it may subscribe, to pass to your handler.
   * @param channel The channel.
   * @param options The connection, and what else is sent.
   * @returns The request.
   * @throws {TypeError} If an argument is malformed.
   * @example
   * ```ts
   * const response = await handler(fake.authRequest("private-room", { headers: { cookie: "user=alice" } }))
   * ```
   */
  authRequest(channel: string, options?: AuthRequestOptions): HostRequest
  /**
   * Makes the request by which pusher-js signs a user in, to pass to your handler.
   * @param options The connection, and what else is sent.
   * @returns The request.
   * @throws {TypeError} If an argument is malformed.
   * @example
   * ```ts
   * const response = await handler(fake.userAuthRequest({ headers: { cookie: "user=alice" } }))
   * ```
   */
  userAuthRequest(options?: AuthRequestOptions): HostRequest
  /**
   * Checks that an event was published.
   * @param expected What the event must be; what is left out may be anything.
   * @param options How many such events there must be; one or more by default.
   * @returns The events that are as expected.
   * @throws {Error} If there are not as many such events. It shows the nearest event, and how it differs.
   * @throws {TypeError} If an argument is malformed.
   * @example
   * ```ts
   * fake.expectTriggered({ channel: "orders", event: "paid", data: { id: 7 } })
   * fake.expectTriggered({ channel: "orders" }, { times: 0 })
   * ```
   */
  expectTriggered(expected?: ExpectedEvent, options?: { times?: number | undefined }): TriggeredEvent[]
}

/**
 * Makes a Channels server for tests that needs no network and runs on every runtime. It checks signatures, times and limits as Channels does,
 * and keeps what was published.
 * @param options The app, if it is to be another than the usual one.
 * @returns The fake.
 * @throws {TypeError} If an argument is malformed.
 * @example
 * ```ts
 * const fake = fakeChannels()
 * const pusher = new Pusher(fake.options)
 * await pusher.trigger("orders", "paid", { id: 7 })
 * fake.expectTriggered({ channel: "orders", event: "paid", data: { id: 7 } })
 * ```
 */
export declare function fakeChannels(options?: FakeChannelsOptions): FakeChannels

/** An app of the embedded server. */
export interface LocalApp {
  /** The app's id. `app-id` by default. */
  id?: string | undefined
  /** The app's key. `app-key` by default. */
  key?: string | undefined
  /** The app's secret. `app-secret` by default. */
  secret?: string | undefined
  /** Newer tokens, as while they are exchanged: they authenticate, but webhooks are signed with `key` and `secret`. */
  extraTokens?: { key: string; secret: string }[] | undefined
  /** The cluster's name, only for programs to read. `local` by default. */
  cluster?: string | undefined
  /** Where webhooks go. `events` are the kinds to send; all by default. */
  webhooks?: { url: string; events?: string[] | undefined }[] | undefined
  /** Whether events that happen together come in one webhook. */
  batchWebhooks?: boolean | undefined
  /** `false`: every request and connection is refused. */
  enabled?: boolean | undefined
  /** Whether client events are allowed. `true` by default. */
  clientEvents?: boolean | undefined
  /** Whether subscriptions are counted. `true` by default. */
  subscriptionCount?: boolean | undefined
  /** Whether idempotency keys are known, as to sockudo and not to Pusher. */
  idempotency?: boolean | undefined
  /** Bytes of an event's data. 10 240 by default. */
  maxEventBytes?: number | undefined
}

/** An app of a server that runs. */
export interface RunningApp extends LocalApp {
  /** The app's id. */
  id: string
  /** The app's key. */
  key: string
  /** The app's secret. */
  secret: string
}

/**
 * How the embedded server starts. Everything may be left out.
 * @example
 * ```ts
 * const server = await startLocalChannels({
 *   port: 6001,
 *   apps: [{ webhooks: [{ url: "http://127.0.0.1:3000/pusher/webhook" }] }],
 * })
 * ```
 */
export interface LocalChannelsOptions {
  /** The apps. One with the usual id, key and secret by default. */
  apps?: readonly LocalApp[] | undefined
  /** The address to listen on, one of this machine only. `127.0.0.1` by default. */
  host?: string | undefined
  /** The port. Any free one by default. */
  port?: number | undefined
  /** A prefix of every path. */
  pathPrefix?: string | undefined
  /** The server that it behaves like. `pusher` by default. */
  manners?: "pusher" | "sockudo" | "soketi" | "reverb" | "older-reverb" | undefined
  /** Whether signatures cover the prefix. As with that server by default. */
  signPathPrefix?: boolean | undefined
  /** Whether it also answers below `/pusher`, `/sockudo` and so on, as each of these servers does. */
  allManners?: boolean | undefined
  /** The server's clock, in milliseconds. */
  now?: (() => number) | undefined
  /**
   * Starts a timer, and returns a function that cancels it. `setTimeout` by default.
   * @param callback What to call.
   * @param ms Milliseconds until then.
   */
  schedule?: ((callback: () => void, ms: number) => () => void) | undefined
  /** Limits other than Pusher's. */
  limits?: Partial<Limits> | undefined
  /** Milliseconds before each further attempt of a webhook. */
  webhookRetryDelays?: readonly number[] | undefined
  /** Seconds of silence before the server pings. 120 by default. */
  activityTimeout?: number | undefined
  /** Seconds to wait for the response to a ping. 30 by default. */
  pongTimeout?: number | undefined
  /**
   * Receives a line about each thing that happens.
   * @param line The line.
   */
  log?: ((line: string) => void) | undefined
}

/** A webhook that the embedded server sent. */
export interface WebhookDelivery {
  /** The app. */
  appId: string
  /** The receiver. */
  url: string
  /** When the events happened, in milliseconds. */
  timeMs: number
  /** The events. */
  events: FakeWebhookEvent[]
  /** The headers. */
  headers: { [name: string]: string }
  /** The body, the same in each attempt. */
  body: string
  /** The result of each attempt. */
  attempts: { status?: number; error?: string }[]
  /** The final result. */
  outcome: "pending" | "delivered" | "failed"
}

/** The options of a client of the embedded server. */
export interface LocalClientOptions {
  /** The app's id. */
  appId: string
  /** The app's key. */
  key: string
  /** The app's secret. */
  secret: string
  /** The server's address. */
  host: string
  /** The server's port. */
  port: number
  /** No TLS. */
  useTLS: false
  /** The prefix of every path, if the server has one. */
  pathPrefix?: string
  /** Whether signatures cover the prefix. */
  signPathPrefix?: boolean
}

/** The options of pusher-js for the embedded server. */
export interface PusherJsOptions {
  /** pusher-js requires one, and does not use it here. */
  cluster: string
  /** The server's address. */
  wsHost: string
  /** The server's port. */
  wsPort: number
  /** The prefix of every path, if the server has one. */
  wsPath: string
  /** No TLS. */
  forceTLS: false
  /** WebSockets only. */
  enabledTransports: "ws"[]
}

/** An embedded server that listens. */
export interface LocalChannels {
  /** The address. */
  readonly host: string
  /** The port. */
  readonly port: number
  /** `http://`, the address and the port. */
  readonly url: string
  /** What to make a client of the first app with: `new Pusher(server.options)`. */
  readonly options: LocalClientOptions
  /** What to make a client of pusher-js with: `new PusherJs(server.options.key, server.pusherJsOptions)`. */
  readonly pusherJsOptions: PusherJsOptions
  /** The environment of a program that makes its client of the first app with `Pusher.fromEnv`. It cannot say that a prefix is signed. */
  readonly env: ClientEnv
  /** The apps. What is set on one of them holds from then on. */
  readonly apps: [RunningApp, ...RunningApp[]]
  /** Every request to the HTTP API so far. */
  readonly requests: RecordedRequest[]
  /** Every webhook so far. */
  readonly webhookDeliveries: WebhookDelivery[]
  /**
   * Resolves when no webhook is left to send.
   * @example
   * ```ts
   * await server.webhooksIdle()
   * ```
   */
  webhooksIdle(): Promise<void>
  /**
   * Makes requests fail.
   * @param interceptor Returns what happens to a request; `undefined` for the real response.
   * @returns A function that undoes it.
   * @example
   * ```ts
   * const undo = server.intercept(({ path }) => (path.endsWith("/events") ? { status: 503 } : undefined))
   * undo()
   * ```
   */
  intercept(
    interceptor: (
      request: RecordedRequest,
    ) => Omit<FakeAnswer, "refuse"> | undefined | Promise<Omit<FakeAnswer, "refuse"> | undefined>,
  ): () => void
  /**
   * Ends every connection, timer and webhook.
   * @example
   * ```ts
   * await server.close()
   * ```
   */
  close(): Promise<void>
}

/**
 * Starts a Channels server on this machine: the HTTP API, WebSockets for pusher-js, and webhooks. It runs on Node, Deno and Bun, and needs the
 * package `ws` (Bun has its own): `npm install --save-dev ws`.
 * @param options The apps, and where to listen.
 * @returns The server, once it listens.
 * @throws {Error} The promise rejects if `ws` is not installed, if `host` is not loopback, or if the port is taken.
 * @throws {TypeError} If an argument is malformed.
 * @example
 * ```ts
 * const server = await startLocalChannels()
 * const pusher = new Pusher(server.options)
 * const page = new PusherJs(server.options.key, server.pusherJsOptions)
 * await server.close()
 * ```
 */
export declare function startLocalChannels(options?: LocalChannelsOptions): Promise<LocalChannels>
