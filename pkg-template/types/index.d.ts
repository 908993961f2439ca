/**
 * The Pusher Channels server library for every JavaScript runtime.
 *
 * `Events` maps event names to the types of their data; with it, `trigger` checks both.
 *
 * @example
 * ```ts
 * const pusher = new Pusher({ appId: "1", key: "key", secret: "secret", cluster: "eu" })
 * await pusher.trigger("my-channel", "my-event", { message: "hello" })
 * ```
 */
declare class Pusher<Events = any> {
  /**
   * Synchronous, and allowed at module scope. Missing credentials are reported by the first call that needs them.
   * @throws {Pusher.PusherValidationError} `invalid_option`, naming the option.
   */
  constructor(options: Pusher.Options)

  /**
   * A client configured by `https://KEY:SECRET@HOST:PORT/prefix/apps/APP_ID`; every part is percent-decoded.
   * @throws {Pusher.PusherValidationError} `invalid_url`, naming the part that is missing.
   */
  static forURL<Events = any>(url: string, options?: Partial<Pusher.Options>): Pusher<Events>
  /** A client of an app in the cluster, such as `"eu"`. */
  static forCluster<Events = any>(cluster: string, options: Pusher.BaseOptions): Pusher<Events>

  /**
   * A client configured by environment variables: `PUSHER_URL`, or `PUSHER_APP_ID`, `PUSHER_KEY`, `PUSHER_SECRET` (the last two
   * also as `PUSHER_APP_…`) and, where they are set, `PUSHER_CLUSTER`, `PUSHER_HOST`, `PUSHER_PORT`, `PUSHER_SCHEME`,
   * `PUSHER_ENCRYPTION_MASTER_KEY_BASE64`. `env` is a Worker's `env`; by default it is `process.env` or Deno's.
   * @throws {Pusher.PusherValidationError} `missing_option`, naming every variable that is missing.
   */
  static fromEnv<Events = any>(env?: object | null, options?: Partial<Pusher.Options>): Pusher<Events>

  /** The configuration, frozen. Secrets are not enumerable: printing it shows none. */
  readonly config: Pusher.Config

  /**
   * Triggers an event on one channel, or on up to 100. `data` is sent as it is if it is a string, else as JSON; on an
   * encrypted channel it is encrypted.
   * @returns the server's answer, its body already received.
   * @throws {Pusher.PusherValidationError} at once, when an argument is wrong.
   * The promise rejects with a {@link Pusher.PusherRequestError}.
   */
  trigger<Name extends Pusher.EventName<Events>>(
    channels: string | readonly string[],
    event: Name,
    ...rest: Pusher.DataArguments<Events, Name, Pusher.TriggerParams>
  ): Promise<Response>

  /** Triggers up to 10 events, each on its own channel. Throws and rejects as `trigger`; an error names the event's index. */
  triggerBatch(events: readonly Pusher.BatchEvent<Events>[], options?: Pusher.CallOptions): Promise<Response>

  /** Triggers an event on all connections of a signed-in user. Throws and rejects as `trigger`. */
  sendToUser<Name extends Pusher.EventName<Events>>(
    userId: string,
    event: Name,
    ...rest: Pusher.DataArguments<Events, Name>
  ): Promise<Response>

  /** Closes all connections of a signed-in user. Throws and rejects as `trigger`. */
  terminateUserConnections(userId: string): Promise<Response>

  /** The occupied channels. Throws and rejects as `trigger`. */
  channels(options?: Pusher.ChannelsOptions): Promise<Pusher.Channels>
  /** One channel's state. Throws and rejects as `trigger`. */
  channel(channel: string, options?: Pusher.ChannelOptions): Promise<Pusher.ChannelState>
  /** The users of a presence channel. Throws and rejects as `trigger`. */
  channelUsers(channel: string, options?: Pusher.QueryOptions): Promise<Pusher.ChannelUsers>

  /** Asks any endpoint below `/apps/{appId}`, such as `/channels`. Throws and rejects as `trigger`. */
  get(options: Pusher.GetOptions): Promise<Response>
  /** Posts to any endpoint below `/apps/{appId}`: a string as it is, anything else as JSON. Throws and rejects as `trigger`. */
  post(options: Pusher.PostOptions): Promise<Response>

  /**
   * The answer for a client that wants to subscribe to a private, presence or encrypted channel. `data` is what a presence
   * channel shows of its member.
   * @throws {Pusher.PusherValidationError}
   */
  authorizeChannel(socketId: string, channel: string, data?: Pusher.PresenceChannelData): Pusher.ChannelAuthResponse
  /** @deprecated Use `authorizeChannel`. */
  authenticate(socketId: string, channel: string, data?: Pusher.PresenceChannelData): Pusher.ChannelAuthResponse
  /**
   * The answer for a client that signs in as a user.
   * @throws {Pusher.PusherValidationError}
   */
  authenticateUser(socketId: string, userData: Pusher.UserChannelData): Pusher.UserAuthResponse

