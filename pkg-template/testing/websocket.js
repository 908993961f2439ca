import { Connection } from "./connection.js"
import { makeSocketId } from "./socket-id.js"

const PROTOCOLS = ["5", "6", "7"]

/**
 * Accepts clients on `/app/{key}` and keeps their connections alive.
 */
export class ChannelsSocket {
  /** @type {Set<Connection>} */
  connections = new Set()

  #context
  #server

  /**
   * @param {{ apps: import("./app.js").App[], limits: import("./limits.js").Limits,
   *   scheduler: import("./scheduler.js").Scheduler, activityTimeout: number, pongTimeout: number,
   *   log: (line: string) => void, WebSocketServer: any }} context timeouts in seconds; `WebSocketServer` that of `ws`
   */
  constructor(context) {
    this.#context = context
    this.#server = new context.WebSocketServer({ noServer: true, maxPayload: context.limits.messageBytes })
  }

  /** Handles an HTTP `upgrade`. @param {string} url as it stood on the wire */
  upgrade(request, socket, head, url) {
    // Refused clients are accepted first, because only a close frame can carry the protocol's codes.
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on("error", (error) => this.#context.log(`socket error: ${error.message}`))
      const refusal = this.#findRefusal(url)
      if (refusal) {
        const [code, message] = refusal
        webSocket.send(JSON.stringify({ event: "pusher:error", data: { code, message } }))
        webSocket.close(code, message)
        this.#context.log(`refused ${url.split("?")[0]}: ${code}`)
        return
      }
      this.#accept(this.#findApp(url), webSocket)
    })
  }

  close() {
    for (const webSocket of this.#server.clients) webSocket.terminate()
    this.#server.close()
  }

  #findApp(url) {
    const [, key] = /^\/app\/([^/?]+)/.exec(url) ?? []
    return this.#context.apps.find((app) => app.getSecret(key) !== undefined)
  }

  /** @returns {[number, string] | undefined} the close code and its reason */
  #findRefusal(url) {
    const [path, query] = url.split("?")
    if (!/^\/app\/[^/]+$/.test(path)) return [4005, "Path not found"]
    const app = this.#findApp(url)
    if (!app) return [4001, "Application does not exist"]
    if (!app.enabled) return [4003, "Application disabled"]
    const protocol = new URLSearchParams(query).get("protocol")
    if (protocol === null) return [4008, "No protocol version supplied"]
    if (!/^[0-9]+$/.test(protocol)) return [4006, "Invalid version string format"]
    if (!PROTOCOLS.includes(protocol)) return [4007, `Unsupported protocol version: ${PROTOCOLS.join(", ")} are known`]
    return undefined
  }

  #accept(app, webSocket) {
    const { activityTimeout, log } = this.#context
    const connection = new Connection(app, makeSocketId(), webSocket)
    this.connections.add(connection)
    const heartbeat = this.#startHeartbeat(connection)
    webSocket.on("message", (data, isBinary) => {
      heartbeat.beat()
      if (isBinary) connection.warn(null, "Binary frames are not supported")
      else connection.receive(data.toString())
    })
    webSocket.on("close", (code) => {
      heartbeat.stop()
      this.connections.delete(connection)
      connection.leave()
      log(`${connection.socketId} left: ${code}`)
    })
    log(`${connection.socketId} connected to app ${app.id}`)
    connection.sendData("pusher:connection_established", {
      socket_id: connection.socketId,
      activity_timeout: activityTimeout,
    })
  }

  /** Pings a silent client, and closes with 4201 if it stays silent. */
  #startHeartbeat(connection) {
    const { scheduler, activityTimeout, pongTimeout } = this.#context
    let cancel = () => {}
    const beat = () => {
      cancel()
      cancel = scheduler.after(activityTimeout * 1000, () => {
        connection.sendData("pusher:ping", {})
        cancel = scheduler.after(pongTimeout * 1000, () => connection.fail(4201, "Pong reply not received in time"))
      })
    }
    beat()
    return { beat, stop: () => cancel() }
  }
}
