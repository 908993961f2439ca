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
   * @throws {Pusher.PusherValidationError} `invalid_option`, naming the option.
   */
  constructor(options: Pusher.Options)

  /**
   * Makes a client from `https://KEY:SECRET@HOST:PORT/prefix/apps/APP_ID`. Every part is percent-decoded.
   * @throws {Pusher.PusherValidationError} `invalid_url`, naming the missing or malformed part.
   */
  static forURL<Events = any>(url: string, options?: Partial<Pusher.Options>): Pusher<Events>
  /** Makes a client for an app in the cluster, such as `"eu"`. */
  static forCluster<Events = any>(cluster: string, options: Pusher.BaseOptions): Pusher<Events>

  /**
   * Makes a client from environment variables: `PUSHER_URL`, or `PUSHER_APP_ID`, `PUSHER_KEY` and `PUSHER_SECRET`. Optional are
   * `PUSHER_CLUSTER`, `PUSHER_HOST`, `PUSHER_PORT`, `PUSHER_SCHEME` and `PUSHER_ENCRYPTION_MASTER_KEY_BASE64`. Key, secret and cluster
   * may also be named `PUSHER_APP_…`. Pass a Worker's `env`; by default, `process.env` or Deno's environment is read.
   * @throws {Pusher.PusherValidationError} `missing_option`, naming every missing variable. An exception from a getter of `env` is thrown
   * as it is.
   */
  static fromEnv<Events = any>(env?: object | null, options?: Partial<Pusher.Options>): Pusher<Events>

  /** The resolved configuration, frozen. Printing it shows no secrets: they are readable, but not enumerable. */
  readonly config: Pusher.Config

  /**
   * Triggers an event on one channel, or on up to 100. A string is sent as it is, any other `data` as JSON. On an encrypted channel,
   * the data is encrypted. The request starts before the promise is returned.
   * @returns The server's answer. Its body is already buffered; you need not read it.
   * @throws {Pusher.PusherValidationError} At once, if an argument is wrong.
   * The promise rejects with a {@link Pusher.PusherRequestError} if the request fails.
   */
  trigger<Name extends Pusher.EventName<Events>>(
    channels: string | readonly string[],
    event: Name,
    ...rest: Pusher.DataArguments<Events, Name, Pusher.TriggerParams>
  ): Promise<Response>

  /** Triggers up to 10 events, each on its own channel. Throws and rejects like `trigger`; an error has the event's `index`. */
  triggerBatch(events: readonly Pusher.BatchEvent<Events>[], options?: Pusher.CallOptions): Promise<Response>

  /** Triggers an event on every connection of a signed-in user. Throws and rejects like `trigger`. */
  sendToUser<Name extends Pusher.EventName<Events>>(
    userId: string,
    event: Name,
    ...rest: Pusher.DataArguments<Events, Name>
  ): Promise<Response>

  /** Closes every connection of a signed-in user. Throws and rejects like `trigger`. */
  terminateUserConnections(userId: string): Promise<Response>

  /** Asks for the occupied channels. Throws and rejects like `trigger`. */
  channels(options?: Pusher.ChannelsOptions): Promise<Pusher.Channels>
  /** Asks for the state of one channel. Throws and rejects like `trigger`. */
  channel(channel: string, options?: Pusher.ChannelOptions): Promise<Pusher.ChannelState>
  /** Asks for the users of a presence channel. Throws and rejects like `trigger`. */
  channelUsers(channel: string, options?: Pusher.QueryOptions): Promise<Pusher.ChannelUsers>

  /** Sends a GET request to any endpoint below `/apps/{appId}`, such as `/channels`. Throws and rejects like `trigger`. */
  get(options: Pusher.GetOptions): Promise<Response>
  /** Posts to any endpoint below `/apps/{appId}`: a string as it is, anything else as JSON. Throws and rejects like `trigger`. */
  post(options: Pusher.PostOptions): Promise<Response>

  /**
   * Returns the answer for a client that wants to subscribe to a private, presence or encrypted channel. `data` describes the member,
   * and is for presence channels only.
   * @throws {Pusher.PusherValidationError} If an argument is wrong, or credentials are missing.
   */
  authorizeChannel(socketId: string, channel: string, data?: Pusher.PresenceChannelData): Pusher.ChannelAuthResponse
  /** @deprecated Use `authorizeChannel`. */
  authenticate(socketId: string, channel: string, data?: Pusher.PresenceChannelData): Pusher.ChannelAuthResponse
  /**
   * Returns the answer for a client that signs in as a user.
   * @throws {Pusher.PusherValidationError} If an argument is wrong, or credentials are missing.
   */
  authenticateUser(socketId: string, userData: Pusher.UserChannelData): Pusher.UserAuthResponse

  /** Returns the secret of an encrypted channel: 32 bytes. */
  channelSharedSecret(channel: string): Uint8Array
  /**
   * Decrypts the data of an encrypted channel's event: `{ nonce, ciphertext }`, or its JSON text.
   * @throws {Pusher.PusherValidationError} `decryption_failed`, if it was encrypted with another key or changed on the way.
   */
  decrypt(channel: string, data: string | { nonce: string; ciphertext: string }): any

  /** Takes a request from Channels, to be checked with this client's key and secret. A malformed request is invalid, not an error. */
  webhook(request: Pusher.WebHookRequest): Pusher.WebHook

  /** Returns the signed query string for a request that you send yourself. */
  createSignedQueryString(options: Pusher.SignedQueryStringOptions): string

  /** Returns what `JSON.stringify` shows: the configuration without its secrets. */
  toJSON(): Pusher.Config
  /**
   * Frees the client's memory at once. You normally need not: clients are garbage-collected. Requests under way complete; using the
   * client afterwards throws.
   */
  free(): void
  [Symbol.dispose](): void
}

