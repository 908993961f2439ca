// sockudo 5.2: as Pusher, but for these.
import { ApiError } from "../api-error.js"
import { checkBodyMd5, checkSignature, checkTimestamp, readCredentials } from "../request-signature.js"
import { lowerName, pusher } from "./pusher.js"

/** @type {import("./index.js").Manners} */
export const sockudo = {
  ...pusher,
  readAppId: (segment) => segment,
  authenticate(app, { method, path, params, body }, { now, limits }) {
    const pairs = params.map(lowerName)
    const { secret, timestamp, bodyMd5, signature } = readCredentials(app, pairs)
    checkTimestamp(timestamp, now(), limits.timestampSkewSeconds)
    // Of an empty body, too.
    if (method === "POST" && bodyMd5 === undefined) throw new ApiError(401, "body_md5 is required for POST requests")
    if (method !== "POST" || body.length > 0) checkBodyMd5(bodyMd5, body)
    checkSignature({ secret, signature, method, path, pairs })
    // Endpoints read names as they are written.
    return new URLSearchParams(params)
  },
  formatError: ({ status, message }) => ({
    type: "application/json",
    body: JSON.stringify({ error: message, code: status }),
  }),
}
