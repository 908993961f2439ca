/**
 * The Pusher Channels server library for every JavaScript runtime.
 *
 * `Events` maps event names to the types of their data. With it, `trigger` checks both.
 *
 * @example
 * ```ts
 * const pusher = new Pusher({ appId: "1", key: "key", secret: "secret", cluster: "eu" })
 * await pusher.trigger("my-channel", "my-event", { message: "hello" })
 * ```
 */
declare class Pusher<Events = any> {
  /**
   * Makes a client. Synchronous, and allowed at module scope. `appId`, `key` and `secret` are checked on first use.
   * @param options The app's credentials, and where its server is.
   * @throws {Pusher.PusherValidationError} `invalid_option`, naming the option.
   * @example
   * ```ts
   * const pusher = new Pusher({ appId: "1", key: "key", secret: "secret", cluster: "eu" })
   * ```
   */
  constructor(options: Pusher.Options)

  /** The resolved configuration, frozen. Printing it shows no secrets: they are readable, but not enumerable. */
  readonly config: Pusher.Config

  /**
   * Triggers an event and asks for attributes of its channels: the response's `json()` resolves to them.
   * @param channels One channel, or a list of up to 100 (`maxChannels`).
   * @param event The event's name.
   * @param data The event's data. A string is sent as it is, anything else as JSON.
   * @param params What to ask for, and how to send the event.
   * @returns The server's response. Its body is already buffered.
   * @throws {Pusher.PusherValidationError} At once, if an argument is wrong.
   * The promise rejects with a {@link Pusher.PusherRequestError} if the request fails.
   * @example
   * ```ts
   * const response = await pusher.trigger("news", "headline", { text: "…" }, { info: ["subscription_count"] })
   * const { channels } = await response.json()
   * console.log(channels?.news?.subscription_count)
   * ```
   */
  trigger<Name extends Pusher.EventName<Events>>(
    channels: string | readonly string[],
    event: Name,
    data: Pusher.EventData<Events, Name>,
    params: Pusher.TriggerParams & Pusher.AskingParams,
  ): Promise<Pusher.ResponseOf<Pusher.TriggerAnswer>>
  /**
   * Triggers an event on one channel, or on several. On an encrypted channel, the data is encrypted. The request starts before the
   * promise is returned.
   * @param channels One channel, or a list of up to 100 (`maxChannels`).
   * @param event The event's name.
   * @param data The event's data; `null` if left out. A string is sent as it is, anything else as JSON.
   * @param params How to send the event. A string is the id of the connection that should not receive it, as in `{ socket_id }`.
   * @returns The server's response. Its body is already buffered; you need not read it.
   * @throws {Pusher.PusherValidationError} At once, if an argument is wrong.
   * The promise rejects with a {@link Pusher.PusherRequestError} if the request fails.
   * @example
   * ```ts
   * await pusher.trigger(["news", "sport"], "headline", { text: "…" }, { socket_id: "123.456" })
   * ```
   */
  trigger<Name extends Pusher.EventName<Events>>(
    channels: string | readonly string[],
    event: Name,
    ...rest: Pusher.DataArguments<Events, Name, Pusher.TriggerParams | string>
  ): Promise<Pusher.Response>

  /**
   * Triggers up to 10 events (`maxBatchEvents`) and asks for attributes of their channels: the response's `json()` resolves to them.
   * @param events The events, each with its own channel and with `info`.
   * @param options How to send them.
   * @returns The server's response. Its body is already buffered.
   * @throws {Pusher.PusherValidationError} At once, if an argument is wrong; `index` says which event.
   * The promise rejects with a {@link Pusher.PusherRequestError} if the request fails.
   * @example
   * ```ts
   * const response = await pusher.triggerBatch([{ channel: "news", name: "headline", data: {}, info: "subscription_count" }])
   * const { batch } = await response.json()
   * console.log(batch?.[0]?.subscription_count)
   * ```
   */
  triggerBatch(
    events: (Pusher.BatchEvent<Events> & Pusher.AskingParams)[],
    options?: Pusher.CallOptions,
  ): Promise<Pusher.ResponseOf<Pusher.BatchAnswer>>
  /**
   * Triggers up to 10 events (`maxBatchEvents`) in one request, each on its own channel. The list is not changed.
   * @param events The events. On encrypted channels, their data is encrypted.
   * @param options How to send them.
   * @returns The server's response. Its body is already buffered; you need not read it.
   * @throws {Pusher.PusherValidationError} At once, if an argument is wrong; `index` says which event.
   * The promise rejects with a {@link Pusher.PusherRequestError} if the request fails.
   * @example
   * ```ts
   * await pusher.triggerBatch([
   *   { channel: "news", name: "headline", data: { text: "…" } },
   *   { channel: "sport", name: "score", data: { home: 1, away: 0 } },
   * ])
   * ```
   */
  triggerBatch(events: readonly Pusher.BatchEvent<Events>[], options?: Pusher.CallOptions): Promise<Pusher.Response>

  /**
   * Publishes any number of events, on any number of channels each, in the fewest requests. Events on a channel keep their order, unless several
   * requests may go out at a time. The source is read no faster than requests go out.
   * @param events The events: a list, any other iterable, an async iterable, or a `ReadableStream`.
   * @param options How to send them.
   * @returns A report. An event that is not valid, or whose request fails, is in its `failed`, and stops nothing else.
   * @throws {Pusher.PusherValidationError} At once, if an argument is wrong or credentials are missing. The promise does not reject.
   * @example
   * ```ts
   * const { published, failed } = await pusher.publish([
   *   { channels: roomNames, name: "notice", data: { text: "…" } },
   *   { userId: "42", name: "receipt", data: { paid: true } },
   * ])
   * for (const { index, error } of failed) console.error(index, error.message)
   * ```
   */
  publish<Event extends Pusher.PublishedEvent<Events>>(
    events: Iterable<Event> | AsyncIterable<Event> | Pusher.EventStream<Event>,
    options?: Pusher.PublishOptions,
  ): Promise<Pusher.PublishReport<Event>>

  /**
   * Triggers an event on every connection of a signed-in user.
   * @param userId The `id` that the user signed in with.
   * @param event The event's name.
   * @param data The event's data; `null` if left out. A string is sent as it is, anything else as JSON.
   * @param params How to send it.
   * @returns The server's response. Its body is already buffered; you need not read it.
   * @throws {Pusher.PusherValidationError} At once, if an argument is wrong or credentials are missing.
   * The promise rejects with a {@link Pusher.PusherRequestError} if the request fails.
   * @example
   * ```ts
   * await pusher.sendToUser("user-1", "reminder", { at: "noon" })
   * ```
   */
  sendToUser<Name extends Pusher.EventName<Events>>(
    userId: string,
    event: Name,
    ...rest: Pusher.DataArguments<Events, Name, Pusher.CallOptions>
  ): Promise<Pusher.Response>

  /**
   * Closes every connection of a signed-in user.
   * @param userId The `id` that the user signed in with.
   * @returns The server's response. Its body is already buffered; you need not read it.
   * @throws {Pusher.PusherValidationError} At once, if an argument is wrong or credentials are missing.
   * The promise rejects with a {@link Pusher.PusherRequestError} if the request fails.
   * @example
   * ```ts
   * await pusher.terminateUserConnections("user-1")
   * ```
   */
  terminateUserConnections(userId: string): Promise<Pusher.Response>

