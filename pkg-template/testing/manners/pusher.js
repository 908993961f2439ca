// The service itself, as its documentation has it.
import { isChannelName } from "../channel-name.js"
import { parseBatch, parseEvent } from "../event-rules.js"
import { decodeSegment } from "../path.js"
import { checkBodyMd5, checkSignature, checkTimestamp, readCredentials } from "../request-signature.js"

/** Names are signed in lower case, and therefore read in lower case. @returns {[string, string]} */
export const lowerName = ([name, value]) => [name.toLowerCase(), value]

/** @type {import("./index.js").Manners} */
export const pusher = {
  signsPathPrefix: false,
  limits: {},
  readAppId: decodeSegment,
  readName: decodeSegment,
  authenticate(app, { method, path, params, body }, { now, limits }) {
    const pairs = params.map(lowerName)
    const { secret, timestamp, bodyMd5, signature } = readCredentials(app, pairs)
    checkTimestamp(timestamp, now(), limits.timestampSkewSeconds)
    checkBodyMd5(bodyMd5, body)
    checkSignature({ secret, signature, method, path, pairs })
    return new URLSearchParams(pairs)
  },
  parseEvent,
  parseBatch,
  isChannelName,
  listChannels: (channels) => channels,
  listUsers: (users) => ({ users }),
  formatError: ({ message }) => ({ type: "text/plain; charset=utf-8", body: `${message}\n` }),
}
