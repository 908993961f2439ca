import { allowsClientEvents } from "./channel-name.mjs"

/**
 * Passes a `client-` event on to the channel's other subscribers, or says why not: 4301.
 *
 * @param {import("./connection.mjs").Connection} connection
 * @param {{ event: string, channel?: unknown, data?: unknown }} message
 */
export function relayClientEvent(connection, { event, channel, data }) {
  const { app, socketId } = connection
  const reason = rejection(connection, event, channel, data)
  if (reason !== undefined) {
    connection.warn(4301, `Client event rejected: ${reason}`, typeof channel === "string" ? channel : undefined)
    return
  }
  const occupied = app.channels.get(channel)
  const userId = occupied.userIdOf(connection)
  const sender = userId === undefined ? {} : { user_id: userId }
  occupied.broadcast({ event, channel, data, ...sender }, socketId)
  app.emitWebhook({ name: "client_event", channel, event, data: textOf(data), socket_id: socketId, ...sender })
}

function rejection(connection, event, channel, data) {
  const { app } = connection
  if (!app.clientEvents) return "client events are not enabled for this app"
  if (typeof channel !== "string" || !connection.subscriptions.has(channel)) return "not subscribed to the channel"
  if (!allowsClientEvents(channel)) return "only private and presence channels carry client events"
  if (event.length > app.limits.eventNameLength) return `the name is over ${app.limits.eventNameLength} characters`
  if (Buffer.byteLength(textOf(data)) > app.maxEventBytes) return `the data is over ${app.maxEventBytes} bytes`
  if (!withinRate(connection)) return `more than ${app.limits.clientEventsPerSecond} a second`
  return undefined
}

// A sliding second: the clock is the app's, so that a test decides when it has passed.
function withinRate(connection) {
  const { now, limits } = connection.app
  const times = connection.clientEventTimes.filter((time) => now() - time < 1000)
  connection.clientEventTimes = times
  if (times.length >= limits.clientEventsPerSecond) return false
  times.push(now())
  return true
}

function textOf(data) {
  return typeof data === "string" ? data : (JSON.stringify(data) ?? "")
}
