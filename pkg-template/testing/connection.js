import { relayClientEvent } from "./client-events.js"
import { signIn } from "./sign-in.js"
import { subscribe, unsubscribe } from "./subscriptions.js"

const HANDLERS = {
  "pusher:ping": (connection) => connection.sendData("pusher:pong", {}),
  "pusher:pong": () => {},
  "pusher:subscribe": (connection, { data }) => subscribe(connection, data ?? {}),
  "pusher:unsubscribe": (connection, { data }) => unsubscribe(connection, data ?? {}),
  "pusher:signin": (connection, { data }) => signIn(connection, data ?? {}),
}

/** @typedef {{ id: string, info: unknown, watchlist: string[] }} User */

/**
 * What a connection needs of its WebSocket.
 *
 * @typedef {object} Socket
 * @property {number} readyState
 * @property {number} OPEN
 * @property {(text: string) => void} send
 * @property {(code: number, reason: string) => void} close
 */

/** One client, from the handshake until it leaves. */
export class Connection {
  /** @type {User | undefined} once signed in */
  user
  /** @type {Set<string>} names of the channels it is subscribed to */
  subscriptions = new Set()
  /** @type {number[]} times of its latest client events, for the rate limit */
  clientEventTimes = []

  #socket
  #gone = false

  /**
   * @param {import("./app.js").App} app
   * @param {string} socketId
   * @param {Socket} socket
   */
  constructor(app, socketId, socket) {
    this.app = app
    this.socketId = socketId
    this.#socket = socket
  }

  /** Sends one protocol message unchanged. */
  send(message) {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  /** Sends an event whose data is a JSON string, as the protocol's own events have it. */
  sendData(event, data, channel) {
    this.send({ event, ...(channel === undefined ? {} : { channel }), data: JSON.stringify(data) })
  }

  /** Reports an error that leaves the connection open. */
  warn(code, message, channel) {
    this.send({ event: "pusher:error", ...(channel === undefined ? {} : { channel }), data: { code, message } })
  }

  /** Reports an error and closes. The code's range tells the client whether to reconnect. */
  fail(code, message) {
    this.warn(code, message)
    this.#socket.close(code, message)
    this.leave()
  }

  /** Handles one text frame. */
  receive(text) {
    if (this.#gone) return
    let message
    try {
      message = JSON.parse(text)
    } catch {
      this.warn(null, "Invalid message: not JSON")
      return
    }
    const event = message?.event
    if (typeof event !== "string") {
      this.warn(null, "Invalid message: an event name is missing")
    } else if (Object.hasOwn(HANDLERS, event)) {
      HANDLERS[event](this, { ...message, data: parseObject(message.data) })
    } else if (event.startsWith("client-")) {
      relayClientEvent(this, message)
    } else {
      this.warn(null, `Unknown event ${JSON.stringify(event)}: clients may send client- events`)
    }
  }

  /** Ends every subscription and the sign-in. */
  leave() {
    if (this.#gone) return
    this.#gone = true
    for (const channel of this.subscriptions) this.app.unsubscribe(this, channel)
    this.subscriptions.clear()
    if (this.user) this.app.users.remove(/** @type {any} */ (this))
  }
}

// Some clients send the data of protocol events as a JSON string, most as an object.
function parseObject(data) {
  let value = data
  if (typeof data === "string") {
    try {
      value = JSON.parse(data)
    } catch {
      value = undefined
    }
  }
  return typeof value === "object" && value !== null ? value : undefined
}