  /** The secret of an encrypted channel: 32 bytes. */
  channelSharedSecret(channel: string): Uint8Array
  /**
   * Decrypts the data of an encrypted channel's event: `{ nonce, ciphertext }`, or its JSON text.
   * @throws {Pusher.PusherValidationError} `decryption_failed`, when it was made with another key or changed on its way.
   */
  decrypt(channel: string, data: string | { nonce: string; ciphertext: string }): any

  /** A request from Channels, to be checked with this client's key and secret. Never throws. */
  webhook(request: Pusher.WebHookRequest): Pusher.WebHook

  /** The signed query string of a request that you send yourself. */
  createSignedQueryString(options: Pusher.SignedQueryStringOptions): string

  /** The configuration without its secrets. */
  toJSON(): Pusher.Config
  /** Frees the client's memory at once; the garbage collector does so too. Requests under way complete. */
  free(): void
  [Symbol.dispose](): void
}

declare namespace Pusher {
  /** The key of end-to-end encrypted channels, in one of two forms. */
  type MasterKeyOptions =
    | {
        /** 32 bytes in base64. */
        encryptionMasterKeyBase64?: string | undefined
        encryptionMasterKey?: undefined
      }
    | {
        encryptionMasterKeyBase64?: undefined
        /** @deprecated Use `encryptionMasterKeyBase64`. 32 ASCII characters. */
        encryptionMasterKey?: string | undefined
      }
  /** Whether to use TLS, under one of two names. */
  type TLSOptions =
    | {
        /** Whether to use TLS. `true` by default. */
        useTLS?: boolean | undefined
        encrypted?: undefined
      }
    | {
        useTLS?: undefined
        /** @deprecated Use `useTLS`. */
        encrypted?: boolean | undefined
      }
  /** What sends the requests. */
  type SendingOptions =
    | {
        /** Sends the requests; the host's own `fetch`, looked up at each call, by default. */
        fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
        agent?: undefined
      }
    | {
        fetch?: undefined
        /**
         * Where there is node:http: the `http.Agent` or `https.Agent` to send with, for keep-alive or a proxy; or a function of
         * the URL that gives it.
         */
        agent?: Agent | ((url: URL) => Agent) | undefined
      }
  /** An `http.Agent` or `https.Agent`; named by shape, so that these types need none of Node's. */
  interface Agent {
    destroy(): void
  }

  export type BaseOptions = CommonOptions & MasterKeyOptions & TLSOptions & SendingOptions
  export interface CommonOptions {
    /** The app's id. */
    appId: string | number
    /** The app's key. */
    key: string
    /** The app's secret. */
    secret: string
    /** `"https"` by default; wins over `useTLS`. */
    scheme?: "http" | "https"
    /** 1 to 65535; the scheme's own by default. */
    port?: number | string
    /** A path before `/apps`, for servers behind a prefix. */
    pathPrefix?: string
    /** Milliseconds that a whole exchange may take, the body included; 0 for no limit. 10 000 by default. */
    timeout?: number
    /**
     * Bytes of UTF-8 that the data of one event may have, after encryption: a larger one is refused before it is sent.
     * 10 240 on Pusher's own hosts and no limit on others by default; `Infinity` for none.
     */
    maxPayloadBytes?: number
    /** Merged into the `init` of every `fetch`, such as `cf`, `dispatcher`, `proxy` or `keepalive`. */
    fetchOptions?: { [option: string]: any }
    /** An encoder and a decoder for data; those of `JSON` by default. */
    json?: { stringify?: (value: any) => string; parse?: (text: string) => any }
    /** Told of every request before it is sent. What it throws is ignored. */
    onRequest?: (event: RequestEvent) => void
    /** Told of every answer, and of every request that has none. What it throws is ignored. */
    onResponse?: (event: ResponseEvent) => void
    /** Further headers of every request. */
    headers?: Record<string, string>
    /** The time in milliseconds since 1970; `Date.now` by default. */
    now?: () => number
    /** Cryptographically secure random bytes; the host's `crypto.getRandomValues` by default. */
    randomBytes?: (length: number) => Uint8Array
  }
  export type ClusterOptions = BaseOptions & {
    /** The app's cluster, such as `"eu"`. */
    cluster: string
    host?: string | undefined
  }
  export type HostOptions = BaseOptions & {
    /** The API's host name or address; wins over `cluster`. */
    host: string
    cluster?: string | undefined
  }
  export type Options = ClusterOptions | HostOptions

