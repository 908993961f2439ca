import { ApiError } from "./api-error.js"
import { compareBytes } from "./bytes.js"
import { hmacSha256Hex, isEqualInConstantTime, md5Hex } from "./signature.js"

// The last second that a Date can represent; later ones have no ISO text.
const LAST_SECOND = 8_640_000_000_000

/**
 * Reads what a query says of its signature, and finds the secret that goes with it.
 *
 * @param {import("./app.js").App} app
 * @param {[string, string][]} pairs the query as the server reads it
 * @throws {ApiError} 401
 */
export function readCredentials(app, pairs) {
  const values = new Map(pairs)
  const secret = app.getSecret(requireParameter(values, "auth_key"))
  if (secret === undefined) throw new ApiError(401, "Unknown auth_key")
  const version = requireParameter(values, "auth_version")
  if (version !== "1.0") {
    throw new ApiError(401, `Unsupported auth_version ${JSON.stringify(version)}: only "1.0" is known`)
  }
  return {
    secret,
    timestamp: requireParameter(values, "auth_timestamp"),
    bodyMd5: values.get("body_md5"),
    signature: requireParameter(values, "auth_signature"),
  }
}

/**
 * Checks that a request was signed with the secret.
 *
 * @param {{ secret: string, signature: string, method: string, path: string, pairs: [string, string][] }} signed `path` as it stood on the
 *   wire, percent-encoding included; `pairs` decoded
 * @throws {ApiError} 401
 */
export function checkSignature({ secret, signature, method, path, pairs }) {
  const toSign = makeStringToSign(method, path, pairs)
  if (isEqualInConstantTime(hmacSha256Hex(secret, toSign), signature)) return
  // Shows the signed text so that the caller can compare it, never the right signature.
  throw new ApiError(
    401,
    `Invalid signature: you should have sent HmacSHA256Hex(${JSON.stringify(toSign)}, your_secret_key), ` +
      `but you sent ${JSON.stringify(signature)}`,
  )
}

/** Returns `METHOD\nPATH\nkey=value&…`, keys in byte order, without the signature itself. */
export function makeStringToSign(method, path, pairs) {
  const query = pairs
    .filter(([key]) => key !== "auth_signature")
    .sort(([left], [right]) => compareBytes(left, right))
    .map(([key, value]) => `${key}=${value}`)
    .join("&")
  return `${method.toUpperCase()}\n${path}\n${query}`
}

function requireParameter(values, name) {
  const value = values.get(name)
  if (value === undefined || value === "") throw new ApiError(401, `Missing parameter: ${name}`)
  return value
}

/** Checks that a request was signed at about this time. @throws {ApiError} 401 */
export function checkTimestamp(timestamp, nowMs, skewSeconds) {
  const seconds = Number(timestamp)
  if (!/^[0-9]+$/.test(timestamp) || seconds > LAST_SECOND) {
    throw new ApiError(401, `Invalid auth_timestamp: ${JSON.stringify(timestamp)} is not in Unix seconds`)
  }
  const serverSeconds = Math.floor(nowMs / 1000)
  if (Math.abs(serverSeconds - seconds) >= skewSeconds) {
    throw new ApiError(
      401,
      `Timestamp expired: Given timestamp (${toIso(seconds)}) not within ${skewSeconds}s of server time (${toIso(serverSeconds)})`,
    )
  }
}

/** Checks that a request's body is the one that was signed. @throws {ApiError} 401 */
export function checkBodyMd5(given, body) {
  if (body.length === 0) {
    if (given !== undefined) throw new ApiError(401, "Invalid body_md5: the request has no body")
    return
  }
  if (given === undefined) throw new ApiError(401, "Missing parameter: body_md5")
  if (!isEqualInConstantTime(md5Hex(body), given)) {
    throw new ApiError(401, `Invalid body_md5: the body's is ${md5Hex(body)}, but you sent ${JSON.stringify(given)}`)
  }
}

function toIso(seconds) {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z")
}
