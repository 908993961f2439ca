// Laravel Reverb 1.
import { ApiError } from "../api-error.js"
import { splitInfo } from "../event-rules.js"
import { decodeSegment } from "../path.js"
import { checkSignature, readCredentials } from "../request-signature.js"
import { md5Hex } from "../signature.js"

/** Parameters that it leaves out of the signature. */
const UNSIGNED = ["appId", "appKey", "channelName", "body_md5"]

/** @type {import("./index.js").Manners} */
export const reverb = {
  signsPathPrefix: false,
  limits: { eventBytes: Infinity, eventsPerBatch: Infinity },
  readAppId: decodeSegment,
  readName: decodeSegment,
  checkRequest({ method, headers }) {
    if (method === "POST" && headers["content-length"] === undefined) throw new ApiError(411, "Length Required")
  },
  authenticate(app, { method, path, params, body }) {
    const given = parseQuery(params)
    const { secret, signature } = readCredentials(app, given)
    const pairs = given.filter(([name]) => !UNSIGNED.includes(name))
    if (body.length > 0) pairs.push(["body_md5", md5Hex(body)])
    checkSignature({ secret, signature, method, path, pairs })
    return new URLSearchParams(given)
  },
  parseEvent: (body) => checkEvent(body, body?.channels ?? [body?.channel], ""),
  parseBatch(body) {
    const { batch } = body ?? {}
    if (!Array.isArray(batch) || batch.length === 0) throw invalid({ batch: "The batch field is required." })
    return batch.map((event, index) => checkEvent(event, [event?.channel], `batch.${index}.`))
  },
  isChannelName: () => true,
  // PHP writes an empty array as a list.
  listChannels: (channels) => (Object.keys(channels).length === 0 ? [] : channels),
  listUsers(users) {
    if (users.length === 0) throw new ApiError(404, "No such channel", {})
    return { users }
  },
  formatError: ({ message, answer = message }) => ({ type: "application/json", body: JSON.stringify(answer) }),
}

/** Reverb before March 2026. @type {import("./index.js").Manners} */
export const olderReverb = { ...reverb, signsPathPrefix: true }

function checkEvent(event, channels, place) {
  const { name, data, socket_id: socketId, info } = event ?? {}
  if (!isFilled(name)) throw invalid({ [`${place}name`]: "The name field is required." })
  if (!isFilled(data)) throw invalid({ [`${place}data`]: "The data field is required." })
  if (!Array.isArray(channels) || !channels.every(isFilled)) {
    throw invalid({ [`${place}channels`]: "The channels field must be an array of strings." })
  }
  for (const [member, value] of Object.entries({ socket_id: socketId, info })) {
    if (value !== undefined && typeof value !== "string") {
      throw invalid({ [`${place}${member}`]: `The ${member} field must be a string.` })
    }
  }
  return { name, data, channels, socketId, info: splitInfo(info) }
}

/** Tells whether a value is a string that is not blank. */
const isFilled = (value) => typeof value === "string" && value.trim() !== ""

/** Makes the error of a body that breaks a rule. @param {Record<string, string>} errors by the member's place */
function invalid(errors) {
  const [message] = Object.values(errors)
  const lists = Object.fromEntries(Object.entries(errors).map(([place, error]) => [place, [error]]))
  return new ApiError(422, message, { message, errors: lists })
}

/** Parses a query as PHP does: some characters of a name become `_`, `a[]` is a list, and of equal names the last one counts. @returns {[string, string][]} */
function parseQuery(params) {
  const values = new Map()
  for (const [name, value] of params) {
    const list = /^([^[]+)\[\]$/.exec(name)?.[1]
    const key = (list ?? name).replace(/[ .[]/g, "_")
    const earlier = values.get(key)
    values.set(key, list === undefined ? value : [...(Array.isArray(earlier) ? earlier : []), value])
  }
  return [...values].map(([name, value]) => [name, String(value)])
}
