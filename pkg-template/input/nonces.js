// Nonces of sealed events.
import { validationError } from "../errors.js"
import { bytesField } from "../module/frame.js"
import { bytesOf, toDisplay } from "../values.js"

const NONCE_BYTES = 24
const NONCES_AT_ONCE = 32
/** Random bytes that no nonce has been made of yet: the host charges for the call (2 µs on Node), hardly for the bytes. */
let pool = new Uint8Array()

const noRandomness = (why) =>
  validationError(
    `Cannot get random bytes: ${why}`,
    "no_randomness",
    "randomBytes",
    "Pass the `randomBytes` option: a function of a length that returns bytes.",
  )

/** Draws a fresh nonce, as a field. Only inside calls: Workers refuse randomness at module scope. None is used twice. */
export const freshNonce = ({ randomBytes }) => {
  if (randomBytes) {
    const drawn = bytesOf(randomBytes(NONCE_BYTES))
    // A copy: the caller may fill the same bytes again for the next one.
    if (drawn?.length === NONCE_BYTES) return bytesField(new Uint8Array(drawn))
    throw noRandomness(`randomBytes(${NONCE_BYTES}) gave no Uint8Array of that length`)
  }
  if (pool.length === 0) {
    const drawn = new Uint8Array(NONCE_BYTES * NONCES_AT_ONCE)
    try {
      // What it returns is not used: a test's double may have made that itself.
      crypto.getRandomValues(drawn)
    } catch (exception) {
      throw noRandomness(toDisplay(exception))
    }
    pool = drawn
  }
  const nonce = pool.subarray(0, NONCE_BYTES)
  pool = pool.subarray(NONCE_BYTES)
  return bytesField(nonce)
}