  /**
   * Asks for the occupied channels.
   * @param options Which channels, and what to ask for of each.
   * @returns The channels by name, with their attributes.
   * @throws {Pusher.PusherValidationError} At once, if an argument is wrong or credentials are missing.
   * The promise rejects with a {@link Pusher.PusherRequestError} if the request fails.
   * @example
   * ```ts
   * const { channels } = await pusher.channels({ prefix: "presence-", info: ["user_count"] })
   * for (const [name, { user_count }] of Object.entries(channels)) console.log(name, user_count)
   * ```
   */
  channels(options?: Pusher.ChannelsOptions): Promise<Pusher.Channels>
  /**
   * Asks for the state of one channel.
   * @param channel The channel's name.
   * @param options What to ask for.
   * @returns Whether the channel is occupied, and its attributes.
   * @throws {Pusher.PusherValidationError} At once, if an argument is wrong or credentials are missing.
   * The promise rejects with a {@link Pusher.PusherRequestError} if the request fails.
   * @example
   * ```ts
   * const { occupied, subscription_count } = await pusher.channel("news", { info: "subscription_count" })
   * ```
   */
  channel(channel: string, options?: Pusher.ChannelOptions): Promise<Pusher.ChannelState>
  /**
   * Asks for the users of a presence channel.
   * @param channel The presence channel's name.
   * @param options How to ask.
   * @returns The users, each once.
   * @throws {Pusher.PusherValidationError} At once, if an argument is wrong or credentials are missing.
   * The promise rejects with a {@link Pusher.PusherRequestError} if the request fails.
   * @example
   * ```ts
   * const { users } = await pusher.channelUsers("presence-lobby")
   * ```
   */
  channelUsers(channel: string, options?: Pusher.QueryOptions): Promise<Pusher.ChannelUsers>

  /**
   * Sends a GET request to any endpoint below `/apps/{appId}`.
   * @param options The endpoint and its query parameters.
   * @returns The server's response. Its body is already buffered.
   * @throws {Pusher.PusherValidationError} At once, if an argument is wrong or credentials are missing.
   * The promise rejects with a {@link Pusher.PusherRequestError} if the request fails.
   * @example
   * ```ts
   * const response = await pusher.get({ path: "/channels", params: { filter_by_prefix: "news-" } })
   * ```
   */
  get(options: Pusher.GetOptions): Promise<Pusher.Response>
  /**
   * Sends a POST request to any endpoint below `/apps/{appId}`.
   * @param options The endpoint, its query parameters, and the body.
   * @returns The server's response. Its body is already buffered; you need not read it.
   * @throws {Pusher.PusherValidationError} At once, if an argument is wrong or credentials are missing.
   * The promise rejects with a {@link Pusher.PusherRequestError} if the request fails.
   * @example
   * ```ts
   * await pusher.post({ path: "/events", body: { name: "headline", channel: "news", data: "{}" } })
   * ```
   */
  post(options: Pusher.PostOptions): Promise<Pusher.Response>

  /**
   * Authorises a client to subscribe to a private, presence or encrypted channel. It signs whatever it is given: check first that the
   * user may join the channel.
   * @param socketId The `socket_id` that the client sent.
   * @param channel The `channel_name` that the client sent.
   * @param data The member, for presence channels only.
   * @returns What to answer the client, as JSON.
   * @throws {Pusher.PusherValidationError} If an argument is wrong, or credentials are missing.
   * @example
   * ```ts
   * const answer = pusher.authorizeChannel("123.456", "private-orders")
   * const member = { user_id: "alice", user_info: { name: "Alice" } }
   * const ofMember = pusher.authorizeChannel("123.456", "presence-lobby", member)
   * ```
   */
  authorizeChannel(socketId: string, channel: string, data?: Pusher.PresenceChannelData): Pusher.ChannelAuthResponse
  /**
   * The older name of `authorizeChannel`.
   * @deprecated Use `authorizeChannel`.
   * @param socketId The `socket_id` that the client sent.
   * @param channel The `channel_name` that the client sent.
   * @param data The member, for presence channels only.
   * @returns What to answer the client, as JSON.
   * @throws {Pusher.PusherValidationError} If an argument is wrong, or credentials are missing.
   * @example
   * ```ts
   * const answer = pusher.authenticate("123.456", "private-orders")
   * ```
   */
  authenticate(socketId: string, channel: string, data?: Pusher.PresenceChannelData): Pusher.ChannelAuthResponse
  /**
   * Signs a client in as a user.
   * @param socketId The `socket_id` that the client sent.
   * @param userData The user. Clients see all of it.
   * @returns What to answer the client, as JSON.
   * @throws {Pusher.PusherValidationError} If an argument is wrong, or credentials are missing.
   * @example
   * ```ts
   * const answer = pusher.authenticateUser("123.456", { id: "alice", user_info: { name: "Alice" } })
   * ```
   */
  authenticateUser(socketId: string, userData: Pusher.UserChannelData): Pusher.UserAuthResponse

  /**
   * Returns the secret of an encrypted channel: 32 bytes.
   * @param channel The channel's name.
   * @throws {Pusher.PusherValidationError} If there is no master key.
   * @example
   * ```ts
   * const { length } = pusher.channelSharedSecret("private-encrypted-orders") // 32
   * ```
   */
  channelSharedSecret(channel: string): Uint8Array
  /**
   * Decrypts the data of an encrypted channel's event.
   * @param channel The channel's name.
   * @param data `{ nonce, ciphertext }`, or its JSON text.
   * @returns The data, parsed.
   * @throws {Pusher.PusherValidationError} `decryption_failed`, if it was encrypted with another key or changed on the way.
   * @example
   * ```ts
   * const order = pusher.decrypt("private-encrypted-orders", webhook.getEvents()[0]?.data ?? "")
   * ```
   */
  decrypt(channel: string, data: string | { nonce: string; ciphertext: string }): any

  /**
   * Takes a request from Channels, to be checked with this client's key and secret. A malformed request is invalid, not an error.
   * @param request The request's headers and its raw body.
   * @returns The webhook. Nothing is checked yet.
   * @example
   * ```ts
   * const webhook = pusher.webhook({ headers: request.headers, rawBody: await request.text() })
   * for (const event of webhook.verify().events) console.log(event.name, event.channel)
   * ```
   */
  webhook(request: Pusher.WebHookRequest): Pusher.WebHook

  /**
   * Returns the signed query string for a request that you send yourself.
   * @param options The request.
   * @throws {Pusher.PusherValidationError} If an option is wrong, or credentials are missing.
   * @example
   * ```ts
   * const path = `/apps/${pusher.config.appId}/channels`
   * const query = pusher.createSignedQueryString({ method: "GET", path })
   * await fetch(`https://${pusher.config.host}${path}?${query}`)
   * ```
   */
  createSignedQueryString(options: Pusher.SignedQueryStringOptions): string

  /**
   * Returns what `JSON.stringify` shows: the configuration without its secrets.
   * @example
   * ```ts
   * console.log(JSON.stringify(pusher)) // without secrets
   * ```
   */
  toJSON(): Pusher.Config
  /**
   * Frees the client's memory at once. You normally need not: clients are garbage-collected. Requests under way complete; using the
   * client afterwards throws.
   * @example
   * ```ts
   * const once = new Pusher({ ...credentials, cluster: "eu" })
   * await once.trigger("news", "headline", {})
   * once.free()
   * ```
   */
  free(): void
  /** Does what `free` does, at the end of a `using` block. */
  [Symbol.dispose](): void
}

