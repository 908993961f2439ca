// Texts and bytes, with nothing that only some hosts have.
const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

/** Returns a text as UTF-8. @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export const encode = (text) => /** @type {Uint8Array<ArrayBuffer>} */ (encoder.encode(text))

/** Returns UTF-8 as a text; bytes that are no UTF-8 become U+FFFD. @param {Uint8Array} bytes */
export const decode = (bytes) => decoder.decode(bytes)

/** Returns how many bytes a text has as UTF-8. @param {string} text */
export const countBytes = (text) => encoder.encode(text).length

/** Returns bytes one after the other. @param {Uint8Array[]} parts @returns {Uint8Array<ArrayBuffer>} */
export const concat = (parts) => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Compares texts by their UTF-8, for `sort`. @param {string} left @param {string} right */
export const compareBytes = (left, right) => {
  const [a, b] = [encode(left), encode(right)]
  const at = a.findIndex((byte, index) => byte !== b[index])
  return at < 0 || at >= b.length ? a.length - b.length : a[at] - b[at]
}

/** @param {Uint8Array} bytes @returns {string} lower-case hex */
export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")

/** Returns the bytes of a base64 text. @param {string} text @returns {Uint8Array | undefined} `undefined` for any other text */
export const fromBase64 = (text) => {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** Returns a view of a message that is padded as MD5 and SHA-256 have it. @param {Uint8Array} bytes @param {boolean} littleEndian */
export const padMessage = (bytes, littleEndian) => {
  const padded = new Uint8Array(((bytes.length + 72) >>> 6) << 6)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n, littleEndian)
  return view
}
