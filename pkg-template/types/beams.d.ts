import type Pusher from "pusher-http-wasm"
import type { Handler, HandlerOptions, HostRequest } from "pusher-http-wasm/handlers"

/** Options of an instance of Beams. */
export interface BeamsOptions {
  /** The instance's id, from the dashboard of Beams, under Keys: letters, digits and hyphens. */
  instanceId: string
  /** The instance's secret key. It is never printed, and is in no error. */
  secretKey: string
  /**
   * A host other than Beams' own, `{instanceId}.pushnotifications.pusher.com`, such as a server for tests: `push.example.com`, with a port if it has
   * one. `http://` before it turns TLS off.
   */
  host?: string | undefined
  /** Sends requests. The runtime's `fetch` by default. */
  fetch?: BeamsFetch | undefined
  /** How long an attempt may take, in milliseconds; 0 for any time. 10 000 by default. */
  timeout?: number | undefined
  /**
   * How failed calls are retried; `false` for not at all. A deletion is retried after any failure that may pass; a notification only where Beams
   * cannot have taken it (no connection was made, 429, or 503 with `Retry-After`), so that it arrives once.
   */
  retry?: Pusher.RetryOptions | boolean | undefined
}

/**
 * Sends a request. The runtime's `fetch`, undici's and node-fetch's all fit.
 * @param url The URL.
 * @param init The rest of the request.
 */
export type BeamsFetch = (url: string, init: BeamsFetchInit) => Promise<Pusher.FetchResponse>

/** What is passed to `fetch`. */
export interface BeamsFetchInit {
  /** The method. */
  method: "POST" | "DELETE"
  /** The headers, their names in lower case. They hold the secret key. */
  headers: { [name: string]: string }
  /** The body, if there is one. */
  body?: string
  /** Redirects are not followed. */
  redirect: "manual"
  /** The `AbortSignal` that ends the request. Untyped, since libraries have types of their own for it. */
  signal?: any
}

/** How to send one call. */
export interface BeamsCallOptions {
  /** Ends the call at any point; its promise then rejects with the code `aborted`. */
  signal?: Pusher.Signal | undefined
  /** How the call is retried. Members that you leave out have the values of the instance. */
  retry?: Pusher.RetryOptions | boolean | undefined
}

/**
 * A notification: its forms for each kind of device, of which there is at least one.
 * @example
 * ```ts
 * await beams.publishToInterests(["news"], {
 *   web: { notification: { title: "News", body: "It has happened", deep_link: "https://example.com" } },
 * })
 * ```
 */
export type PublishRequest = Payloads &
  (Required<Pick<Payloads, "apns">> | Required<Pick<Payloads, "fcm">> | Required<Pick<Payloads, "web">>)

/** What a notification may have. */
interface Payloads {
  /** For Apple devices. */
  apns?: ApnsPayload
  /** For Android devices. */
  fcm?: FcmPayload
  /** For browsers. */
  web?: WebPayload
  /** Where Beams sends webhooks about this notification. */
  webhookUrl?: string | undefined
}

/** A notification for Apple devices. */
export interface ApnsPayload {
  /** What the system shows and does. */
  aps: ApsPayload
  /** Data for the app. */
  data?: object | undefined
  /** Only the newest of several notifications with the same id is shown. */
  collapse_id?: string | undefined
  /** When the notification is no longer of use, in seconds since 1970. */
  expiration?: number | undefined
  /** 10 for at once, which is the default; 5 to spare the battery. */
  priority?: 5 | 10 | undefined
}

/** What the system shows and does (Apple's documentation, "Generating a remote notification"). */
export interface ApsPayload {
  /** The text, or its parts. */
  alert?: string | AlertPayload | undefined
  /** The number on the app's icon; 0 removes it. */
  badge?: number | undefined
  /** The name of a sound in the app, or `default`; or a critical alert's sound. */
  sound?: string | SoundPayload | undefined
  /** What groups notifications. */
  "thread-id"?: string | undefined
  /** The notification's type, as the app has registered it. */
  category?: string | undefined
  /** 1 wakes the app in the background. */
  "content-available"?: number | string | undefined
  /** 1 lets an extension of the app change the notification. */
  "mutable-content"?: number | undefined
  /** Which window of the app comes forward. */
  "target-content-id"?: string | undefined
  /** How urgent it is. */
  "interruption-level"?: "passive" | "active" | "time-sensitive" | "critical" | undefined
  /** What the system sorts the app's notifications by: from 0 to 1. */
  "relevance-score"?: number | undefined
}