declare namespace Pusher {
  /**
   * Makes a client from `https://KEY:SECRET@HOST:PORT/prefix/apps/APP_ID`. Every part is percent-decoded.
   * @param url The URL, such as `PUSHER_URL` holds it.
   * @param options Any further options. The URL takes precedence.
   * @returns The client.
   * @throws {Pusher.PusherValidationError} `invalid_url`, naming the missing or malformed part.
   * @example
   * ```ts
   * const pusher = Pusher.forURL("https://app-key:app-secret@api-eu.pusher.com/apps/1", { timeout: 5000 })
   * ```
   */
  export function forURL<Events = any>(url: string, options?: PartialOptions): Pusher<Events>
  /**
   * Makes a client for an app in a cluster.
   * @param cluster The cluster, such as `"eu"`. It takes precedence over `cluster` and `host` in the options.
   * @param options The app's credentials, and any further options.
   * @returns The client.
   * @throws {Pusher.PusherValidationError} `invalid_option`, naming the option.
   * @example
   * ```ts
   * const pusher = Pusher.forCluster("eu", { appId: "1", key: "app-key", secret: "app-secret" })
   * ```
   */
  export function forCluster<Events = any>(cluster: string, options: BaseOptions): Pusher<Events>
  /**
   * Makes a client from environment variables: `PUSHER_URL`, or `PUSHER_APP_ID`, `PUSHER_KEY` and `PUSHER_SECRET`. Optional are
   * `PUSHER_CLUSTER`, `PUSHER_HOST`, `PUSHER_PORT`, `PUSHER_SCHEME` and `PUSHER_ENCRYPTION_MASTER_KEY_BASE64`. Key, secret and cluster
   * may also be named `PUSHER_APP_…`.
   * @param env Where to read them, such as a Worker's `env`; by default, `process.env` or Deno's environment.
   * @param options Any further options. They take precedence over the environment.
   * @returns The client.
   * @throws {Pusher.PusherValidationError} `missing_option`, naming every missing variable. An exception from a getter of `env` is thrown
   * as it is.
   * @example
   * ```ts
   * const pusher = Pusher.fromEnv() // Node, Deno, Bun
   * const inWorker = Pusher.fromEnv(env) // a Worker's variables
   * ```
   */
  export function fromEnv<Events = any>(env?: object | null, options?: PartialOptions): Pusher<Events>

  /** All options but `host` and `cluster`. */
  export interface BaseOptions {
    /** The app's id. */
    appId: string | number
    /** The app's key. */
    key: string
    /** The app's secret. */
    secret: string
    /**
     * Whether to use TLS; `true` by default.
     * @example
     * ```ts
     * new Pusher({ ...credentials, host: "127.0.0.1", port: 6001, useTLS: false })
     * ```
     */
    useTLS?: boolean | undefined
    /** @deprecated Use `useTLS`: the same option under its older name. Only one of the two may be set. */
    encrypted?: boolean | undefined
    /** `"https"` by default. Takes precedence over `useTLS`. */
    scheme?: "http" | "https" | undefined
    /** The server's port, 1 to 65535; by default the scheme's own. */
    port?: number | string | undefined
    /**
     * A path before `/apps`, for servers behind a prefix, such as `"/ws"`. None by default.
     * @example
     * ```ts
     * new Pusher({ ...credentials, host: "example.com", pathPrefix: "/ws" })
     * ```
     */
    pathPrefix?: string | undefined
    /**
     * Whether requests are signed with `pathPrefix` in their path. `false` by default, which is right where a proxy removes the prefix;
     * `true` for a server that knows its own prefix, such as soketi. If it is wrong, the server answers 401.
     * @example
     * ```ts
     * new Pusher({ ...credentials, host: "soketi.example.com", pathPrefix: "/ws", signPathPrefix: true })
     * ```
     */
    signPathPrefix?: boolean | undefined
    /**
     * How long a whole exchange may take, including the response's body, in milliseconds; 0 for no limit. 10 000 by default.
     * @example
     * ```ts
     * new Pusher({ ...credentials, cluster: "eu", timeout: 5_000 })
     * ```
     */
    timeout?: number | undefined
    /**
     * For end-to-end encrypted channels: 32 random bytes in base64 (`openssl rand -base64 32`). None by default.
     * @example "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="
     */
    encryptionMasterKeyBase64?: string | undefined
    /** @deprecated Use `encryptionMasterKeyBase64`: this is the same key as 32 ASCII characters. Only one of the two may be set. */
    encryptionMasterKey?: string | undefined
    /**
     * The largest data of one event, in bytes of UTF-8, after encryption. A larger event throws `payload_too_large` before
     * anything is sent. By default 10 240 on Pusher's own hosts and no limit on others; `Infinity` for no limit.
     * @example
     * ```ts
     * new Pusher({ ...credentials, host: "soketi.example.com", maxPayloadBytes: 102_400 })
     * ```
     */
    maxPayloadBytes?: number | undefined
    /**
     * How many channels one `trigger` may name; more throw `too_many_channels`. 100 by default, which is Pusher's own limit.
     * @example 1000
     */
    maxChannels?: number | undefined
    /**
     * How many events one `triggerBatch` may have; more throw `invalid_batch`. 10 by default, which is Pusher's own limit.
     * @example 50
     */
    maxBatchEvents?: number | undefined
    /**
     * The largest response, in bytes. A larger one rejects with the code `network`. 16 777 216 (16 MiB) by default.
     * @example 1_048_576
     */
    maxResponseBytes?: number | undefined
    /**
     * How a failed call is retried; `false` for not at all. By default, there are up to three attempts within 30 seconds. Calls that
     * publish are retried only if the event cannot have been taken, or if they have an idempotency key.
     * @example
     * ```ts
     * new Pusher({ ...credentials, retry: { attempts: 5, deadline: 10_000 } })
     * ```
     */
    retry?: RetryOptions | boolean | undefined
    /**
     * Whether each call that publishes gets an idempotency key of its own, and is then retried like a read. For servers that honour
     * `X-Idempotency-Key`, such as sockudo; Pusher's own do not. `false` by default.
     * @example
     * ```ts
     * new Pusher({ ...credentials, host: "sockudo.example.com", idempotencyKeys: true })
     * ```
     */
    idempotencyKeys?: boolean | undefined
    /**
     * Sends the requests: any function with the signature of `fetch`. By default the runtime's `fetch`, looked up at each call. Not
     * together with `agent`.
     * @example
     * ```ts
     * new Pusher({ ...credentials, cluster: "eu", fetch: (url, init) => env.PROXY.fetch(url, init) })
     * ```
     */
    fetch?: Fetch | undefined
    /**
     * Merged into the `init` of every `fetch`, such as `cf`, `dispatcher`, `proxy` or `keepalive`.
     * @example
     * ```ts
     * new Pusher({ ...credentials, cluster: "eu", fetchOptions: { keepalive: true } })
     * ```
     */
    fetchOptions?: { [option: string]: any } | undefined
    /**
     * The `http.Agent` or `https.Agent` to send with, for keep-alive or a proxy, or a function of the URL that returns one. Needs
     * a runtime with node:http. Not together with `fetch`.
     * @param url The URL of a request.
     * @example
     * ```ts
     * new Pusher({ ...credentials, cluster: "eu", agent: new https.Agent({ keepAlive: true }) })
     * ```
     */
    agent?: Agent | ((url: URL) => Agent) | undefined
    /**
     * Headers that are added to every request.
     * @example
     * ```ts
     * new Pusher({ ...credentials, cluster: "eu", headers: { "user-agent": "my-service/1.0" } })
     * ```
     */
    headers?: { [name: string]: string } | Iterable<readonly [name: string, value: string]> | undefined
    /**
     * Your own encoder and decoder for data; `JSON` by default.
     * @example
     * ```ts
     * const bigInts = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value)
     * new Pusher({ ...credentials, cluster: "eu", json: { stringify: (value) => JSON.stringify(value, bigInts) } })
     * ```
     */
    json?: JSONOptions | undefined
    /**
     * Called before every request is sent. Exceptions are ignored.
     *
     * What it returns is passed to `onResponse` when the same attempt ends. If that is an object with `headers`, they are added to those of
     * this attempt, unless they cannot be sent. A promise is not awaited.
     *
     * ```js
     * onRequest: ({ method }) => {
     *   const span = tracer.startSpan(method)
     *   return { span, headers: { traceparent: traceparentOf(span) } }
     * },
     * onResponse: (event, { span }) => span.end(),
     * ```
     * @param event The request.
     */
    onRequest?:
      | ((event: RequestEvent) => void)
      | ((event: RequestEvent) => {
          headers?: { [name: string]: string } | Iterable<readonly [name: string, value: string]>
        })
      | undefined
    /**
     * Called after every response, and after every request that got none. Exceptions are ignored.
     * @param event The request and how it ended.
     * @param returned What `onRequest` returned for this attempt.
     * @example
     * ```ts
     * new Pusher({ ...credentials, cluster: "eu", onResponse: ({ status, code, ms }) => console.log(status ?? code, ms) })
     * ```
     */
    onResponse?: ((event: ResponseEvent, returned: any) => void) | undefined
    /**
     * Called before the wait for another attempt. Exceptions are ignored.
     * @param event The attempt that failed, and how long the wait is.
     * @example
     * ```ts
     * new Pusher({ ...credentials, cluster: "eu", onRetry: ({ attempt, delay }) => console.warn(attempt, delay) })
     * ```
     */
    onRetry?: ((event: RetryEvent) => void) | undefined
    /**
     * Returns the time in milliseconds since 1970; `Date.now` by default.
     * @example
     * ```ts
     * new Pusher({ ...credentials, cluster: "eu", now: () => 1_700_000_000_000 })
     * ```
     */
    now?: (() => number) | undefined
    /**
     * Returns cryptographically secure random bytes; by default from the runtime's `crypto.getRandomValues`.
     * @param length How many bytes are needed.
     */
    randomBytes?: ((length: number) => Uint8Array) | undefined
  }
  /**
   * The options of an app on one of Pusher's clusters.
   * @example
   * ```ts
   * const options: Pusher.ClusterOptions = { ...credentials, cluster: "eu" }
   * ```
   */
  export interface ClusterOptions extends BaseOptions {
    /** The app's cluster, such as `"eu"`. */
    cluster: string
    /** The API's host name or address. Takes precedence over `cluster`. */
    host?: string | undefined
  }
  /**
   * The options of an app on a server of your own.
   * @example
   * ```ts
   * const options: Pusher.HostOptions = { ...credentials, host: "127.0.0.1", port: 6001, useTLS: false }
   * ```
   */
  export interface HostOptions extends BaseOptions {
    /** The API's host name or address. Takes precedence over `cluster`. */
    host: string
    /** The app's cluster, such as `"eu"`. */
    cluster?: string | undefined
  }
  /** Options of a client. Those that are `undefined` count as left out. */
  export interface Options extends BaseOptions {
    /** The app's cluster, such as `"eu"`; without `cluster` and `host`, Pusher's default cluster is used. */
    cluster?: string | undefined
    /** The API's host name or address. Takes precedence over `cluster`. */
    host?: string | undefined
  }
  /** Options of which any may be left out. */
  export type PartialOptions = { [Name in keyof Options]?: Options[Name] | undefined }

