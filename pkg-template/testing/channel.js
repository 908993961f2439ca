import { getChannelKind } from "./channel-name.js"

/**
 * One occupied channel: its subscribers and, on a presence channel, which member each of them is. It exists
 * as long as it has subscribers.
 */
export class Channel {
  /** @type {Map<import("./connection.js").Connection, string | undefined>} connection → user id */
  #subscriptions = new Map()
  /** @type {Map<string, { info: unknown, connections: number }>} by user id, in order of arrival */
  #members = new Map()

  /** @param {string} name */
  constructor(name) {
    this.name = name
    this.kind = getChannelKind(name)
  }

  get subscriptionCount() {
    return this.#subscriptions.size
  }

  get userCount() {
    return this.#members.size
  }

  get userIds() {
    return [...this.#members.keys()]
  }

  has(connection) {
    return this.#subscriptions.has(connection)
  }

  hasMember(userId) {
    return this.#members.has(userId)
  }

  /** Returns the user id this connection subscribed with; undefined except on presence channels. */
  getUserId(connection) {
    return this.#subscriptions.get(connection)
  }

  /**
   * @param {import("./connection.js").Connection} connection
   * @param {{ userId: string, info: unknown }} [member] on a presence channel
   * @returns {boolean} whether the member is new; further connections of a user are not announced
   */
  add(connection, member) {
    this.#subscriptions.set(connection, member?.userId)
    if (member === undefined) return false
    const known = this.#members.get(member.userId)
    if (known) {
      known.connections += 1
      return false
    }
    this.#members.set(member.userId, { info: member.info, connections: 1 })
    return true
  }

  /** @returns {string | undefined} the user id of a member whose last connection this was */
  remove(connection) {
    const userId = this.#subscriptions.get(connection)
    this.#subscriptions.delete(connection)
    if (userId === undefined) return undefined
    const member = this.#members.get(userId)
    if (member === undefined) return undefined
    member.connections -= 1
    if (member.connections > 0) return undefined
    this.#members.delete(userId)
    return userId
  }

  /** Sends a message to every subscriber except, if given, one. */
  broadcast(message, exceptSocketId) {
    for (const connection of this.#subscriptions.keys()) {
      if (connection.socketId !== exceptSocketId) connection.send(message)
    }
  }

  /** Returns the data of `pusher_internal:subscription_succeeded`. */
  getWelcome() {
    if (this.kind.access !== "presence") return {}
    const hash = Object.fromEntries([...this.#members].map(([id, { info }]) => [id, info ?? null]))
    return { presence: { count: this.userCount, ids: this.userIds, hash } }
  }
}