/** The parts of an alert. */
export interface AlertPayload {
  /** The title. */
  title?: string | undefined
  /** The line below the title. */
  subtitle?: string | undefined
  /** The text. */
  body?: string | undefined
  /** The file of an image that is shown while the app starts. */
  "launch-image"?: string | undefined
  /** The key of a title in the app's `Localizable.strings`. */
  "title-loc-key"?: string | undefined
  /** What takes the places in that title. */
  "title-loc-args"?: readonly string[] | null | undefined
  /** The key of a line below the title in the app's `Localizable.strings`. */
  "subtitle-loc-key"?: string | undefined
  /** What takes the places in that line. */
  "subtitle-loc-args"?: readonly string[] | null | undefined
  /** The key of a text in the app's `Localizable.strings`. */
  "loc-key"?: string | undefined
  /** What takes the places in that text. */
  "loc-args"?: readonly string[] | undefined
  /** The key of the button's title in the app's `Localizable.strings`. */
  "action-loc-key"?: string | null | undefined
}

/** The sound of a critical alert. */
export interface SoundPayload {
  /** 1 for a critical alert. */
  critical?: number | undefined
  /** The name of a sound in the app, or `default`. */
  name?: string | undefined
  /** From 0 to 1. */
  volume?: number | undefined
}

/** A notification for Android devices. */
export interface FcmPayload {
  /** What the system shows. */
  notification?: FcmNotification | undefined
  /** Data for the app. */
  data?: object | undefined
  /** How many seconds it is kept for a device that cannot be reached. */
  time_to_live?: number | undefined
  /** Only the newest of several notifications with the same key is shown. */
  collapse_key?: string | undefined
  /** `normal` spares the battery, which is the default; `high` is delivered at once. */
  priority?: "normal" | "high" | undefined
}

/** What Android shows (Firebase's documentation, "Notification payload support"). */
export interface FcmNotification {
  /** The title. */
  title?: string | undefined
  /** The text. */
  body?: string | undefined
  /** The id of a notification channel that the app has created. */
  android_channel_id?: string | undefined
  /** The name of an icon in the app. */
  icon?: string | undefined
  /** The URL of an image. */
  image?: string | undefined
  /** The name of a sound in the app, or `default`. */
  sound?: string | undefined
  /** A notification replaces another one with the same tag. */
  tag?: string | undefined
  /** The icon's color: `#rrggbb`. */
  color?: string | undefined
  /** What a click starts. */
  click_action?: string | undefined
  /** The key of a text in the app's resources. */
  body_loc_key?: string | undefined
  /** What takes the places in that text. */
  body_loc_args?: readonly string[] | undefined
  /** The key of a title in the app's resources. */
  title_loc_key?: string | undefined
  /** What takes the places in that title. */
  title_loc_args?: readonly string[] | undefined
}

/** A notification for browsers. */
export interface WebPayload {
  /** What the browser shows. */
  notification?: WebNotification | undefined
  /** Data for the page's service worker. */
  data?: object | undefined
  /** How many seconds it is kept for a user who is offline: at most 2 419 200, four weeks, which is the default. */
  time_to_live?: number | undefined
}

/** What a browser shows. */
export interface WebNotification {
  /** The title. */
  title?: string | undefined
  /** The text. */
  body?: string | undefined
  /** The URL of an icon. */
  icon?: string | undefined
  /** The URL that a click opens. */
  deep_link?: string | undefined
  /** Whether nothing is shown while the user looks at the site. `false` by default. */
  hide_notification_if_site_has_focus?: boolean | undefined
}

/** What Beams answers to a notification. */
export interface PublishResponse {
  /** The notification's id. */
  publishId: string
}

/** A request for a token. */
export interface TokenQuestion {
  /** The request. */
  request: HostRequest
  /** The user for whom a token is requested. Anybody can write any id here. */
  userId: string
  /** What the runtime passed second: in a Worker, its variables and bindings. Not enumerable, so that no log shows the secrets in it. */
  env: any
  /** What the runtime passed third: in a Worker, the context with `waitUntil`. */
  ctx: any
}

/**
 * An instance of Pusher Beams. It is not printed with its secret key.
 * @example
 * ```ts
 * import { Beams } from "pusher-http-wasm/beams"
 *
 * const beams = new Beams({ instanceId: env.BEAMS_INSTANCE_ID, secretKey: env.BEAMS_SECRET_KEY })
 * await beams.publishToUsers(["alice"], { web: { notification: { title: "Hello", body: "Hello, Alice" } } })
 * ```
 */
