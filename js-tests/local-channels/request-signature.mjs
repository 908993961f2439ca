import { ApiError } from "./api-error.mjs"
import { equalInConstantTime, hmacSha256Hex, md5Hex } from "./signature.mjs"

// The last second a Date can show; beyond it there is no ISO text to answer with.
const LAST_SECOND = 8_640_000_000_000

/**
 * Decides whether an API request comes from the holder of one of the app's secrets.
 *
 * @param {import("./app.mjs").App} app
 * @param {{ method: string, path: string, params: [string, string][], body: Buffer }} request
 *   `path` as it stood on the wire, percent-encoding included; `params` decoded.
 * @param {{ now: () => number, limits: import("./limits.mjs").Limits }} context
 * @throws {ApiError} 401, in the order the service checks
 */
export function checkSignature(app, { method, path, params, body }, { now, limits }) {
  // Keys are signed, and so also understood, in lower case.
  const pairs = params.map(([key, value]) => [key.toLowerCase(), value])
  const values = new Map(pairs)
  const secret = app.secretOf(required(values, "auth_key"))
  if (secret === undefined) throw new ApiError(401, "Unknown auth_key")

  const version = required(values, "auth_version")
  if (version !== "1.0") {
    throw new ApiError(401, `Unsupported auth_version ${JSON.stringify(version)}: only "1.0" is known`)
  }
  checkTimestamp(required(values, "auth_timestamp"), now(), limits.timestampSkewSeconds)
  checkBodyMd5(values.get("body_md5"), body)

  const signature = required(values, "auth_signature")
  const toSign = stringToSign(method, path, pairs)
  if (!equalInConstantTime(hmacSha256Hex(secret, toSign), signature)) {
    // Names what was signed so that the caller can compare, never what would have been right.
    throw new ApiError(
      401,
      `Invalid signature: you should have sent HmacSHA256Hex(${JSON.stringify(toSign)}, your_secret_key), ` +
        `but you sent ${JSON.stringify(signature)}`,
    )
  }
}

/** `METHOD\nPATH\nkey=value&…`, keys in byte order, without the signature itself. */
export function stringToSign(method, path, pairs) {
  const query = pairs
    .filter(([key]) => key !== "auth_signature")
    .sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
    .map(([key, value]) => `${key}=${value}`)
    .join("&")
  return `${method.toUpperCase()}\n${path}\n${query}`
}

function required(values, name) {
  const value = values.get(name)
  if (value === undefined || value === "") throw new ApiError(401, `Missing parameter: ${name}`)
  return value
}

function checkTimestamp(timestamp, nowMs, skewSeconds) {
  const seconds = Number(timestamp)
  if (!/^[0-9]+$/.test(timestamp) || seconds > LAST_SECOND) {
    throw new ApiError(401, `Invalid auth_timestamp: ${JSON.stringify(timestamp)} is not in Unix seconds`)
  }
  const serverSeconds = Math.floor(nowMs / 1000)
  if (Math.abs(serverSeconds - seconds) >= skewSeconds) {
    throw new ApiError(
      401,
      `Timestamp expired: Given timestamp (${iso(seconds)}) not within ${skewSeconds}s of server time (${iso(serverSeconds)})`,
    )
  }
}

function checkBodyMd5(given, body) {
  if (body.length === 0) {
    if (given !== undefined) throw new ApiError(401, "Invalid body_md5: the request has no body")
    return
  }
  if (given === undefined) throw new ApiError(401, "Missing parameter: body_md5")
  if (!equalInConstantTime(md5Hex(body), given)) {
    throw new ApiError(401, `Invalid body_md5: the body's is ${md5Hex(body)}, but you sent ${JSON.stringify(given)}`)
  }
}

function iso(seconds) {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z")
}
