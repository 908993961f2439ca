import { createHash, createHmac, timingSafeEqual } from "node:crypto"

/** @param {string} secret @param {string | Buffer} text @returns {string} lower-case hex */
export function hmacSha256Hex(secret, text) {
  return createHmac("sha256", secret).update(text).digest("hex")
}

/** @param {Buffer} bytes @returns {string} lower-case hex */
export function md5Hex(bytes) {
  return createHash("md5").update(bytes).digest("hex")
}

/** Compares in constant time, also when the lengths differ. */
export function isEqualInConstantTime(left, right) {
  // timingSafeEqual needs equal lengths, which digests always have.
  const digest = (text) => createHash("sha256").update(String(text)).digest()
  return timingSafeEqual(digest(left), digest(right))
}

/** Returns the text that a channel authorisation signs; `channelData` is the exact string that the client sent. */
export function makeChannelStringToSign(socketId, channel, channelData) {
  return channelData === undefined ? `${socketId}:${channel}` : `${socketId}:${channel}:${channelData}`
}

/** Returns the text that a user authentication signs. */
export function makeUserStringToSign(socketId, userData) {
  return `${socketId}::user::${userData}`
}

/**
 * Checks an `auth` value (`key:hex`) as a client presents it.
 *
 * @param {import("./app.mjs").App} app
 * @param {unknown} auth
 * @param {string} stringToSign
 * @returns {boolean}
 */
export function isAuthValid(app, auth, stringToSign) {
  if (typeof auth !== "string") return false
  const colon = auth.indexOf(":")
  const secret = app.getSecret(auth.slice(0, colon))
  if (colon < 0 || secret === undefined) return false
  return isEqualInConstantTime(hmacSha256Hex(secret, stringToSign), auth.slice(colon + 1))
}
