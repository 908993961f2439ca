// SHA-256 (FIPS 180-4) and HMAC (RFC 2104), synchronous on every host: those of Web Crypto are not.
import { concat, padMessage } from "./bytes.js"

const PRIMES = Array.from({ length: 312 }, (_, number) => number).filter(
  (number) => number > 1 && !Array.from({ length: number }, (_, by) => by).some((by) => by > 1 && number % by === 0),
)
/** Returns the first 32 bits behind a root's point. */
const getFraction = (root) => ((root % 1) * 2 ** 32) | 0
const START = PRIMES.slice(0, 8).map((prime) => getFraction(Math.sqrt(prime)))
const ROUNDS = PRIMES.slice(0, 64).map((prime) => getFraction(Math.cbrt(prime)))

const rotate = (word, by) => (word >>> by) | (word << (32 - by))

/** @param {Uint8Array} bytes @returns {Uint8Array<ArrayBuffer>} 32 bytes */
export const sha256 = (bytes) => {
  const message = padMessage(bytes, false)
  const state = new Int32Array(START)
  const words = new Int32Array(64)
  for (let block = 0; block < message.byteLength; block += 64) {
    for (let at = 0; at < 64; at++) words[at] = at < 16 ? message.getInt32(block + at * 4) : extend(words, at)
    let [a, b, c, d, e, f, g, h] = state
    for (let at = 0; at < 64; at++) {
      const choice = (e & f) ^ (~e & g)
      const one = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + ROUNDS[at] + words[at]) | 0
      const majority = (a & b) ^ (a & c) ^ (b & c)
      const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0
      h = g
      g = f
      f = e
      e = (d + one) | 0
      d = c
      c = b
      b = a
      a = (one + two) | 0
    }
    for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] += word
  }
  const digest = new DataView(new ArrayBuffer(32))
  for (const [index, word] of state.entries()) digest.setInt32(index * 4, word)
  return new Uint8Array(digest.buffer)
}

const extend = (words, at) => {
  const early = words[at - 15]
  const late = words[at - 2]
  return (
    words[at - 16] +
    (rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)) +
    words[at - 7] +
    (rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10))
  )
}

/** @param {Uint8Array} key @param {Uint8Array} message @returns {Uint8Array<ArrayBuffer>} 32 bytes */
export const hmacSha256 = (key, message) => {
  const block = new Uint8Array(64)
  block.set(key.length > 64 ? sha256(key) : key)
  const inner = sha256(concat([block.map((byte) => byte ^ 0x36), message]))
  return sha256(concat([block.map((byte) => byte ^ 0x5c), inner]))
}
