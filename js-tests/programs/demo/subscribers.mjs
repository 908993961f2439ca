import { join } from "node:path"

import { getVersion } from "../../support/packages.mjs"
import { startNode } from "./processes.mjs"

export const pusherJsVersion = getVersion("pusher-js")

/**
 * Starts the process of the subscribers.
 *
 * @param {{ env: Record<string, string>, settings: object, authEndpoint: string, signal: AbortSignal }} options
 *   `settings`: those of pusher-js, `{ key, options }`
 */
export async function startSubscribers({ env, settings, authEndpoint: endpoint, signal }) {
  const file = join(import.meta.dirname, "subscriber-process.mjs")
  const { inbox, send, end } = startNode("the subscribers' process", file, { cwd: import.meta.dirname, env })
  await inbox.find(({ kind }) => kind === "ready", signal)

  const connected = new Set()
  const find = async (who, wanted, findSignal) => {
    const matches = (message) => message.who === who && (isRefusal(message) || wanted(message))
    const found = await inbox.find(matches, findSignal)
    if (isRefusal(found)) throw new Error(`the server closed the connection: ${found.reason}`)
    return found
  }
  // Nothing can arrive without a connection, so there is no point in waiting.
  const requireConnection = (who) => {
    if (!connected.has(who)) throw new Error("not connected")
  }
  const isEvent = (channel, wanted) => (message) =>
    message.kind === "event" && message.channel === channel && wanted(message)

  return {
    end,
    leave: (who) => send({ command: "leave", who }),

    /** @returns {Promise<string>} the connection's socket id */
    async connect(who, findSignal) {
      send({ command: "join", who, settings, endpoint })
      try {
        const { socketId } = await find(who, ({ kind }) => kind === "connected", findSignal)
        connected.add(who)
        return socketId
      } catch (error) {
        const { wsHost, wsPort, wssPort, forceTLS, cluster } = settings.options
        const address = wsHost ? `${wsHost}:${forceTLS ? wssPort : wsPort}` : `the cluster ${cluster}`
        throw new Error(`no connection to ${address}: ${error.message}`, { cause: error })
      }
    },

    /** @returns {Promise<{ kind: "subscribed", members?: string[] } | { kind: "refused", status: number, reason: string }>} */
    async subscribe(who, channel, findSignal) {
      requireConnection(who)
      send({ command: "subscribe", who, channel })
      const answers = ["subscribed", "refused"]
      return find(who, (message) => answers.includes(message.kind) && message.channel === channel, findSignal)
    },

    /** Waits until `who` receives the event for which `wanted` is true on the channel. */
    async waitForEvent(who, channel, wanted, findSignal) {
      requireConnection(who)
      return find(who, isEvent(channel, wanted), findSignal)
    },

    /** Tells whether that event has come by now. */
    hasEvent: (who, channel, wanted) =>
      inbox.messages.some((message) => message.who === who && isEvent(channel, wanted)(message)),
  }
}

/** Tells whether the server refused the client for good: pusher-js does not reconnect after the codes 4000 to 4099. */
const isRefusal = ({ kind, code }) => kind === "trouble" && code >= 4000 && code < 4100
