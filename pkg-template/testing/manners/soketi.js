// soketi 1.
import { ApiError } from "../api-error.js"
import { countBytes, decode, encode } from "../bytes.js"
import { requireList, splitInfo } from "../event-rules.js"
import { checkSignature, readCredentials } from "../request-signature.js"
import { md5Hex } from "../signature.js"
import { sockudo } from "./sockudo.js"

/** Parameters that it sets itself, from the path and the body. */
const UNSIGNED = ["appId", "appKey", "channelName", "body_md5"]

/** @type {import("./index.js").Manners} */
export const soketi = {
  signsPathPrefix: true,
  limits: { eventBytes: 100_000 },
  // Segments are never decoded.
  readAppId: (segment) => segment,
  readName: (segment) => segment,
  authenticate(app, { method, path, params, body }) {
    const { secret, signature } = readCredentials(app, params)
    const pairs = params.filter(([name]) => !UNSIGNED.includes(name))
    if (method === "POST") pairs.push(["body_md5", md5Hex(readsAsJson(body) ? body : encode("{}"))])
    checkSignature({ secret, signature, method, path, pairs })
    return new URLSearchParams(params)
  },
  parseEvent(body, context) {
    const channels = body?.channels ?? [body?.channel]
    return parseEvent(body, requireList(channels, "channels"), context)
  },
  parseBatch(body, context) {
    const batch = requireList(body?.batch, "batch")
    if (batch.length > context.limits.eventsPerBatch) {
      throw new ApiError(400, `Cannot batch-send more than ${context.limits.eventsPerBatch} messages at once`)
    }
    return batch.map((event) => parseEvent(event, [event?.channel], context))
  },
  isChannelName: () => true,
  listChannels: (channels) => channels,
  listUsers: (users) => ({ users }),
  formatError: sockudo.formatError,
}

function parseEvent(body, channels, { limits, maxEventBytes }) {
  const { name, data, socket_id: socketId, info } = body ?? {}
  if (!name || !data) throw new ApiError(400, "The received data is incorrect")
  if (channels.length > limits.channelsPerEvent) {
    throw new ApiError(400, `Cannot broadcast to more than ${limits.channelsPerEvent} channels at once`)
  }
  if (countBytes(String(data)) > maxEventBytes) {
    throw new ApiError(413, `The event data should be less than ${maxEventBytes / 1000} KB.`)
  }
  return { name, data, channels, socketId: socketId ?? undefined, info: splitInfo(info) }
}

function readsAsJson(body) {
  try {
    JSON.parse(decode(body))
    return true
  } catch {
    return false
  }
}
