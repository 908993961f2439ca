import { encode, toHex } from "./bytes.js"
import { md5 } from "./md5.js"
import { hmacSha256, sha256 } from "./sha256.js"

/** @param {string} secret @param {string} text @returns {string} lower-case hex */
export function hmacSha256Hex(secret, text) {
  return toHex(hmacSha256(encode(secret), encode(text)))
}

/** @param {Uint8Array} bytes @returns {string} lower-case hex */
export function md5Hex(bytes) {
  return toHex(md5(bytes))
}

/** Compares in constant time, also when the lengths differ. @param {string} left @param {string} right */
export function isEqualInConstantTime(left, right) {
  // Digests always have equal lengths.
  const digest = sha256(encode(right))
  return sha256(encode(left)).reduce((difference, byte, index) => difference | (byte ^ digest[index]), 0) === 0
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
 * @param {import("./app.js").App} app
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
