import { countBytes } from "./bytes.js"
import { allowsClientEvents } from "./channel-name.js"

/**
 * Passes a `client-` event on to the channel's other subscribers, or sends error 4301 with the reason.
 *
 * @param {import("./connection.js").Connection} connection
 * @param {{ event: string, channel?: any, data?: unknown }} message
 */
export function relayClientEvent(connection, { event, channel, data }) {
  const { app, socketId } = connection
  const reason = findRejection(connection, event, channel, data)
  if (reason !== undefined) {
    connection.warn(4301, `Client event rejected: ${reason}`, typeof channel === "string" ? channel : undefined)
    return
  }
  const occupied = /** @type {import("./channel.js").Channel} */ (app.channels.get(channel))
  const userId = occupied.getUserId(connection)
  const sender = userId === undefined ? {} : { user_id: userId }
  occupied.broadcast({ event, channel, data, ...sender }, socketId)
  app.emitWebhook({ name: "client_event", channel, event, data: toText(data), socket_id: socketId, ...sender })
}

function findRejection(connection, event, channel, data) {
  const { app } = connection
  if (!app.clientEvents) return "client events are not enabled for this app"
  if (typeof channel !== "string" || !connection.subscriptions.has(channel)) return "not subscribed to the channel"
  if (!allowsClientEvents(channel)) return "only private and presence channels carry client events"
  if (event.length > app.limits.eventNameLength) return `the name is over ${app.limits.eventNameLength} characters`
  const maxBytes = app.maxEventBytes ?? app.limits.eventBytes
  if (countBytes(toText(data)) > maxBytes) return `the data is over ${maxBytes} bytes`
  if (!isWithinRate(connection)) return `more than ${app.limits.clientEventsPerSecond} a second`
  return undefined
}

// Counts over a sliding second of the app's clock, which tests control.
function isWithinRate(connection) {
  const { now, limits } = connection.app
  const times = connection.clientEventTimes.filter((time) => now() - time < 1000)
  connection.clientEventTimes = times
  if (times.length >= limits.clientEventsPerSecond) return false
  times.push(now())
  return true
}

function toText(data) {
  return typeof data === "string" ? data : (JSON.stringify(data) ?? "")
}
