import { checkMembers, checkValue, makeRule, RULES } from "./check.js"
import { Connection } from "./connection.js"
import { openData } from "./opening.js"
import { hmacSha256Hex, makeChannelStringToSign, makeUserStringToSign } from "./signature.js"
import { makeSocketId } from "./socket-id.js"

const CONNECT_RULES = {
  member: RULES.object,
  userId: RULES.text,
  socketId: makeRule(
    (value) => typeof value === "string" && /^[0-9]+\.[0-9]+$/.test(value),
    "two numbers with a point between them",
  ),
  auth: makeRule((value) => typeof value?.auth === "string", "what an endpoint answers, { auth, channel_data }"),
}

/** A client without a network, subscribed to one channel. It records the events that reach it. */
export class Subscriber {
  /** @type {{ channel?: string, event: string, data: any, userId?: string }[]} */
  received = []

  #connection
  #channel
  /** @type {string | undefined} what the server last complained of */
  #complaint
  #isConnected = true

  /**
   * @param {import("./app.js").App} app
   * @param {string} channel
   * @param {{ member?: { user_id: string, user_info?: unknown }, userId?: string, socketId?: string,
   *   auth?: { auth: string, channel_data?: string } }} [options]
   * @param {Uint8Array} [masterKey]
   */
  constructor(app, channel, options = {}, masterKey = undefined) {
    checkValue("connect: the channel", channel, RULES.text)
    checkMembers("connect", options, CONNECT_RULES)
    if (options.auth && !options.socketId)
      throw new TypeError("connect: auth needs socketId, the one that the endpoint was asked with")
    const { member, userId, socketId = makeSocketId(), auth } = options
    this.#channel = channel
    const socket = {
      OPEN: 1,
      readyState: 1,
      send: (text) => this.#take(JSON.parse(text), masterKey),
      close: () => {
        socket.readyState = 3
        this.#isConnected = false
      },
    }
    this.#connection = new Connection(app, socketId, socket)
    const sign = (text) => `${app.key}:${hmacSha256Hex(app.secret, text)}`
    if (userId !== undefined) {
      const user_data = JSON.stringify({ id: userId })
      this.#send("pusher:signin", { auth: sign(makeUserStringToSign(socketId, user_data)), user_data })
    }
    const channel_data = member && JSON.stringify(member)
    const signed = auth ?? { auth: sign(makeChannelStringToSign(socketId, channel, channel_data)), channel_data }
    this.#send("pusher:subscribe", { channel, auth: signed.auth, channel_data: signed.channel_data })
  }

  get socketId() {
    return this.#connection.socketId
  }

  /** Whether neither side has ended the connection. */
  get isConnected() {
    return this.#isConnected
  }

  /** Sends a client event to the channel's other subscribers. @param {string} event @param {unknown} data */
  trigger(event, data) {
    if (!this.#isConnected) throw new Error(`The subscriber of ${this.#channel} is disconnected`)
    if (!/^client-/.test(event)) throw new TypeError(`trigger: the event must begin with "client-", not ${event}`)
    this.#send(event, data, this.#channel)
  }

  disconnect() {
    this.#isConnected = false
    this.#connection.leave()
  }

  #send(event, data, channel) {
    this.#complaint = undefined
    this.#connection.receive(JSON.stringify({ event, data, channel }))
    if (this.#complaint !== undefined) throw new Error(this.#complaint)
  }

  #take({ event, channel, data, user_id: userId }, masterKey) {
    if (!this.#isConnected) return
    if (event === "pusher:subscription_error") {
      this.#complaint = `The subscription to ${channel} was refused: ${data.error}`
      this.#isConnected = false
    } else if (event === "pusher:error") {
      this.#complaint = data.message
    } else if (!/^pusher(_internal)?:/.test(event)) {
      const opened = openData(channel ?? "", data, masterKey)
      this.received.push({ channel, event, data: opened, ...(userId === undefined ? {} : { userId }) })
    }
  }
}
