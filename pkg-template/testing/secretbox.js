// NaCl's secretbox (XSalsa20 and Poly1305), as encrypted channels have it. Only opens.

/**
 * Opens a box.
 *
 * @param {Uint8Array} box
 * @param {Uint8Array} nonce 24 bytes
 * @param {Uint8Array} key 32 bytes
 * @returns {Uint8Array | undefined} `undefined` if it was not sealed with this key and nonce, or changed since
 */
export const openSecretbox = (box, nonce, key) => {
  if (box.length < 16 || nonce.length !== 24 || key.length !== 32) return undefined
  const subkey = salsa20(readWords(key), readWords(nonce.subarray(0, 16)), false)
  const stream = makeStream(subkey, readWords(nonce.subarray(16)), 32 + box.length - 16)
  const tag = poly1305(box.subarray(16), stream.subarray(0, 32))
  // Against nobody who could measure it: this is a test's own data.
  if (tag.some((byte, index) => byte !== box[index])) return undefined
  return box.subarray(16).map((byte, index) => byte ^ stream[32 + index])
}

const readWords = (bytes) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: bytes.length / 4 }, (_, index) => view.getInt32(index * 4, true))
}

const SIGMA = readWords(new TextEncoder().encode("expand 32-byte k"))

/** The words that each quarter round mixes: by columns, then by rows. */
const QUARTERS = [
  [0, 4, 8, 12],
  [5, 9, 13, 1],
  [10, 14, 2, 6],
  [15, 3, 7, 11],
  [0, 1, 2, 3],
  [5, 6, 7, 4],
  [10, 11, 8, 9],
  [15, 12, 13, 14],
]

/** Returns 16 words of the key stream; without `isBlock` 8 words, the key that HSalsa20 derives. */
const salsa20 = (key, input, isBlock) => {
  const [s0, s1, s2, s3] = SIGMA
  const start = [s0, ...key.slice(0, 4), s1, ...input, s2, ...key.slice(4), s3]
  const words = new Int32Array(start)
  const turn = (to, one, two, by) => {
    const sum = (words[one] + words[two]) | 0
    words[to] ^= (sum << by) | (sum >>> (32 - by))
  }
  for (let round = 0; round < 10; round++) {
    for (const [a, b, c, d] of QUARTERS) {
      turn(b, a, d, 7)
      turn(c, b, a, 9)
      turn(d, c, b, 13)
      turn(a, d, c, 18)
    }
  }
  if (!isBlock) return [0, 5, 10, 15, 6, 7, 8, 9].map((index) => words[index])
  return words.map((word, index) => word + start[index])
}

const makeStream = (key, nonce, length) => {
  const blocks = Math.ceil(length / 64)
  const view = new DataView(new ArrayBuffer(blocks * 64))
  for (let block = 0; block < blocks; block++) {
    for (const [index, word] of salsa20(key, [...nonce, block, 0], true).entries())
      view.setInt32(block * 64 + index * 4, word, true)
  }
  return new Uint8Array(view.buffer, 0, length)
}

const toNumber = (bytes) => bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n)

const poly1305 = (message, key) => {
  const prime = (1n << 130n) - 5n
  const factor = toNumber(key.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn
  let sum = 0n
  for (let at = 0; at < message.length; at += 16) {
    const block = message.subarray(at, at + 16)
    sum = ((sum + toNumber(block) + (1n << BigInt(block.length * 8))) * factor) % prime
  }
  const tag = sum + toNumber(key.subarray(16, 32))
  return Uint8Array.from({ length: 16 }, (_, index) => Number((tag >> BigInt(index * 8)) & 0xffn))
}