  /** An encoder and a decoder for data. Each may be left out. */
  export interface JSONOptions {
    /**
     * Returns a value as JSON text; `JSON.stringify` by default.
     * @param value The data of an event, or of an authorisation.
     */
    stringify?: ((value: any) => string) | undefined
    /**
     * Returns the value of JSON text; `JSON.parse` by default.
     * @param text The body of a response or a webhook, or decrypted data.
     */
    parse?: ((text: string) => any) | undefined
  }

  /**
   * Sends a request. The runtime's `fetch`, undici's, node-fetch's and a Worker's service binding all fit.
   * @param url The signed URL.
   * @param init The rest of the request.
   */
  export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>
  /** What is passed to `fetch`, in addition to `fetchOptions`. */
  export interface FetchInit {
    /** The method. */
    method: "GET" | "POST"
    /** The headers, their names in lower case. */
    headers: { [name: string]: string }
    /** The body, if there is one. */
    body?: string
    /** Redirects are not followed: a signature is for one path. */
    redirect: "manual"
    /** The `AbortSignal` that ends the request. Untyped, since libraries have types of their own for it. */
    signal?: any
  }
  /** The part of `fetch`'s result that is used. */
  export interface FetchResponse {
    /** The status, such as 200. */
    readonly status: number
    /** Resolves to the whole body. */
    text(): Promise<string>
  }
  /** An `http.Agent` or `https.Agent`, described by its shape: these types do not depend on Node's. */
  export interface Agent {
    /** Closes the agent's connections. */
    destroy(): void
  }
  /** An `AbortSignal`, described by its shape, so that polyfills fit as well. */
  export interface Signal {
    /** Whether it has been aborted. */
    readonly aborted: boolean
    /**
     * Adds a listener.
     * @param type The event's type.
     * @param listener Called when the signal is aborted.
     */
    addEventListener(type: "abort", listener: () => void): void
    /**
     * Removes a listener.
     * @param type The event's type.
     * @param listener The listener.
     */
    removeEventListener(type: "abort", listener: () => void): void
  }

  /**
   * How a failed call is retried. Each member may be left out.
   * @example
   * ```ts
   * const retry: Pusher.RetryOptions = { attempts: 5, baseDelay: 500, maxDelay: 10_000, deadline: 60_000 }
   * ```
   */
  export interface RetryOptions {
    /** How many attempts a call may have, the first one included. 3 by default. */
    attempts?: number | undefined
    /** The longest delay after the first attempt, in milliseconds; it doubles with each further one. 200 by default. */
    baseDelay?: number | undefined
    /** The longest delay, in milliseconds, unless the server asks for a longer one (`Retry-After`). 5 000 by default. */
    maxDelay?: number | undefined
    /**
     * How long a call may take with all its attempts and delays, in milliseconds. 30 000 by default; then the first attempt may still take all of
     * `timeout`.
     */
    deadline?: number | undefined
  }

  /**
   * What `onRequest` gets. It has what OpenTelemetry's conventions for HTTP clients ask for: `server.address` and
   * `server.port` are in `new URL(url)`, and `http.request.resend_count` is `attempt - 1`.
   */
  export interface RequestEvent {
    /** The method (`http.request.method`). */
    method: "GET" | "POST"
    /** The URL, without its signature (`url.full`). */
    url: string
    /** Counted from 1. */
    attempt: number
  }
  /** What `onResponse` gets. */
  export interface ResponseEvent extends RequestEvent {
    /** The status of the response, if there was one (`http.response.status_code`). */
    status?: number
    /**
     * Why the attempt failed, if it did. `"http"` means the `status`, or, if that is 2xx, a body that is not JSON. OpenTelemetry's `error.type`
     * is the status in the first case, and the code in all others.
     */
    code?: "http" | "network" | "timeout" | "aborted"
    /** How long the attempt took, in milliseconds. */
    ms: number
  }

  /** What `onRetry` gets: a failed attempt that is followed by another. */
  export interface RetryEvent extends RequestEvent {
    /** The status of the response, if there was one. */
    status?: number
    /** Why the attempt failed. */
    code: "http" | "network" | "timeout"
    /** How long the wait for the next attempt is, in milliseconds. */
    delay: number
  }

  /** The resolved configuration of a client. */
  export interface Config {
    /** The app's id; a number where it was given as one, or stands as one in a URL or the environment. */
    readonly appId: string | number | undefined
    /** The key and secret; `undefined` if either is missing. */
    readonly token: SigningToken | undefined
    /** The protocol. */
    readonly scheme: "http" | "https"
    /** The server's host name or address. */
    readonly host: string
    /** The server's port; `undefined` for the scheme's own. */
    readonly port: number | undefined
    /** The option `timeout`, in milliseconds. */
    readonly timeout: number
    /**
     * The option `agent`.
     * @param url The URL of a request.
     */
    readonly agent: Agent | ((url: URL) => Agent) | undefined
    /** The master key: 32 bytes. */
    readonly encryptionMasterKey?: Uint8Array
  }