  export interface RequestEvent {
    method: "GET" | "POST"
    /** Without the signature. */
    url: string
    /** Counted from 1. */
    attempt: number
  }
  export interface ResponseEvent extends RequestEvent {
    /** The status of the answer, if one came. */
    status?: number
    /** Why the attempt failed, if it did. */
    code?: "http" | "network" | "timeout" | "aborted"
    /** How long the attempt took, in milliseconds. */
    ms: number
  }

  export interface Config {
    readonly appId: string | number | undefined
    /** `undefined` without a key or a secret. */
    readonly token: SigningToken | undefined
    readonly scheme: "http" | "https"
    readonly host: string
    readonly port: number | undefined
    readonly timeout: number
    readonly agent: Agent | ((url: URL) => Agent) | undefined
    readonly encryptionMasterKey?: Uint8Array
  }

  /** The names of events that `Events` knows; any string without such a map. */
  export type EventName<Events> = unknown extends Events ? string : keyof Events & string
  /** The type of an event's data. */
  export type EventData<Events, Name> = unknown extends Events ? any : Name extends keyof Events ? Events[Name] : never
  /** The arguments behind an event's name: its data, which may be left out where it may be undefined, and options. */
  export type DataArguments<Events, Name extends EventName<Events>, Params = never> =
    undefined extends EventData<Events, Name>
      ? [data?: EventData<Events, Name>, ...params: [Params] extends [never] ? [] : [params?: Params]]
      : [data: EventData<Events, Name>, ...params: [Params] extends [never] ? [] : [params?: Params]]

  export interface CallOptions {
    /** Ends the call at any point: its promise then rejects with code `aborted`. */
    signal?: AbortSignal
    /** Sent as `X-Idempotency-Key`, for servers that recognise repeated calls by it (Pusher's own do not). */
    idempotencyKey?: string
  }
  export interface EventParams {
    /** The connection that is not to receive the event. */
    socket_id?: string | null
    /** What the answer should tell about the channels: `user_count`, `subscription_count`. */
    info?: string | readonly string[]
  }
  export interface TriggerParams extends EventParams, CallOptions {}

  export type BatchEvent<Events = any> = {
    [Name in EventName<Events>]: EventParams & { channel: string; name: Name } & (undefined extends EventData<
        Events,
        Name
      >
        ? { data?: EventData<Events, Name> }
        : { data: EventData<Events, Name> })
  }[EventName<Events>]

  type ReservedParams = "auth_key" | "auth_timestamp" | "auth_version" | "auth_signature" | "body_md5"
  /** Query parameters: anything but those that signing sets. */
  export type Params = { [key: string]: any } & { [key in ReservedParams]?: never }
  export interface RequestOptions extends CallOptions {
    /** Below `/apps/{appId}`, with a leading slash; not percent-encoded. */
    path: string
    params?: Params
  }
  export type GetOptions = RequestOptions
  export interface PostOptions extends RequestOptions {
    body?: unknown
  }
  export interface SignedQueryStringOptions {
    method: string
    /** The whole path, just as it will be sent. */
    path: string
    body?: string
    params?: Params
  }

  /** Attributes of a channel that a question may ask for, as a list or joined by commas. */
  type Info<Attribute extends string> = Attribute | readonly Attribute[] | (string & {})
  export interface QueryOptions {
    /** Ends the call at any point: its promise then rejects with code `aborted`. */
    signal?: AbortSignal
  }
  export interface ChannelsOptions extends QueryOptions {
    /** Only channels whose name begins so. */
    prefix?: string
    /** `user_count` needs a `prefix` of presence channels. */
    info?: Info<"user_count" | "subscription_count">
  }
  export interface ChannelOptions extends QueryOptions {
    info?: Info<"user_count" | "subscription_count" | "cache">
  }
  export interface Channels {
    channels: { [name: string]: { user_count?: number; subscription_count?: number; [attribute: string]: unknown } }
    [attribute: string]: unknown
  }
  export interface ChannelState {
    occupied: boolean
    user_count?: number
    subscription_count?: number
    /** The last event of a cache channel and the seconds that it is kept for; `null` when there is none. */
    cache?: { data: string; ttl: number } | null
    [attribute: string]: unknown
  }
  export interface ChannelUsers {
    users: { id: string; [attribute: string]: unknown }[]
    [attribute: string]: unknown
  }

  export interface ChannelAuthResponse {
    auth: string
    channel_data?: string
    shared_secret?: string
  }
  /** @deprecated Use `ChannelAuthResponse`. */
  export type AuthResponse = ChannelAuthResponse
  export interface UserAuthResponse {
    auth: string
    user_data: string
  }
  export interface PresenceChannelData {
    user_id: string
    user_info?: { [key: string]: any }
  }
  export interface UserChannelData {
    id: string
    user_info?: { [key: string]: any }
    /** Ids of users whose coming and going this user sees; at most 100. */
    watchlist?: string[]
    [key: string]: any
  }

