// MD5 (RFC 1321), synchronous on every host: Web Crypto has none.
import { padMessage } from "./bytes.js"

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
const SINES = Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32) | 0)

/** @param {Uint8Array} bytes @returns {Uint8Array<ArrayBuffer>} 16 bytes */
export const md5 = (bytes) => {
  const message = padMessage(bytes, true)
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476])
  for (let block = 0; block < message.byteLength; block += 64) {
    let [a, b, c, d] = state
    for (let step = 0; step < 64; step++) {
      const [mixed, word] = mix(step, b, c, d)
      const sum = (a + mixed + SINES[step] + message.getInt32(block + word * 4, true)) | 0
      const shift = SHIFTS[(step >> 4) * 4 + (step & 3)]
      a = d
      d = c
      c = b
      b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0
    }
    state[0] += a
    state[1] += b
    state[2] += c
    state[3] += d
  }
  const digest = new DataView(new ArrayBuffer(16))
  for (const [index, word] of state.entries()) digest.setInt32(index * 4, word, true)
  return new Uint8Array(digest.buffer)
}

/** Returns a step's function of three words, and the index of the word of the message that it takes. */
const mix = (step, b, c, d) => {
  if (step < 16) return [(b & c) | (~b & d), step]
  if (step < 32) return [(d & b) | (~d & c), (5 * step + 1) & 15]
  if (step < 48) return [b ^ c ^ d, (3 * step + 5) & 15]
  return [c ^ (b | ~d), (7 * step) & 15]
}