  /** The event names in `Events`; any string if there is no such map. */
  export type EventName<Events> = keyof EventMap<Events> & string
  /** The type of an event's data; anything if there is no map. */
  export type EventData<Events, Name extends EventName<Events>> = EventMap<Events>[Name]
  /** The map of events; one of any names if there is none. (`InstanceType<typeof Pusher>` makes `unknown` of the parameter.) */
  type EventMap<Events> = unknown extends Events ? { [name: string]: any } : Events
  /** The arguments after an event's name: its data, optional if it may be `undefined`, and the params. */
  export type DataArguments<Events, Name extends EventName<Events>, Params> =
    undefined extends EventData<Events, Name>
      ? [data?: EventData<Events, Name>, params?: Params]
      : [data: EventData<Events, Name>, params?: Params]

  /** Attributes to ask for, as a list or joined by commas. */
  export type Info<Attribute extends string = "user_count" | "subscription_count"> =
    | Attribute
    | readonly Attribute[]
    | (string & {})
  /**
   * How to send a call.
   * @example
   * ```ts
   * await pusher.trigger("news", "headline", {}, { signal: AbortSignal.timeout(2_000), retry: false })
   * ```
   */
  export interface CallOptions {
    /** Ends the call at any point; its promise then rejects with the code `aborted`. */
    signal?: Signal | undefined
    /**
     * Sent as `X-Idempotency-Key`, for servers that use it to recognise retries (Pusher's own do not). One or more visible ASCII
     * characters.
     */
    idempotencyKey?: string | undefined
    /** How the call is retried. Members left out are those of the client's `retry`. */
    retry?: RetryOptions | boolean | undefined
  }
  /** Options of an event. */
  export interface EventParams {
    /** The connection that should not receive the event. */
    socket_id?: string | null | undefined
    /** Attributes of the channels to return in the response. `user_count` is for presence channels. */
    info?: string | readonly string[] | undefined
  }
  /** The params of `trigger`. */
  export interface TriggerParams extends EventParams, CallOptions {}
  /** Asks for attributes of an event's channels. */
  export interface AskingParams {
    /** Attributes of the channels to return in the response. `user_count` is for presence channels. */
    info: Info
  }

  /** An event of a batch. */
  export type BatchEvent<Events = any> = {
    [Name in EventName<Events>]: NamedEvent<Name> & BatchData<EventData<Events, Name>>
  }[EventName<Events>]
  /** An event of a batch without its data. */
  interface NamedEvent<Name> extends EventParams {
    /** The channel to trigger the event on. */
    channel: string
    /** The event's name. */
    name: Name
  }
  /** The data of an event of a batch, optional if it may be `undefined`. */
  type BatchData<Data> = undefined extends Data
    ? {
        /** The event's data; `null` if left out. A string is sent as it is, anything else as JSON. */
        data?: Data
      }
    : {
        /** The event's data. A string is sent as it is, anything else as JSON. */
        data: Data
      }

  /**
   * An event that is published, for any channels and users, at least one.
   * @example
   * ```ts
   * const event: Pusher.PublishedEvent = { channels: ["room-1", "room-2"], name: "notice", data: { text: "…" } }
   * await pusher.publish([event])
   * ```
   */
  export type PublishedEvent<Events = any> = {
    [Name in EventName<Events>]: PublishedName<Name> & BatchData<EventData<Events, Name>>
  }[EventName<Events>]
  /** An event that is published, without its data. */
  interface PublishedName<Name> extends EventParams {
    /** A channel to publish the event on. */
    channel?: string | undefined
    /** Channels to publish the event on, any number. */
    channels?: string | readonly string[] | undefined
    /** A signed-in user whose connections get the event. */
    userId?: string | undefined
    /** The event's name. */
    name: Name
  }
  /** A `ReadableStream` of events, described by its shape. */
  export interface EventStream<Event> {
    /** Returns what the events are read with. */
    getReader(): {
      /** Resolves to the next event. */
      read(): Promise<{ done: boolean; value?: Event | undefined }>
      /** Ends the stream. */
      cancel(): Promise<void>
    }
  }
  /**
   * How events are published.
   * @example
   * ```ts
   * await pusher.publish(events, {
   *   concurrency: 4,
   *   oversize: "chunk",
   *   onProgress: ({ published, failed }) => console.log(published, failed),
   * })
   * ```
   */
  export interface PublishOptions {
    /** How many requests may go out at a time. 1 by default, which keeps the order of events on a channel. */
    concurrency?: number | undefined
    /** Ends publishing at once: the report then tells what was done, and names what was not. */
    signal?: Signal | undefined
    /** How requests are retried. Members left out are those of the client's `retry`. */
    retry?: RetryOptions | boolean | undefined
    /** Whether each request gets an idempotency key of its own. As the client has it by default. */
    idempotencyKeys?: boolean | undefined
    /** Whether the first failure ends it. `false` by default. */
    stopOnError?: boolean | undefined
    /** How large the body of a request may be, in bytes. 1 048 576 (1 MiB) by default. */
    maxRequestBytes?: number | undefined
    /**
     * What becomes of an event whose data is larger than `maxPayloadBytes`: it fails (`"error"`, the default), or its data is cut into events
     * `chunked-NAME`, for `bindChunked` of `pusher-http-wasm/chunks` in the client.
     */
    oversize?: "error" | "chunk" | undefined
    /**
     * Called after every request. Exceptions are ignored.
     * @param progress What has been done so far.
     */
    onProgress?: ((progress: PublishProgress) => void) | undefined
  }
  /** What has been published so far. */
  export interface PublishProgress {
    /** How many events have been taken on all their channels. */
    published: number
    /** How many events have failed. */
    failed: number
    /** How many requests have been sent, each counted once, however often it was retried. */
    requests: number
  }
  /** What became of events that were to be published. */
  export interface PublishReport<Event = PublishedEvent> {
    /** How many events were taken on all their channels. */
    published: number
    /** How many requests were sent, each counted once, however often it was retried. */
    requests: number
    /** The events that were not, in order. */
    failed: FailedEvent<Event>[]
  }
  /** An event that was not taken on all its channels. */
  export interface FailedEvent<Event = PublishedEvent> {
    /** Its place in the source, counted from 0. */
    index: number
    /** The event; `undefined` where the source threw. */
    event: Event | undefined
    /** Why: mostly a `PusherValidationError` or a `PusherRequestError`, with the code `aborted` if it was not sent. */
    error: any
  }

  /** Query parameters that signing sets. */
  type ReservedParams = "auth_key" | "auth_timestamp" | "auth_version" | "auth_signature" | "body_md5"
  /** Query parameters, other than those that signing sets. */
  export type Params = { [key: string]: any } & { [key in ReservedParams]?: never }
  /** A request to an endpoint. */
  export interface RequestOptions extends CallOptions {
    /** The path below `/apps/{appId}`, with a leading slash and without a query, not percent-encoded: `"/channels"`. */
    path: string
    /** The query parameters. Those that are `undefined` or `null` are left out. */
    params?: Params | undefined
  }
  /** A GET request to an endpoint. */
  export type GetOptions = RequestOptions
  /** A POST request to an endpoint. */
  export interface PostOptions extends RequestOptions {
    /** The body: a string is sent as it is, anything else as JSON; `{}` if left out. */
    body?: unknown
  }
  /** A request to be signed. */
  export interface SignedQueryStringOptions {
    /** The method, such as `"POST"`. */
    method: string
    /** The whole path, exactly as you will send it. */
    path: string
    /** The body, exactly as you will send it. */
    body?: string | undefined
    /** The query parameters to sign. */
    params?: Params | undefined
  }