export declare class Beams {
  /**
   * Makes an instance. Nothing is sent.
   * @param options The instance's id and secret key, and how requests are sent.
   * @throws {Pusher.PusherValidationError} `missing_option` or `invalid_option`, if an option is missing or wrong.
   * @example
   * ```ts
   * const beams = new Beams({ instanceId: "your-instance-id", secretKey: "your-secret-key" })
   * ```
   */
  constructor(options: BeamsOptions)
  /** The instance's id. */
  readonly instanceId: string
  /** The host that requests go to. */
  readonly host: string

  /**
   * Sends a notification to all devices that are subscribed to one of the interests.
   * @param interests 1 to 100 interests, each of 1 to 164 characters out of `A-Z a-z 0-9 _ - = @ , . ;`
   * @param body The notification.
   * @param options A signal, and how the call is retried.
   * @returns The notification's id. The promise rejects with a {@link Pusher.PusherRequestError} if Beams refuses, whose `hint` has Beams' words, or if there
   * is no response.
   * @throws {Pusher.PusherValidationError} `invalid_argument` or `invalid_data`, at once, if an argument is wrong.
   * @example
   * ```ts
   * const { publishId } = await beams.publishToInterests(["news"], {
   *   apns: { aps: { alert: { title: "News", body: "It has happened" } } },
   *   fcm: { notification: { title: "News", body: "It has happened" } },
   *   web: { notification: { title: "News", body: "It has happened", deep_link: "https://example.com/news" } },
   * })
   * ```
   */
  publishToInterests(
    interests: readonly string[],
    body: PublishRequest,
    options?: BeamsCallOptions,
  ): Promise<PublishResponse>

  /**
   * Sends a notification to all devices of some users, who have signed in with a token.
   * @param users The ids of 1 to 1000 users, each of 1 to 164 bytes as UTF-8.
   * @param body The notification.
   * @param options A signal, and how the call is retried.
   * @returns The notification's id. The promise rejects with a {@link Pusher.PusherRequestError} if Beams refuses, whose `hint` has Beams' words, or if there
   * is no response.
   * @throws {Pusher.PusherValidationError} `invalid_argument`, `invalid_user_id` or `invalid_data`, at once, if an argument is wrong.
   * @example
   * ```ts
   * await beams.publishToUsers(["alice", "bob"], { fcm: { notification: { title: "Hello", body: "Are you there?" } } })
   * ```
   */
  publishToUsers(users: readonly string[], body: PublishRequest, options?: BeamsCallOptions): Promise<PublishResponse>

  /**
   * Makes a token by which Beams knows a user. It is valid for 24 hours. Make it only for the user who has signed in: `tokenHandler` makes sure of that.
   * @param userId The user's id, of 1 to 164 bytes as UTF-8.
   * @returns The token, as Beams' libraries for devices expect it: a JSON Web Token.
   * @throws {Pusher.PusherValidationError} `invalid_user_id`, if the id is malformed.
   * @example
   * ```ts
   * const { token } = beams.generateToken(session.userId)
   * ```
   */
  generateToken(userId: string): { token: string }

  /**
   * Deletes a user with all devices.
   * @param userId The user's id, of 1 to 164 bytes as UTF-8. The ids `.` and `..` cannot be deleted: no URL can have them.
   * @param options A signal, and how the call is retried.
   * @returns Nothing. The promise rejects with a {@link Pusher.PusherRequestError} if Beams refuses, or if there is no response.
   * @throws {Pusher.PusherValidationError} `invalid_user_id` or `invalid_argument`, at once, if an argument is wrong.
   * @example
   * ```ts
   * await beams.deleteUser("alice")
   * ```
   */
  deleteUser(userId: string, options?: BeamsCallOptions): Promise<void>

  /**
   * Makes the endpoint that the `TokenProvider` of Beams' library for browsers asks for a token, by `GET` with the parameter `user_id`.
   *
   * It answers 200 with `{ token }` if the callback returns the id that was asked for, 403 if it returns another or none, 400 with a reason for a
   * request that is malformed, 405 for another method, and 500 if the callback throws or returns something else.
   * @param authenticate Returns the id of the user who has signed in, or `null` for nobody.
   * @param options CORS, and where errors go.
   * @returns The endpoint.
   * @throws {Pusher.PusherValidationError} `invalid_option`, at once, if an argument or option is wrong.
   * @example
   * ```ts
   * export default {
   *   fetch: beams.tokenHandler(async ({ request }) => {
   *     const user = await findUser(request)
   *     return user?.id ?? null
   *   }),
   * }
   * ```
   */
  tokenHandler(
    authenticate: (
      question: TokenQuestion,
    ) => string | false | null | undefined | Promise<string | false | null | undefined>,
    options?: HandlerOptions,
  ): Handler
}
