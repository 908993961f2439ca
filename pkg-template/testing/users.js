/**
 * The signed-in users of one app, and their watchlists.
 *
 * @typedef {import("./connection.js").Connection & { user: import("./connection.js").User }} Connection whose user is signed in
 */
export class Users {
  /** @type {Map<string, Set<Connection>>} */
  #connections = new Map()

  /** @param {Connection} connection */
  add(connection) {
    const { id, watchlist } = connection.user
    const known = this.#connections.get(id) ?? new Set()
    this.#connections.set(id, known.add(connection))
    if (known.size === 1) this.#announce("online", id)
    this.#sendWatchlistState(connection, watchlist)
  }

  /** @param {Connection} connection */
  remove(connection) {
    const known = this.#connections.get(connection.user.id)
    if (!known?.delete(connection) || known.size > 0) return
    this.#connections.delete(connection.user.id)
    this.#announce("offline", connection.user.id)
  }

  /** Sends a message to every connection of a user except, if given, one. */
  send(userId, message, exceptSocketId) {
    for (const connection of this.#connections.get(userId) ?? []) {
      if (connection.socketId !== exceptSocketId) connection.send(message)
    }
  }

  /** Closes every connection of this user; 4009 tells the client not to reconnect. */
  terminate(userId) {
    for (const connection of [...(this.#connections.get(userId) ?? [])]) {
      connection.fail(4009, "Connection not authorized: terminated by the app")
    }
  }

  #announce(name, userId) {
    for (const connections of this.#connections.values()) {
      for (const connection of connections) {
        if (connection.user.id !== userId && connection.user.watchlist.includes(userId)) {
          connection.sendData("pusher_internal:watchlist_events", { events: [{ name, user_ids: [userId] }] })
        }
      }
    }
  }

  #sendWatchlistState(connection, watchlist) {
    const online = watchlist.filter((id) => this.#connections.has(id))
    const offline = watchlist.filter((id) => !this.#connections.has(id))
    const events = [
      { name: "online", user_ids: online },
      { name: "offline", user_ids: offline },
    ].filter((event) => event.user_ids.length > 0)
    if (events.length > 0) connection.sendData("pusher_internal:watchlist_events", { events })
  }
}
