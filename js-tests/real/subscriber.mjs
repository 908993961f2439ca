// One connection of pusher-js, as a browser would have it. Everything that happens to it becomes an entry of its inbox:
//   { kind: "event", channel, event, data }   an event on a channel, decrypted if it was encrypted
//   { kind: "joined", channel, event, data, metadata } an event that arrived whole or in parts, at the library's `bindChunked`
//   { kind: "abandoned", channel, event, received } one that `bindChunked` gave up
//   { kind: "message", channel, event, data } the same event as it came over the connection
//   { kind: "user", event, data }             an event for the signed-in user
//   { kind: "watchlist", event, data }        a user of the watchlist comes or goes
//   { kind: "state", previous, current }      the connection's state changes
//   { kind: "error", code, message }          the server reports an error
import PusherJs from "pusher-js"
import nacl from "tweetnacl"

import { Inbox } from "./inbox.mjs"

export class Subscriber {
  inbox = new Inbox()
  #client
  #deadline
  #bindChunked
  /** The library's authorisations by channel. pusher-js asks for them when it subscribes. */
  #authorizations = new Map()
  #authentication

  /**
   * @param {{ key: string, options: object, deadline: number, bindChunked?: Function }} settings of pusher-js, which may name endpoints;
   *   `deadline`: milliseconds for each step; `bindChunked`: the library's
   */
  constructor({ key, options, deadline, bindChunked }) {
    this.#deadline = deadline
    this.#bindChunked = bindChunked
    const respond = (given, callback) =>
      given ? callback(null, { ...given }) : callback(new Error("nothing was authorised"), null)
    this.#client = new PusherJs(key, {
      nacl,
      channelAuthorization: {
        customHandler: ({ channelName }, callback) => respond(this.#authorizations.get(channelName), callback),
      },
      userAuthentication: { customHandler: (_, callback) => respond(this.#authentication, callback) },
      ...options,
    })
    const { connection, user } = this.#client
    const add = (kind, entry) => this.inbox.add({ kind, ...entry })
    connection.bind("state_change", ({ previous, current }) => add("state", { previous, current }))
    connection.bind("message", ({ event, channel, data, user_id }) => add("message", { event, channel, data, user_id }))
    connection.bind("error", ({ data, error }) => {
      const { code, message } = data ?? error?.data ?? {}
      add("error", { code, message: message ?? String(error?.message ?? error) })
    })
    user.bind_global((event, data) => add("user", { event, data }))
    user.watchlist.bind_global((event, data) => add("watchlist", { event, data }))
  }

  /** Waits for the connection. @returns {Promise<string>} the socket id */
  async waitForConnection() {
    const { kind, message } = await this.#next(
      ({ kind, current }) => current === "connected" || kind === "error",
      "a connection",
    )
    if (kind === "error") throw new Error(`the server refused the connection: ${message}`)
    return this.#client.connection.socket_id
  }

  /** @returns {Promise<{ subscribed: boolean, data?: object, reason?: string }>} */
  async subscribe(channel, authorization) {
    if (authorization) this.#authorizations.set(channel, authorization)
    const from = this.inbox.entries.length
    this.#client
      .subscribe(channel)
      .bind_global((event, data) => this.inbox.add({ kind: "event", channel, event, data }))
    const answers = ["pusher:subscription_succeeded", "pusher:subscription_error"]
    const entry = await this.#next(
      ({ kind, channel: where, event }) =>
        kind === "error" || (kind === "event" && where === channel && answers.includes(event)),
      `an answer to the subscription of ${channel}`,
      from,
    )
    if (entry.event === answers[0]) return { subscribed: true, data: entry.data }
    return { subscribed: false, reason: entry.message ?? JSON.stringify(entry.data) }
  }

  /** Binds to an event that may arrive in parts, on a channel that has been subscribed to. */
  bindChunked(channel, event, options) {
    const add = (kind, entry) => this.inbox.add({ kind, channel, event, ...entry })
    this.#bindChunked(this.#client.channel(channel), event, (data, metadata) => add("joined", { data, metadata }), {
      ...options,
      onAbandon: ({ received }) => add("abandoned", { received }),
    })
  }

  /** @returns {Promise<{ signedIn: boolean, reason?: string }>} */
  async signIn(authentication) {
    this.#authentication = authentication
    this.#client.signin()
    const entry = await this.#next(
      ({ kind, event }) =>
        kind === "error" ||
        (kind === "message" && event === "pusher:signin_success") ||
        (kind === "user" && event === "pusher:signin_error"),
      "an answer to the sign-in",
    )
    if (entry.kind === "message") return { signedIn: true }
    return { signedIn: false, reason: entry.message ?? JSON.stringify(entry.data) }
  }

  /** Sends a client event unchanged, even one that pusher-js itself would not send. */
  send(event, data, channel) {
    this.#client.send_event(event, data, channel)
  }

  unsubscribe(channel) {
    this.#client.unsubscribe(channel)
  }

  close() {
    this.#client.disconnect()
  }

  async #next(matches, what, from = 0) {
    const entry = await this.inbox.find(matches, { deadline: this.#deadline, from })
    if (!entry)
      throw new Error(
        `${what} did not come within ${this.#deadline} ms; the inbox holds ${JSON.stringify(this.inbox.entries)}`,
      )
    return entry
  }
}
