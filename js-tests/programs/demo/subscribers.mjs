import { join } from "node:path"

import { getVersion } from "../../support/packages.mjs"
import { startNode } from "./processes.mjs"

export const pusherJsVersion = getVersion("pusher-js")

/**
 * Starts the process of the subscribers.
 *
 * @param {{ env: Record<string, string>, settings: object, authEndpoint: string, signal: AbortSignal }} options
 *   `settings`: of pusher-js, `{ key, options }`
 */
export async function startSubscribers({ env, settings, authEndpoint: endpoint, signal }) {
  const file = join(import.meta.dirname, "subscriber-process.mjs")
  const { inbox, send, end } = startNode("the subscribers' process", file, { cwd: import.meta.dirname, env })
  await inbox.find(({ kind }) => kind === "ready", signal)

  const connected = new Set()
  const find = async (who, wanted, findSignal) => {
    const ofThem = (message) => message.who === who && (endsConnection(message) || wanted(message))
    const found = await inbox.find(ofThem, findSignal)
    if (endsConnection(found)) throw new Error(`the server closed the connection: ${found.reason}`)
    return found
  }
  // Nothing can come to somebody who is not there: no need to wait for it.
  const needs = (who) => {
    if (!connected.has(who)) throw new Error("not connected")
  }
  const isEvent = (channel, wanted) => (message) =>
    message.kind === "event" && message.channel === channel && wanted(message)

  return {
    end,
    leave: (who) => send({ order: "leave", who }),

    /** @returns {Promise<string>} the connection's socket id */
    async connect(who, findSignal) {
      send({ order: "join", who, settings, endpoint })
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
      needs(who)
      send({ order: "subscribe", who, channel })
      const answers = ["subscribed", "refused"]
      return find(who, (message) => answers.includes(message.kind) && message.channel === channel, findSignal)
    },

    /** The event for which `wanted` is true, as `who` received it on the channel. */
    async event(who, channel, wanted, findSignal) {
      needs(who)
      return find(who, isEvent(channel, wanted), findSignal)
    },

    /** Whether that event has come by now. */
    hasEvent: (who, channel, wanted) =>
      inbox.messages.some((message) => message.who === who && isEvent(channel, wanted)(message)),
  }
}

/** With a code from 4000 to 4099 a server says that it will not have this client, and pusher-js does not come back. */
const endsConnection = ({ kind, code }) => kind === "trouble" && code >= 4000 && code < 4100