  /** Options of a query. */
  export interface QueryOptions {
    /** Ends the call at any point; its promise then rejects with the code `aborted`. */
    signal?: Signal | undefined
    /** How the call is retried. Members left out are those of the client's `retry`. */
    retry?: RetryOptions | boolean | undefined
  }
  /** Which channels to ask for. */
  export interface ChannelsOptions extends QueryOptions {
    /** Returns only channels whose names begin with this. */
    prefix?: string | undefined
    /** The same as `prefix`, by its name in the HTTP API. */
    filter_by_prefix?: string | undefined
    /** Attributes to return. `user_count` needs a `prefix` of presence channels. */
    info?: Info | undefined
  }
  /** What to ask for of a channel. */
  export interface ChannelOptions extends QueryOptions {
    /** Attributes to return. `user_count` is for presence channels, `cache` for cache channels. */
    info?: Info<"user_count" | "subscription_count" | "cache"> | undefined
  }
  /** Attributes of a channel. Those that were not asked for are missing. */
  export interface ChannelInfo {
    /** How many users are in a presence channel. */
    user_count?: number
    /** How many connections are subscribed. */
    subscription_count?: number
    /** Anything else that the server returns. */
    [attribute: string]: any
  }
  /** The response of `trigger` with `info`. */
  export interface TriggerAnswer {
    /** The attributes of each channel; missing on servers that do not know `info`. */
    channels?: { [name: string]: ChannelInfo }
    /** Anything else that the server returns. */
    [attribute: string]: any
  }
  /** The response of `triggerBatch` with `info`. */
  export interface BatchAnswer {
    /** The attributes of each event's channel, in the order of the events; missing on servers that do not know `info`. */
    batch?: ChannelInfo[]
    /** Anything else that the server returns. */
    [attribute: string]: any
  }
  /** The occupied channels. */
  export interface Channels {
    /** The channels by name. */
    channels: { [name: string]: ChannelInfo }
    /** Anything else that the server returns. */
    [attribute: string]: unknown
  }
  /** The state of a channel. */
  export interface ChannelState {
    /** Whether anyone is subscribed. */
    occupied: boolean
    /** How many users are in a presence channel. */
    user_count?: number
    /** How many connections are subscribed. */
    subscription_count?: number
    /** The last event of a cache channel, and for how many seconds it is kept; `null` if there is none. */
    cache?: { data: string; ttl: number } | null
    /** Anything else that the server returns. */
    [attribute: string]: unknown
  }
  /** The users of a presence channel. */
  export interface ChannelUsers {
    /** The users, each once. */
    users: { id: string; [attribute: string]: unknown }[]
    /** Anything else that the server returns. */
    [attribute: string]: unknown
  }

  /** What to answer a client that wants to subscribe to a channel, as JSON. */
  export interface ChannelAuthResponse {
    /** The app's key and the signature. */
    auth: string
    /** The member of a presence channel, exactly as signed. */
    channel_data?: string
    /** The secret of an encrypted channel, in base64. */
    shared_secret?: string
  }
  /** @deprecated The older name of `ChannelAuthResponse`. */
  export interface AuthResponse extends ChannelAuthResponse {}
  /** What to answer a client that signs in as a user, as JSON. */
  export interface UserAuthResponse {
    /** The app's key and the signature. */
    auth: string
    /** The user, exactly as signed. */
    user_data: string
  }
  /** A member of a presence channel. */
  export interface PresenceChannelData {
    /** The user's id, 1 to 128 characters. */
    user_id: string
    /** What the other members see of the user; at most 1 KB. */
    user_info?: { [key: string]: any } | undefined
  }
  /** A user who signs in. */
  export interface UserChannelData {
    /** The user's id. */
    id: string
    /** What other users see of this one. */
    user_info?: { [key: string]: any } | undefined
    /** Ids of users whose online status this user sees; at most 100. */
    watchlist?: string[] | undefined
    /** Anything else that the client should get. */
    [key: string]: any
  }

  /** A request from Channels. */
  export interface WebHookRequest {
    /** `Headers`, Node's `request.headers`, or a plain object with names in any case. */
    headers: WebHookHeaders
    /** The body as it arrived, not parsed: the signature covers its bytes. */
    rawBody: string | Uint8Array | ArrayBuffer
  }
  /** The headers of a webhook. Await a promise of them first. */
  export type WebHookHeaders = NoPromise & ({ [name: string]: any } | object)
  /** Anything but a promise. */
  interface NoPromise {
    /** Only a promise has it. */
    then?: undefined
  }
  /** Something happened to a channel. */
  export interface ChannelEvent {
    /** What happened. */
    name: "channel_occupied" | "channel_vacated" | "cache_miss"
    /** The channel's name. */
    channel: string
    /** Not of this event. */
    user_id?: undefined
    /** Not of this event. */
    event?: undefined
    /** Not of this event. */
    data?: undefined
    /** Not of this event. */
    socket_id?: undefined
    /** Not of this event. */
    subscription_count?: undefined
  }
  /** A user joined or left a presence channel. */
  export interface MemberEvent {
    /** What happened. */
    name: "member_added" | "member_removed"
    /** The channel's name. */
    channel: string
    /** The user's id. */
    user_id: string
    /** Not of this event. */
    event?: undefined
    /** Not of this event. */
    data?: undefined
    /** Not of this event. */
    socket_id?: undefined
    /** Not of this event. */
    subscription_count?: undefined
  }
  /** A client triggered an event. */
  export interface ClientEvent {
    /** What happened. */
    name: "client_event"
    /** The channel's name. */
    channel: string
    /** The event's name. */
    event: string
    /** The event's data, as the client sent it; encrypted on encrypted channels. */
    data: string
    /** The client's connection. */
    socket_id: string
    /** The client's user; only on presence channels. */
    user_id?: string
    /** Not of this event. */
    subscription_count?: undefined
  }
  /** The number of a channel's subscriptions changed. */
  export interface SubscriptionCountEvent {
    /** What happened. */
    name: "subscription_count"
    /** The channel's name. */
    channel: string
    /** How many connections are subscribed. */
    subscription_count: number
    /** Not of this event. */
    user_id?: undefined
    /** Not of this event. */
    event?: undefined
    /** Not of this event. */
    data?: undefined
    /** Not of this event. */
    socket_id?: undefined
  }
  /**
   * An event, discriminated by `name`; fields that do not apply are `undefined`. Events of kinds not listed here are passed through
   * unchanged.
   */
  export type WebHookEvent = ChannelEvent | MemberEvent | ClientEvent | SubscriptionCountEvent
  /** The body of a webhook. */
  export interface WebHookData {
    /** When the events happened, in milliseconds since 1970. */
    time_ms: number
    /** The events, in order. */
    events: WebHookEvent[]
  }
  /**
   * Why a webhook is not valid: it has no body; no key or no signature; another app's key; a signature that is not that of the body; a
   * content type other than JSON; or a body that is not JSON.
   */
  export type WebHookReason = "no_body" | "not_signed" | "unknown_key" | "bad_signature" | "content_type" | "not_json"
  /**
   * Why `pusher-http-wasm/handlers` refuses a webhook besides: it has no time or no list of events; it is older than `maxAge`; its body broke off;
   * or it is larger than any webhook.
   */
  export type WebHookRefusal = "no_events" | "too_old" | "unreadable" | "too_large"

