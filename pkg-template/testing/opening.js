import { concat, decode, encode, fromBase64 } from "./bytes.js"
import { getChannelKind } from "./channel-name.js"
import { openSecretbox } from "./secretbox.js"
import { sha256 } from "./sha256.js"

/** Returns the data of an event as clients see it: parsed if it is JSON. @param {unknown} data */
export const parseData = (data) => {
  if (typeof data !== "string") return data
  try {
    return JSON.parse(data)
  } catch {
    return data
  }
}

/**
 * Returns an event's data, parsed; on an encrypted channel opened, if the master key fits.
 *
 * @param {string} channel
 * @param {unknown} data
 * @param {Uint8Array} [masterKey]
 */
export const openData = (channel, data, masterKey) => {
  const parsed = parseData(data)
  if (masterKey === undefined || getChannelKind(channel).access !== "encrypted") return parsed
  const [nonce, box] = [fromBase64(parsed?.nonce), fromBase64(parsed?.ciphertext)]
  const key = sha256(concat([encode(channel), masterKey]))
  const opened = nonce && box && openSecretbox(box, nonce, key)
  return opened === undefined ? parsed : parseData(decode(opened))
}
