// Three subscribers, each to every channel: pusher-js, as in a browser; a bare WebSocket; and another that reads nothing until it is let.
import PusherJs from "pusher-js"
import nacl from "tweetnacl"
import WebSocket from "ws"

import { CHANNELS, isDataOf, USER, USER_CHANNEL } from "./events.mjs"

/** Counts what has arrived. */
class Inbox {
  /** @type {Map<string, number>} how often each event came on each channel, by `name channel` */
  counts = new Map()
  total = 0
  /** @type {string[]} events whose data was not theirs */
  wrong = []

  add(name, channel, data) {
    const key = `${name} ${channel}`
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1)
    this.total++
    // A bare WebSocket cannot open what is encrypted.
    if (data !== undefined && !isDataOf(name, data)) this.wrong.push(key)
  }
}

const isOwn = (event) => event.startsWith("pusher:") || event.startsWith("pusher_internal:")

/** pusher-js in a page, which is loaded again when its connection is lost: by itself, it would wait for seconds. */
class Page {
  inbox = new Inbox()
  #settings
  #client
  #lost

  constructor(settings) {
    this.#settings = settings
    this.connect()
  }

  connect() {
    const { port, key, client } = this.#settings
    this.#client = new PusherJs(key, {
      cluster: "local",
      wsHost: "127.0.0.1",
      wsPort: port,
      forceTLS: false,
      enabledTransports: ["ws"],
      nacl,
      channelAuthorization: {
        customHandler: ({ socketId, channelName }, callback) =>
          callback(null, authorize(client, socketId, channelName)),
      },
      userAuthentication: {
        customHandler: ({ socketId }, callback) => callback(null, client.authenticateUser(socketId, { id: USER })),
      },
    })
    this.#lost = new Promise((resolve) => {
      this.#client.connection.bind("state_change", ({ previous }) => previous === "connected" && resolve())
    })
  }

  /** Resolves when it is subscribed to everything, after `connect`. */
  ready() {
    const { connection, user } = this.#client
    const open = new Set()
    return new Promise((resolve) => {
      const add = (what) => {
        open.add(what)
        if (open.size > CHANNELS.length) resolve()
      }
      connection.bind("message", ({ event }) => event === "pusher:signin_success" && add(USER))
      for (const channel of CHANNELS) {
        this.#client.subscribe(channel).bind_global((event, data) => {
          if (event === "pusher:subscription_succeeded") add(channel)
          else if (!isOwn(event)) this.inbox.add(event, channel, data)
        })
      }
      user.bind_global((event, data) => isOwn(event) || this.inbox.add(event, USER_CHANNEL, data))
      this.#client.signin()
    })
  }

  /** Resolves when the connection is lost, and all that came over it has been read. */
  async lost() {
    await this.#lost
    this.#client.disconnect()
  }

  close() {
    this.#client.disconnect()
  }
}

/** A WebSocket. */
class Bare {
  inbox = new Inbox()
  #settings
  #socket

  constructor(settings) {
    this.#settings = settings
    this.connect()
  }

  connect() {
    this.#socket = new WebSocket(`ws://127.0.0.1:${this.#settings.port}/app/${this.#settings.key}?protocol=7`)
    this.#socket.on("error", () => {})
  }

  /** Resolves when it is subscribed to everything, after `connect`. */
  ready() {
    const { client } = this.#settings
    const open = new Set()
    return new Promise((resolve, reject) => {
      this.#socket.once("close", () => reject(new Error("a subscriber's connection was lost")))
      this.#socket.on("message", (text) => {
        const { event, channel, data } = JSON.parse(text)
        if (event === "pusher:connection_established") this.#subscribe(client, JSON.parse(data).socket_id)
        else if (event === "pusher_internal:subscription_succeeded") open.add(channel)
        else if (event === "pusher:signin_success") open.add(USER)
        else if (!isOwn(event))
          this.inbox.add(event, channel, channel.startsWith("private-encrypted-") ? undefined : JSON.parse(data))
        if (open.size > CHANNELS.length) resolve()
      })
    })
  }

  pause() {
    this.#socket.pause()
  }

  resume() {
    this.#socket.resume()
  }

  close() {
    this.#socket.close()
  }

  #subscribe(client, socketId) {
    const send = (event, data) => this.#socket.send(JSON.stringify({ event, data }))
    for (const channel of CHANNELS) send("pusher:subscribe", { channel, ...authorize(client, socketId, channel) })
    send("pusher:signin", client.authenticateUser(socketId, { id: USER }))
  }
}

function authorize(client, socketId, channel) {
  if (!/^(private|presence)-/.test(channel)) return {}
  return client.authorizeChannel(socketId, channel, channel.startsWith("presence-") ? { user_id: socketId } : undefined)
}

/** All subscribers of a server. */
export class Subscribers {
  /** @param {{ port: number, key: string, client: object }} settings `client`: the library's, which authorises them */
  constructor(settings) {
    this.page = new Page(settings)
    this.bare = new Bare(settings)
    this.slow = new Bare(settings)
  }

  /** @returns {{ name: string, inbox: Inbox }[]} */
  get all() {
    return [
      { name: "pusher-js", inbox: this.page.inbox },
      { name: "a WebSocket", inbox: this.bare.inbox },
      { name: "a slow WebSocket", inbox: this.slow.inbox },
    ]
  }

  /** Resolves when all are subscribed; from then on, the slow one reads nothing. */
  async ready() {
    await Promise.all([this.page.ready(), this.bare.ready(), this.slow.ready()])
    this.slow.pause()
  }

  /** Has all connect again, after the server's death. */
  async reconnect() {
    await this.page.lost()
    for (const subscriber of [this.page, this.bare, this.slow]) subscriber.connect()
    await this.ready()
  }

  close() {
    for (const subscriber of [this.page, this.bare, this.slow]) subscriber.close()
  }
}