  /** A key and its secret: a token, or any object with these two. */
  export interface Token {
    /** The app's key. */
    readonly key: string
    /** The app's secret. */
    readonly secret: string
  }
  /** A key and its secret, ready to sign. Printing it does not show the secret. */
  export interface SigningToken extends Token {
    /**
     * Returns the hex HMAC-SHA256 of a string or bytes.
     * @param message What to sign.
     * @throws {Pusher.PusherValidationError} If the message is neither a string nor bytes.
     * @example
     * ```ts
     * const signature = token.sign('{"time_ms":1}')
     * ```
     */
    sign(message: string | Uint8Array | ArrayBuffer): string
    /**
     * Tells whether the signature is that of the message, in constant time.
     * @param message What was signed.
     * @param signature 64 hexadecimal digits.
     * @example
     * ```ts
     * const isAuthentic = token.verify('{"time_ms":1}', "0".repeat(64))
     * ```
     */
    verify(message: string | Uint8Array | ArrayBuffer, signature: string): boolean
    /** Returns what `JSON.stringify` shows: the key without its secret. */
    toJSON(): { key: string }
    /** Frees the token's memory at once. You normally need not: tokens are garbage-collected. */
    free(): void
    /** Does what `free` does, at the end of a `using` block. */
    [Symbol.dispose](): void
  }
  /** A key and its secret, ready to sign. */
  export const Token: {
    /**
     * Makes a token.
     * @param key The app's key.
     * @param secret The app's secret.
     * @throws {Pusher.PusherValidationError} If either is not a string.
     * @example
     * ```ts
     * const token = new Pusher.Token("app-key", "app-secret")
     * ```
     */
    new (key: string, secret: string): SigningToken
    /** What all tokens inherit. */
    readonly prototype: SigningToken
  }

  /** The runtime's `Response`. */
  export type Response = {
    /** Resolves to the value of the body's JSON. */
    json(): Promise<any>
  } & HostResponse
  /** The runtime's `Response`, whose `json()` resolves to an `Answer`. */
  export type ResponseOf<Answer> = {
    /** Resolves to the value of the body's JSON. */
    json<Value = Answer>(): Promise<Value>
  } & HostResponse
  /** The global `Response`; where no library of types declares one, the part of it that all runtimes have. */
  type HostResponse = typeof globalThis extends { Response: { prototype: infer Host } } ? Host : CommonResponse
  /** What every runtime's `Response` has. */
  interface CommonResponse {
    /** Whether the status is 200 to 299. */
    readonly ok: boolean
    /** The status, such as 200. */
    readonly status: number
    /** The status in words. */
    readonly statusText: string
    /** The headers. */
    readonly headers: CommonHeaders
    /** Resolves to the body. */
    text(): Promise<string>
    /** Resolves to the body's bytes. */
    arrayBuffer(): Promise<ArrayBuffer>
  }
  /** What every runtime's `Headers` have. */
  interface CommonHeaders {
    /**
     * Returns a header's value; `null` if there is none.
     * @param name The header's name.
     */
    get(name: string): string | null
    /**
     * Tells whether there is such a header.
     * @param name The header's name.
     */
    has(name: string): boolean
  }
  /** The global `URL`; where no library of types declares one, the part of it that an agent may depend on. */
  type URL = typeof globalThis extends { URL: { prototype: infer Host } } ? Host : CommonURL
  /** What every runtime's `URL` has. */
  interface CommonURL {
    /** The whole URL. */
    readonly href: string
    /** `"http:"` or `"https:"`. */
    readonly protocol: string
    /** The host's name or address, with its port. */
    readonly host: string
    /** The host's name or address. */
    readonly hostname: string
    /** The port; empty for the protocol's own. */
    readonly port: string
  }

  /**
   * A webhook. A malformed one is invalid, not an error. Read it with `verify`, or check `isValid` first.
   * @example
   * ```ts
   * const webhook = pusher.webhook({ headers: request.headers, rawBody: await request.text() })
   * if (webhook.reason) console.warn(webhook.reason)
   * else for (const event of webhook.getEvents()) console.log(event.name, event.channel)
   * ```
   */
  export class WebHook {
    /**
     * Takes a request from Channels, to be checked with a token. With a client, use `pusher.webhook`.
     * @param token The app's key and secret.
     * @param request The request's headers and its raw body.
     * @example
     * ```ts
     * const token = new Pusher.Token("app-key", "app-secret")
     * const webhook = new Pusher.WebHook(token, { headers: request.headers, rawBody: await request.text() })
     * ```
     */
    constructor(token: Token, request: WebHookRequest)
    /**
     * Returns the parsed body of a valid webhook.
     * @param extraTokens Further tokens that may have signed it, while you rotate a key.
     * @throws {PusherWebHookError} If it is not valid; `reason` says why. Answer 401, unless your own code is at fault.
     * @example
     * ```ts
     * const { events } = pusher.webhook({ headers: request.headers, rawBody: await request.text() }).verify()
     * ```
     */
    verify(extraTokens?: Token | readonly Token[]): WebHookData
    /**
     * Tells whether the request is signed with the secret of the token whose key it names, and its body is JSON.
     * @param extraTokens Further tokens that may have signed it, while you rotate a key.
     * @example
     * ```ts
     * const isValid = webhook.isValid([{ key: "old-key", secret: "old-secret" }])
     * ```
     */
    isValid(extraTokens?: Token | readonly Token[]): boolean
    /** Why the webhook is not valid with its own token; `undefined` if it is valid. */
    readonly reason: WebHookReason | undefined
    /** Tells whether the content type is `application/json`. */
    isContentTypeValid(): boolean
    /** Tells whether the content type is right and the body is JSON. Does not check the signature. */
    isBodyValid(): boolean
    /**
     * Returns the parsed body. Does not check the signature: `verify` does.
     * @throws {PusherWebHookError} If the content type or the body is not JSON.
     * @example
     * ```ts
     * if (webhook.isValid()) console.log(webhook.getData().time_ms)
     * ```
     */
    getData(): WebHookData
    /**
     * Returns the events of the body. Does not check the signature: `verify` does.
     * @throws {PusherWebHookError} If the content type or the body is not JSON.
     * @example
     * ```ts
     * if (webhook.isValid()) {
     *   for (const event of webhook.getEvents()) if (event.name === "member_added") console.log(event.user_id)
     * }
     * ```
     */
    getEvents(): WebHookEvent[]
    /**
     * Returns the time of the events, the same if the webhook is sent again. Does not check the signature: `verify` does.
     * @throws {PusherWebHookError} If the content type or the body is not JSON.
     * @example
     * ```ts
     * if (webhook.isValid()) console.log(Date.now() - webhook.getTime().getTime(), "ms old")
     * ```
     */
    getTime(): Date
    /** The token that the request is checked with. Not printed. */
    readonly token: Token | undefined
    /** The key that the request names. */
    readonly key: string | undefined
    /** The request's signature. */
    readonly signature: string | undefined
    /** The request's content type. */
    readonly contentType: string | undefined
    /** The request's body, as it was given. */
    readonly body: WebHookRequest["rawBody"]
    /** Frees what the webhook holds. You normally need not. Using it afterwards throws. */
    free(): void
    /** Does what `free` does, at the end of a `using` block. */
    [Symbol.dispose](): void
  }

