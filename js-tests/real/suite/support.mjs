// Shared by the files of the suite: clients of the library under test, and pusher-js clients that the observer holds.
export { pick, rejectionOf } from "../../support/assertions.mjs"

/** Thrown when the server does not offer the feature that a case is about. */
export class NotOffered extends Error {
  constructor(feature, reason) {
    super(`${feature}: ${reason.trim()}`)
    this.feature = feature
  }
}

/** Throws `NotOffered` if the server is known to lack the feature. */
export const requireFeature = ({ lacks }, feature) => {
  if (feature in lacks) throw new NotOffered(feature, lacks[feature])
}

/** Returns a list as it arrived or, if the server keeps no order, in the order in which it is expected. */
export const arrange = ({ lacks }, list, expected) => {
  if (!("order" in lacks)) return list
  const texts = expected.map((one) => JSON.stringify(one))
  const place = (one) => texts.indexOf(JSON.stringify(one))
  return [...list].sort((one, other) => place(one) - place(other))
}

/** Waits for `promise`. If it rejects on a user's own server, that server is known to lack the feature from then on. */
export const waitOrNotOffered = (environment, feature, promise) =>
  promise.catch((error) => {
    if (!environment.named) throw error
    environment.lacks[feature] = error.message.split("\n")[0]
    throw new NotOffered(feature, environment.lacks[feature])
  })

/** Makes a client of the server; `credentials` replaces parts of its URL. */
export const connect = (Pusher, { connectionUrl }, options = {}, credentials = {}) => {
  const url = new URL(connectionUrl)
  if (credentials.key) url.username = credentials.key
  if (credentials.secret) url.password = credentials.secret
  if (credentials.appId) url.pathname = url.pathname.replace(/[^/]+$/, credentials.appId)
  return Pusher.forURL(url.href, options)
}

let serial = 0
const run = Math.random().toString(36).slice(2, 10)
/** Returns a name that no other case or run uses. */
export const makeName = (prefix = "") => `${prefix}phw-${run}-${++serial}`

/** Makes a master key of encrypted channels: 32 times the byte, in base64. */
export const makeMasterKey = (byte) => btoa(String.fromCharCode(...new Uint8Array(32).fill(byte)))

/** Asks the observer. */
export const ask = async ({ observer }, action, args = {}) => {
  const response = await fetch(`${observer}/${action}`, { method: "POST", body: JSON.stringify(args) })
  if (!response.ok) throw new Error(`${action}: ${await response.text()}`)
  return response.json()
}

/** Waits for the webhook with such an event: `{ headers, body }`. At Pusher each kind has to be switched on. */
export const findWebhook = async (environment, wanted) => {
  const kind = `webhooks of ${wanted.name}`
  requireFeature(environment, "webhooks")
  requireFeature(environment, kind)
  return waitOrNotOffered(environment, kind, ask(environment, "webhook", { wanted }))
}

/** A pusher-js client that the library under test authorises. */
export class Client {
  static #open = []
  #environment
  #pusher
  #id

  /** Connects. @param {object} pusher authorises the client, by its methods `authorizeChannel` and `authenticateUser` */
  static async connect(environment, pusher) {
    const { id, socketId } = await ask(environment, "connect")
    const client = new Client(environment, pusher, id, socketId)
    Client.#open.push(client)
    return client
  }

  /** Ends all connections, because apps may be limited to few. */
  static async disconnectAll() {
    await Promise.all(Client.#open.splice(0).map((client) => client.disconnect()))
  }

  constructor(environment, pusher, id, socketId) {
    this.#environment = environment
    this.#pusher = pusher
    this.#id = id
    this.socketId = socketId
  }

  /** @returns {Promise<{ subscribed: boolean, data?: object, reason?: string }>} */
  async trySubscribe(channel, data) {
    const authorization = /^(private|presence)-/.test(channel)
      ? await this.#pusher.authorizeChannel(this.socketId, channel, data)
      : undefined
    return this.#ask("subscribe", { channel, authorization })
  }

  /** @returns {Promise<object>} the data of pusher-js's subscription event: on a presence channel, its members */
  async subscribe(channel, data) {
    const answer = await this.trySubscribe(channel, data)
    if (!answer.subscribed) throw new Error(`no subscription of ${channel}: ${answer.reason}`)
    return answer.data
  }

  async signIn(user) {
    const { signedIn, reason } = await waitOrNotOffered(this.#environment, "user sign-in", this.trySignIn(user))
    if (!signedIn) throw new NotOffered("user sign-in", reason)
  }

  /** @returns {Promise<{ signedIn: boolean, reason?: string }>} */
  async trySignIn(user) {
    return this.#ask("signIn", { authentication: await this.#pusher.authenticateUser(this.socketId, user) })
  }

  /** Binds to an event that may arrive in parts, with the library's `bindChunked`. */
  async bindChunked(channel, event, options) {
    await this.#ask("bindChunked", { channel, event, options })
  }

  /** Waits for the event and resolves to its data. */
  async waitForEvent(channel, event) {
    return (await this.find({ kind: "event", channel, event })).data
  }

  /** Lists the names of the events on the channel so far, without the protocol's own and those of `settle`. */
  async listEvents(channel) {
    const entries = await this.#ask("entries")
    return entries
      .filter((one) => one.kind === "event" && one.channel === channel && !/^(pusher|settle)/.test(one.event))
      .map((one) => one.event)
  }

  /** Waits until what was published on the channel before, by whichever client, has arrived. */
  async settle(channel, pusher = this.#pusher) {
    // Where there is no order, each of these takes a way of its own, after the one before has arrived. Events that had a head start and come
    // later than the last of them are not noticed.
    const count = "order" in this.#environment.lacks ? 5 : 1
    for (let number = 1; number <= count; number++) {
      const name = `settle-${++serial}`
      await pusher.trigger(channel, name, "x")
      await this.waitForEvent(channel, name)
    }
  }

  /** Waits for the events with these names, and returns the names of all that have arrived by the time that no other can. */
  async collectEvents(channel, expected) {
    for (const name of expected) await this.waitForEvent(channel, name)
    await this.settle(channel)
    return arrange(this.#environment, await this.listEvents(channel), expected)
  }

  /** Waits for the first entry that has these members; see ../subscriber.mjs. */
  find(wanted) {
    return this.#ask("find", { wanted })
  }

  listEntries() {
    return this.#ask("entries")
  }

  /** Sends the client event `client-event`. */
  async sendClientEvent(channel, data) {
    await this.#ask("send", { channel, event: "client-event", data })
    // A server with client events switched off reports an error, before it answers the next message.
    const { reason } = await this.trySubscribe(makeName())
    const complaint = (await this.listEntries()).find(({ kind }) => kind === "error")
    if (complaint) throw new NotOffered("client events", reason ?? complaint.message)
  }

  unsubscribe(channel) {
    return this.#ask("unsubscribe", { channel })
  }

  disconnect() {
    return this.#ask("disconnect")
  }

  #ask(action, args) {
    return ask(this.#environment, action, { id: this.#id, ...args })
  }
}
