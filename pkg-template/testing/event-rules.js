import { ApiError } from "./api-error.js"
import { countBytes } from "./bytes.js"
import { getChannelKind, getUserOfChannel, isChannelName } from "./channel-name.js"

const SOCKET_ID = /^[0-9]+\.[0-9]+$/
const RESERVED = /^pusher(_internal)?:/

/**
 * @typedef {object} ApiEvent an event that has passed every rule
 * @property {string} name
 * @property {string} data
 * @property {string[]} channels each once
 * @property {string} [socketId] a connection not to send it to
 * @property {string[]} info the attributes asked for
 */

/** Parses the body of `POST /events` by Pusher's rules. @returns {ApiEvent} @throws {ApiError} */
export function parseEvent(body, context) {
  const given = requireObject(body, "The body")
  const channels = given.channels ?? (given.channel === undefined ? undefined : [given.channel])
  if (channels === undefined) throw new ApiError(400, "Missing required parameter: channels")
  return checkEvent(context, given, channels)
}

/** Parses the body of `POST /batch_events` by Pusher's rules. @returns {ApiEvent[]} @throws {ApiError} */
export function parseBatch(body, context) {
  const { batch } = requireObject(body, "The body")
  requireList(batch, "batch")
  const { eventsPerBatch } = context.limits
  if (batch.length > eventsPerBatch) {
    throw new ApiError(400, `The batch has ${batch.length} events; at most ${eventsPerBatch} are allowed`)
  }
  return batch.map((event, index) => {
    const given = requireObject(event, `Event ${index} of the batch`)
    return checkEvent(context, given, [given.channel])
  })
}

function checkEvent({ limits, maxEventBytes }, { name, data, socket_id: socketId, info }, channels) {
  checkName(limits, name)
  checkChannels(limits, channels)
  if (typeof data !== "string") throw new ApiError(400, "Missing required parameter: data, a string")
  const bytes = countBytes(data)
  if (bytes > maxEventBytes) {
    throw new ApiError(
      413,
      `The data of this event has ${bytes} bytes, over the allowed maximum (${maxEventBytes} bytes)`,
    )
  }
  if (socketId !== undefined && socketId !== null && (typeof socketId !== "string" || !SOCKET_ID.test(socketId))) {
    throw new ApiError(400, `Invalid socket_id: ${JSON.stringify(socketId)}`)
  }
  return { name, data, channels: [...new Set(channels)], socketId: socketId ?? undefined, info: splitInfo(info) }
}

function checkName(limits, name) {
  if (typeof name !== "string" || name === "") throw new ApiError(400, "Missing required parameter: name")
  if (name.length > limits.eventNameLength) {
    throw new ApiError(
      400,
      `The event name has ${name.length} characters; at most ${limits.eventNameLength} are allowed`,
    )
  }
  if (RESERVED.test(name)) throw new ApiError(400, `The event name ${JSON.stringify(name)} is reserved`)
}

function checkChannels(limits, channels) {
  if (!Array.isArray(channels) || channels.length === 0)
    throw new ApiError(400, "Invalid channels: it must be a list of names")
  if (channels.length > limits.channelsPerEvent) {
    throw new ApiError(
      400,
      `The event names ${channels.length} channels; at most ${limits.channelsPerEvent} are allowed`,
    )
  }
  for (const channel of channels) {
    if (!isChannelName(channel, limits) && getUserOfChannel(channel, limits) === undefined) {
      throw new ApiError(400, `Invalid channel name: ${JSON.stringify(channel)}`)
    }
  }
  // Each encrypted channel has its own key, so no ciphertext fits two.
  if (channels.length > 1 && channels.some((channel) => getChannelKind(channel).access === "encrypted")) {
    throw new ApiError(400, "An event for an encrypted channel must have no other channel")
  }
}

/** Splits `info`, a comma-separated list. @returns {string[]} */
export function splitInfo(info) {
  if (info === undefined || info === null) return []
  if (typeof info !== "string") throw new ApiError(400, "Invalid info: it must be a comma-separated string")
  return info
    .split(",")
    .map((attribute) => attribute.trim())
    .filter((attribute) => attribute !== "")
}

/** Checks that a member is a list that is not empty. @throws {ApiError} */
export function requireList(value, name) {
  if (!Array.isArray(value) || value.length === 0)
    throw new ApiError(400, `Missing required parameter: ${name}, a list`)
  return value
}

function requireObject(value, what) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ApiError(400, `${what} must be a JSON object`)
  }
  return value
}