  /**
   * The base class of all errors of this library.
   * @example
   * ```ts
   * try {
   *   await pusher.trigger("news", "headline", {})
   * } catch (error) {
   *   if (error instanceof Pusher.PusherError) console.error(error.code, error.hint)
   *   else throw error
   * }
   * ```
   */
  export class PusherError extends Error {
    /**
     * Makes an error.
     * @param message What went wrong.
     * @param code A stable name for it.
     * @param details Further members.
     */
    constructor(message: string, code: string, details?: object)
    /** A stable name for what went wrong, to match on. */
    readonly code: string
    /** What is allowed, or what to do. */
    readonly hint?: string
    /** Returns what `JSON.stringify` shows: no secrets and no signatures. */
    toJSON(): object
  }
  /**
   * Wrong input. Nothing was sent.
   * @example
   * ```ts
   * try {
   *   pusher.authorizeChannel("123.456", "a channel")
   * } catch (error) {
   *   if (error instanceof Pusher.PusherValidationError) console.error(error.code, error.field, error.hint)
   * }
   * ```
   */
  export class PusherValidationError extends PusherError {
    /** A stable name for the mistake, to match on. */
    readonly code:
      | "decryption_failed"
      | "encrypted_channel_among_others"
      | "invalid_argument"
      | "invalid_batch"
      | "invalid_channel"
      | "invalid_data"
      | "invalid_event"
      | "invalid_option"
      | "invalid_path"
      | "invalid_socket_id"
      | "invalid_url"
      | "invalid_user_data"
      | "invalid_user_id"
      | "missing_option"
      | "no_randomness"
      | "payload_too_large"
      | "reserved_parameter"
      | "too_many_channels"
    /** The option, argument or parameter that was wrong. */
    readonly field: string
    /** The event's position in its batch, counted from 0. */
    readonly index?: number
  }
  /**
   * A failed request.
   * @example
   * ```ts
   * try {
   *   await pusher.trigger("news", "headline", {})
   * } catch (error) {
   *   if (error instanceof Pusher.PusherRequestError && error.retryable) console.warn("later", error.status, error.retryAfter)
   *   else throw error
   * }
   * ```
   */
  export class PusherRequestError extends PusherError {
    /**
     * Makes an error.
     * @param message What went wrong.
     * @param url The signed URL.
     * @param error The runtime's own error, if there was no response.
     * @param status The status of the response, if there was one.
     * @param body The body of the response, if there was one.
     */
    constructor(message: string, url: string, error?: unknown, status?: number, body?: string)
    /** `http`: the server refused. `network`: there was no response. `timeout`, `aborted`: the wait was ended. */
    readonly code: "http" | "network" | "timeout" | "aborted"
    /** The signed URL. Readable in code, but never printed. */
    readonly url: string
    /** A copy of the runtime's own error, if there was one, without signatures. */
    readonly cause?: unknown
    /** What the runtime's `fetch`, its JSON or your signal gave as the reason. Readable in code, but never printed. */
    readonly error?: any
    /** The status of the response, if there was one. */
    readonly status?: number
    /** The beginning of the response's body, at most 8192 characters, without signatures. */
    readonly body?: string
    /** How many attempts the call had; 0 if nothing was sent. */
    readonly attempts?: number
    /** Whether the same call may succeed later, and cannot publish anything twice. */
    readonly retryable?: boolean
    /** How long the server asks to wait (`Retry-After`), in milliseconds. */
    readonly retryAfter?: number
  }
  /**
   * A webhook that is not valid, or whose content type or body is not JSON, was read.
   * @example
   * ```ts
   * try {
   *   const { events } = pusher.webhook({ headers: request.headers, rawBody: await request.text() }).verify()
   *   console.log(events.length)
   * } catch (error) {
   *   if (error instanceof Pusher.PusherWebHookError) console.warn(error.reason, error.hint)
   * }
   * ```
   */
  export class PusherWebHookError extends PusherError {
    /**
     * Makes an error.
     * @param message What went wrong.
     * @param contentType The request's content type.
     * @param body The request's body.
     * @param signature The request's signature.
     * @param reason Why the webhook is not valid.
     * @param hint What to look at.
     */
    constructor(
      message: string,
      contentType?: string,
      body?: unknown,
      signature?: string,
      reason?: WebHookReason | WebHookRefusal,
      hint?: string,
    )
    /** Why the webhook is not valid. */
    readonly reason?: WebHookReason | WebHookRefusal
    /** The request's content type. */
    readonly contentType?: string
    /** The request's body. Readable in code, but never printed. */
    readonly body: any
    /** The request's signature. Readable in code, but never printed. */
    readonly signature?: string
    /** The HTTP status to answer with. Only errors of `pusher-http-wasm/handlers` have it. */
    readonly status?: number
  }
  export { Pusher, PusherRequestError as RequestError, PusherWebHookError as WebHookError }
}

declare global {
  /** For a `lib` without \`Symbol.dispose\`. Not by \`<reference lib>\`: TypeScript before 5.2 does not know that library. */
  interface SymbolConstructor {
    /** The method that ends a `using` block. */
    readonly dispose: unique symbol
  }
}

// --- what only `import` gives
export default Pusher
export { Pusher }
export import forURL = Pusher.forURL
export import forCluster = Pusher.forCluster
export import fromEnv = Pusher.fromEnv
export import BaseOptions = Pusher.BaseOptions
export import ClusterOptions = Pusher.ClusterOptions
export import HostOptions = Pusher.HostOptions
export import Options = Pusher.Options
export import PartialOptions = Pusher.PartialOptions
export import JSONOptions = Pusher.JSONOptions
export import Fetch = Pusher.Fetch
export import FetchInit = Pusher.FetchInit
export import FetchResponse = Pusher.FetchResponse
export import Agent = Pusher.Agent
export import Signal = Pusher.Signal
export import RetryOptions = Pusher.RetryOptions
export import RequestEvent = Pusher.RequestEvent
export import ResponseEvent = Pusher.ResponseEvent
export import RetryEvent = Pusher.RetryEvent
export import Config = Pusher.Config
export import EventName = Pusher.EventName
export import EventData = Pusher.EventData
export import DataArguments = Pusher.DataArguments
export import Info = Pusher.Info
export import CallOptions = Pusher.CallOptions
export import EventParams = Pusher.EventParams
export import TriggerParams = Pusher.TriggerParams
export import AskingParams = Pusher.AskingParams
export import BatchEvent = Pusher.BatchEvent
export import PublishedEvent = Pusher.PublishedEvent
export import EventStream = Pusher.EventStream
export import PublishOptions = Pusher.PublishOptions
export import PublishProgress = Pusher.PublishProgress
export import PublishReport = Pusher.PublishReport
export import FailedEvent = Pusher.FailedEvent
export import Params = Pusher.Params
export import RequestOptions = Pusher.RequestOptions
export import GetOptions = Pusher.GetOptions
export import PostOptions = Pusher.PostOptions
export import SignedQueryStringOptions = Pusher.SignedQueryStringOptions
export import QueryOptions = Pusher.QueryOptions
export import ChannelsOptions = Pusher.ChannelsOptions
export import ChannelOptions = Pusher.ChannelOptions
export import ChannelInfo = Pusher.ChannelInfo
export import TriggerAnswer = Pusher.TriggerAnswer
export import BatchAnswer = Pusher.BatchAnswer
export import Channels = Pusher.Channels
export import ChannelState = Pusher.ChannelState
export import ChannelUsers = Pusher.ChannelUsers
export import ChannelAuthResponse = Pusher.ChannelAuthResponse
export import AuthResponse = Pusher.AuthResponse
export import UserAuthResponse = Pusher.UserAuthResponse
export import PresenceChannelData = Pusher.PresenceChannelData
export import UserChannelData = Pusher.UserChannelData
export import WebHookRequest = Pusher.WebHookRequest
export import WebHookHeaders = Pusher.WebHookHeaders
export import ChannelEvent = Pusher.ChannelEvent
export import MemberEvent = Pusher.MemberEvent
export import ClientEvent = Pusher.ClientEvent
export import SubscriptionCountEvent = Pusher.SubscriptionCountEvent
export import WebHookEvent = Pusher.WebHookEvent
export import WebHookData = Pusher.WebHookData
export import WebHookReason = Pusher.WebHookReason
export import WebHookRefusal = Pusher.WebHookRefusal
export import Token = Pusher.Token
export import SigningToken = Pusher.SigningToken
export import Response = Pusher.Response
export import ResponseOf = Pusher.ResponseOf
export import WebHook = Pusher.WebHook
export import PusherError = Pusher.PusherError
export import PusherValidationError = Pusher.PusherValidationError
export import PusherRequestError = Pusher.PusherRequestError
export import PusherWebHookError = Pusher.PusherWebHookError
export import RequestError = Pusher.RequestError
export import WebHookError = Pusher.WebHookError