  export interface WebHookRequest {
    /** A plain object in any case, or `Headers`. */
    headers: object
    /** The body as it was received, not parsed. */
    rawBody: string | Uint8Array | ArrayBuffer
  }
  export interface ChannelEvent {
    name: "channel_occupied" | "channel_vacated" | "cache_miss"
    channel: string
    user_id?: undefined
    event?: undefined
    data?: undefined
    socket_id?: undefined
    subscription_count?: undefined
  }
  export interface MemberEvent {
    name: "member_added" | "member_removed"
    channel: string
    user_id: string
    event?: undefined
    data?: undefined
    socket_id?: undefined
    subscription_count?: undefined
  }
  export interface ClientEvent {
    name: "client_event"
    channel: string
    event: string
    data: string
    socket_id: string
    /** On presence channels. */
    user_id?: string
    subscription_count?: undefined
  }
  export interface SubscriptionCountEvent {
    name: "subscription_count"
    channel: string
    subscription_count: number
    user_id?: undefined
    event?: undefined
    data?: undefined
    socket_id?: undefined
  }
  /**
   * What happened, told apart by `name`; a member that a kind has not is `undefined`. Kinds yet to come are passed through as
   * they are.
   */
  export type WebHookEvent = ChannelEvent | MemberEvent | ClientEvent | SubscriptionCountEvent
  export interface WebHookData {
    time_ms: number
    events: WebHookEvent[]
  }

  /** A key and its secret: a token, or any object of this shape. */
  export interface Token {
    readonly key: string
    readonly secret: string
  }
  /** A key with its secret, ready to sign. Printing it shows no secret. */
  export interface SigningToken extends Token {
    /** HMAC-SHA256 of a string or of bytes: 64 hexadecimal digits. */
    sign(message: string | Uint8Array | ArrayBuffer): string
    /** Whether the signature is the message's; in constant time. */
    verify(message: string | Uint8Array | ArrayBuffer, signature: string): boolean
    toJSON(): { key: string }
    free(): void
    [Symbol.dispose](): void
  }
  export const Token: {
    new (key: string, secret: string): SigningToken
    readonly prototype: SigningToken
  }

  /** The host's `Response`. */
  export type Response = globalThis.Response

  /** A request from Channels. Whatever is wrong with it makes it invalid; only reading an invalid one throws. */
  export class WebHook {
    constructor(token: Token, request: WebHookRequest)
    /** Whether the body is JSON and signed with the secret of the token whose key the request names. */
    isValid(extraTokens?: Token | readonly Token[]): boolean
    isContentTypeValid(): boolean
    isBodyValid(): boolean
    /** @throws {PusherWebHookError} when the body is not valid. */
    getData(): WebHookData
    /** @throws {PusherWebHookError} when the body is not valid. */
    getEvents(): WebHookEvent[]
    /** @throws {PusherWebHookError} when the body is not valid. */
    getTime(): Date
    readonly key: string | undefined
    readonly signature: string | undefined
    readonly contentType: string | undefined
    readonly body: WebHookRequest["rawBody"]
    free(): void
    [Symbol.dispose](): void
  }

  /** The base of all errors of this library. */
  export class PusherError extends Error {
    constructor(message: string, code: string, details?: object)
    /** A stable name for what went wrong. */
    readonly code: string
    /** What is allowed, or what to do. */
    readonly hint?: string
    toJSON(): object
  }
  /** Bad input: nothing was sent. */
  export class PusherValidationError extends PusherError {
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
    /** Position of the event in its batch, counted from 0. */
    readonly index?: number
  }
  /** A request that failed. */
  export class PusherRequestError extends PusherError {
    constructor(message: string, url: string, error?: unknown, status?: number, body?: string)
    /** `http`: the server said no. `network`: no answer. `timeout`, `aborted`: not waited for any longer. */
    readonly code: "http" | "network" | "timeout" | "aborted"
    /** The signed URL; not printed. */
    readonly url: string
    /** The host's own error, where no answer came; the same as `cause`. */
    readonly error?: any
    /** The status of the answer, if one came. */
    readonly status?: number
    /** The server's words, with signatures left out. */
    readonly body?: string
  }
  /** A webhook whose body is not what Channels sends. */
  export class PusherWebHookError extends PusherError {
    constructor(message: string, contentType?: string, body?: unknown, signature?: string)
    readonly contentType?: string
    /** Not printed. */
    readonly body: any
    /** Not printed. */
    readonly signature?: string
  }
  export { Pusher, PusherRequestError as RequestError, PusherWebHookError as WebHookError }
}

// --- what only `import` gives
export default Pusher
export { Pusher }
export import Token = Pusher.Token
export import WebHook = Pusher.WebHook
export import PusherError = Pusher.PusherError
export import PusherValidationError = Pusher.PusherValidationError
export import PusherRequestError = Pusher.PusherRequestError
export import PusherWebHookError = Pusher.PusherWebHookError
