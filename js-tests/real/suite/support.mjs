// What the files of the suite share: clients of the library under test, and pusher-js clients by way of the observer.

/** The server does not do what the case is about. */
export class NotOffered extends Error {
  constructor(feature, reason) {
    super(`${feature}: ${reason.trim()}`)
    this.feature = feature
  }
}

/** Throws when the server is known to lack the feature. */
export const needs = ({ lacks }, feature) => {
  if (feature in lacks) throw new NotOffered(feature, lacks[feature])
}

/** What has to come, and may fail to come only from a server that is not known to offer the feature. From then on it is known not to. */
export const orNotOffered = (environment, feature, promise) =>
  promise.catch((error) => {
    if (!environment.named) throw error
    environment.lacks[feature] = error.message.split("\n")[0]
    throw new NotOffered(feature, environment.lacks[feature])
  })

/** A client of the server; `credentials` replaces parts of its URL. */
export const connect = (Pusher, { connectionUrl }, options = {}, credentials = {}) => {
  const url = new URL(connectionUrl)
  if (credentials.key) url.username = credentials.key
  if (credentials.secret) url.password = credentials.secret
  if (credentials.appId) url.pathname = url.pathname.replace(/[^/]+$/, credentials.appId)
  return Pusher.forURL(url.href, options)
}

let serial = 0
const run = Math.random().toString(36).slice(2, 10)
/** A name that nothing else has, at this or any other time. */
export const unique = (prefix = "") => `${prefix}phw-${run}-${++serial}`

/** What a promise rejects with; fails when it resolves. */
export const rejectionOf = async (promise) => {
  let result
  try {
    result = await promise
  } catch (error) {
    return error
  }
  throw new Error(`the promise resolved, to ${result}`)
}

/** 32 bytes in base64: a master key of encrypted channels. */
export const masterKey = (byte) => btoa(String.fromCharCode(...new Uint8Array(32).fill(byte)))

/** Asks the observer. */
export const ask = async ({ observer }, action, args = {}) => {
  const response = await fetch(`${observer}/${action}`, { method: "POST", body: JSON.stringify(args) })
  if (!response.ok) throw new Error(`${action}: ${await response.text()}`)
  return response.json()
}

/** The webhook with such an event, as it came: `{ headers, body }`. At Pusher each kind has to be switched on. */
export const webhookWith = async (environment, wanted) => {
  const kind = `webhooks of ${wanted.name}`
  needs(environment, "webhooks")
  needs(environment, kind)
  return orNotOffered(environment, kind, ask(environment, "webhook", { wanted }))
}

/** A pusher-js client whose authorisations come from the library under test. */
export class Client {
  static #open = []
  #environment
  #pusher
  #id

  /** Connects. @param {object} pusher what authorises it */
  static async connect(environment, pusher) {
    const { id, socketId } = await ask(environment, "connect")
    const client = new Client(environment, pusher, id, socketId)
    Client.#open.push(client)
    return client
  }

  /** Ends all connections: apps may have few at a time. */
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
  trySubscribe(channel, data) {
    const authorization = /^(private|presence)-/.test(channel)
      ? this.#pusher.authorizeChannel(this.socketId, channel, data)
      : undefined
    return this.#ask("subscribe", { channel, authorization })
  }

  /** @returns {Promise<object>} what pusher-js tells of a new subscription: on a presence channel, its members */
  async subscribe(channel, data) {
    const answer = await this.trySubscribe(channel, data)
    if (!answer.subscribed) throw new Error(`no subscription of ${channel}: ${answer.reason}`)
    return answer.data
  }

  async signIn(user) {
    const { signedIn, reason } = await orNotOffered(this.#environment, "user sign-in", this.trySignIn(user))
    if (!signedIn) throw new NotOffered("user sign-in", reason)
  }

  /** @returns {Promise<{ signedIn: boolean, reason?: string }>} */
  trySignIn(user) {
    return this.#ask("signIn", { authentication: this.#pusher.authenticateUser(this.socketId, user) })
  }

  /** The data of the event, once it has come. */
  async event(channel, event) {
    return (await this.find({ kind: "event", channel, event })).data
  }

  /** The names of the events on the channel so far, without the protocol's own. */
  async events(channel) {
    const entries = await this.#ask("entries")
    return entries
      .filter((one) => one.kind === "event" && one.channel === channel && !one.event.startsWith("pusher"))
      .map((one) => one.event)
  }

  /** The first entry that has all of this; see ../subscriber.mjs. */
  find(wanted) {
    return this.#ask("find", { wanted })
  }

  entries() {
    return this.#ask("entries")
  }

  /** Sends the client event `client-event`. */
  async sendClientEvent(channel, data) {
    await this.#ask("send", { channel, event: "client-event", data })
    // Where they are off the server complains, and it does so before it answers what it is asked next.
    const { reason } = await this.trySubscribe(unique())
    const complaint = (await this.entries()).find(({ kind }) => kind === "error")
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
