// Nonces of sealed events.
import { validationError } from "../errors.js"
import { MAX_POOL_AGE, NONCE_BYTES, NONCES_AT_ONCE } from "../limits.js"
import { bytesField } from "../module/frame.js"
import { bytesOf, toDisplay } from "../values.js"

/** Random bytes that no nonce has been made of yet: the host charges for the call (2 µs on Node), hardly for the bytes. */
let pool = new Uint8Array()
let drawnAt = 0

/** Draws a fresh nonce, as a field. Only inside calls: Workers refuse randomness at module scope. None is used twice. */
export const freshNonce = ({ randomBytes }) => {
  // A copy: the caller may fill the same bytes again for the next one. The module refuses any other length.
  if (randomBytes) return bytesField(new Uint8Array(bytesOf(randomBytes(NONCE_BYTES)) ?? 0))
  const now = Date.now()
  // Also new ones where the clock was set back, or tells nothing.
  if (pool.length === 0 || !(Math.abs(now - drawnAt) < MAX_POOL_AGE)) {
    const drawn = new Uint8Array(NONCE_BYTES * NONCES_AT_ONCE)
    try {
      // What it returns is not used: a test's double may have made that itself.
      crypto.getRandomValues(drawn)
    } catch (exception) {
      throw validationError(
        `Cannot get random bytes: ${toDisplay(exception)}`,
        "no_randomness",
        "randomBytes",
        "Pass the `randomBytes` option.",
      )
    }
    pool = drawn
    drawnAt = now
  }
  const nonce = pool.subarray(0, NONCE_BYTES)
  pool = pool.subarray(NONCE_BYTES)
  return bytesField(nonce)
}

/** Draws an idempotency key: 24 random bytes in base64. */
export const freshKey = (settings) => btoa(String.fromCharCode(...freshNonce(settings).content))