declare namespace Pusher {
  /** The master key for end-to-end encrypted channels, in one of two forms. */
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
        /** Whether to use TLS; `true` by default. */
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
        /** Sends the requests. By default the host's `fetch`, looked up at each call. */
        fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
        agent?: undefined
      }
    | {
        fetch?: undefined
        /**
         * The `http.Agent` or `https.Agent` to send with, for keep-alive or a proxy, or a function of the URL that returns one. Needs
         * a host with node:http.
         */
        agent?: Agent | ((url: URL) => Agent) | undefined
      }
  /** An `http.Agent` or `https.Agent`, described by its shape: these types do not depend on Node's. */
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
    /** `"https"` by default. Takes precedence over `useTLS`. */
    scheme?: "http" | "https"
    /** 1 to 65535; by default the scheme's own. */
    port?: number | string
    /** A path before `/apps`, for servers behind a prefix. */
    pathPrefix?: string
    /** How long a whole exchange may take, including the body, in milliseconds; 0 for no limit. 10 000 by default. */
    timeout?: number
    /**
     * How large the data of one event may be, in bytes of UTF-8, after encryption. A larger event throws before anything is sent.
     * By default 10 240 on Pusher's own hosts and no limit on others; `Infinity` for no limit.
     */
    maxPayloadBytes?: number
    /** Merged into the `init` of every `fetch`, such as `cf`, `dispatcher`, `proxy` or `keepalive`. */
    fetchOptions?: { [option: string]: any }
    /** Your own encoder and decoder for data; `JSON` by default. */
    json?: { stringify?: (value: any) => string; parse?: (text: string) => any }
    /** Called before every request is sent. Exceptions are ignored. */
    onRequest?: (event: RequestEvent) => void
    /** Called after every answer, and after every request that got none. Exceptions are ignored. */
    onResponse?: (event: ResponseEvent) => void
    /** Added to every request. */
    headers?: Record<string, string>
    /** Returns the time in milliseconds since 1970; `Date.now` by default. */
    now?: () => number
    /** Returns cryptographically secure random bytes; by default from the host's `crypto.getRandomValues`. */
    randomBytes?: (length: number) => Uint8Array
  }
  export type ClusterOptions = BaseOptions & {
    /** The app's cluster, such as `"eu"`. */
    cluster: string
    host?: string | undefined
  }
  export type HostOptions = BaseOptions & {
    /** The API's host name or address. Takes precedence over `cluster`. */
    host: string
    cluster?: string | undefined
  }
  export type Options = ClusterOptions | HostOptions

  export interface RequestEvent {
    method: "GET" | "POST"
    /** The URL, without its signature. */
    url: string
    /** Counted from 1. */
    attempt: number
  }
  export interface ResponseEvent extends RequestEvent {
    /** The status of the answer, if there was one. */
    status?: number
    /** Why the attempt failed, if it did. */
    code?: "http" | "network" | "timeout" | "aborted"
    /** How long the attempt took, in milliseconds. */
    ms: number
  }

  export interface Config {
    readonly appId: string | number | undefined
    /** The key and secret; `undefined` if either is missing. */
    readonly token: SigningToken | undefined
    readonly scheme: "http" | "https"
    readonly host: string
    readonly port: number | undefined
    readonly timeout: number
    readonly agent: Agent | ((url: URL) => Agent) | undefined
    readonly encryptionMasterKey?: Uint8Array
  }

  /** The event names in `Events`; any string if there is no such map. */
  export type EventName<Events> = unknown extends Events ? string : keyof Events & string
  /** The type of an event's data. */
  export type EventData<Events, Name> = unknown extends Events ? any : Name extends keyof Events ? Events[Name] : never
  /** The arguments after an event's name: its data, optional if it may be `undefined`, and the params. */
  export type DataArguments<Events, Name extends EventName<Events>, Params = never> =
    undefined extends EventData<Events, Name>
      ? [data?: EventData<Events, Name>, ...params: [Params] extends [never] ? [] : [params?: Params]]
      : [data: EventData<Events, Name>, ...params: [Params] extends [never] ? [] : [params?: Params]]

  export interface CallOptions {
    /** Ends the call at any point; its promise then rejects with the code `aborted`. */
    signal?: AbortSignal
    /** Sent as `X-Idempotency-Key`, for servers that use it to recognise repeated calls (Pusher's own do not). */
    idempotencyKey?: string
  }
  export interface EventParams {
    /** The connection that should not receive the event. */
    socket_id?: string | null
    /** Attributes of the channels to return in the answer: `user_count`, `subscription_count`. */
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
  /** Query parameters, other than those that signing sets. */
  export type Params = { [key: string]: any } & { [key in ReservedParams]?: never }
  export interface RequestOptions extends CallOptions {
    /** The path below `/apps/{appId}`, with a leading slash, not percent-encoded. */
    path: string
    params?: Params
  }
  export type GetOptions = RequestOptions
  export interface PostOptions extends RequestOptions {
    body?: unknown
  }
  export interface SignedQueryStringOptions {
    method: string
    /** The whole path, exactly as you will send it. */
    path: string
    body?: string
    params?: Params
  }

  /** Attributes of a channel to ask for, as a list or joined by commas. */
  type Info<Attribute extends string> = Attribute | readonly Attribute[] | (string & {})
  export interface QueryOptions {
    /** Ends the call at any point; its promise then rejects with the code `aborted`. */
    signal?: AbortSignal
  }
  export interface ChannelsOptions extends QueryOptions {
    /** Returns only channels whose names begin with this. */
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
    /** The last event of a cache channel, and for how many seconds it is kept; `null` if there is none. */
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
    /** Ids of users whose online status this user sees; at most 100. */
    watchlist?: string[]
    [key: string]: any
  }

  export interface WebHookRequest {
    /** `Headers`, or a plain object with names in any case. */
    headers: object
    /** The body as it arrived, not parsed: the signature covers its bytes. */
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
    /** Only on presence channels. */
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
   * An event, discriminated by `name`; fields that do not apply are `undefined`. Events of kinds not listed here are passed through
   * unchanged.
   */
  export type WebHookEvent = ChannelEvent | MemberEvent | ClientEvent | SubscriptionCountEvent
  export interface WebHookData {
    time_ms: number
    events: WebHookEvent[]
  }

  /** A key and its secret: a token, or any object with these two. */
  export interface Token {
    readonly key: string
    readonly secret: string
  }
  /** A key and its secret, ready to sign. Printing it does not show the secret. */
  export interface SigningToken extends Token {
    /** Returns the hex HMAC-SHA256 of a string or bytes. */
    sign(message: string | Uint8Array | ArrayBuffer): string
    /** Tells whether the signature is that of the message, in constant time. */
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

  /** A request from Channels. A malformed one is invalid, not an error. Check `isValid` before you read it. */
  export class WebHook {
    constructor(token: Token, request: WebHookRequest)
    /**
     * Tells whether the request is signed with the secret of the token whose key it names, and its body is JSON. Pass further tokens
     * while you rotate a key.
     */
    isValid(extraTokens?: Token | readonly Token[]): boolean
    /** Tells whether the content type is `application/json`. */
    isContentTypeValid(): boolean
    /** Tells whether the content type is right and the body is JSON. Does not check the signature. */
    isBodyValid(): boolean
    /**
     * Returns the parsed body. Does not check the signature.
     * @throws {PusherWebHookError} If the content type or the body is not JSON.
     */
    getData(): WebHookData
    /**
     * Returns the events of the body. Does not check the signature.
     * @throws {PusherWebHookError} If the content type or the body is not JSON.
     */
    getEvents(): WebHookEvent[]
    /**
     * Returns the time of the events, the same if the webhook is sent again. Does not check the signature.
     * @throws {PusherWebHookError} If the content type or the body is not JSON.
     */
    getTime(): Date
    readonly key: string | undefined
    readonly signature: string | undefined
    readonly contentType: string | undefined
    readonly body: WebHookRequest["rawBody"]
    free(): void
    [Symbol.dispose](): void
  }

  /** The base class of all errors of this library. */
  export class PusherError extends Error {
    constructor(message: string, code: string, details?: object)
    /** A stable name for what went wrong, to match on. */
    readonly code: string
    /** What is allowed, or what to do. */
    readonly hint?: string
    toJSON(): object
  }
  /** Wrong input. Nothing was sent. */
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
    /** The event's position in its batch, counted from 0. */
    readonly index?: number
  }
  /** A failed request. */
  export class PusherRequestError extends PusherError {
    constructor(message: string, url: string, error?: unknown, status?: number, body?: string)
    /** `http`: the server refused. `network`: there was no answer. `timeout`, `aborted`: the wait was ended. */
    readonly code: "http" | "network" | "timeout" | "aborted"
    /** The signed URL. Readable in code, but never printed. */
    readonly url: string
    /** The host's own error, if there was no answer; the same as `cause`. */
    readonly error?: any
    /** The status of the answer, if there was one. */
    readonly status?: number
    /** The body of the answer, without signatures. */
    readonly body?: string
  }
  /** A webhook was read whose content type or body is not JSON. */
  export class PusherWebHookError extends PusherError {
    constructor(message: string, contentType?: string, body?: unknown, signature?: string)
    readonly contentType?: string
    /** Readable in code, but never printed. */
    readonly body: any
    /** Readable in code, but never printed. */
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
