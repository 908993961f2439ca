// Nonces of sealed events.
import { validationError } from "#errors"
import { Nonce, bytesOf, shown } from "#values"

const NONCE_BYTES = 24
const NONCES_AT_ONCE = 32
/** Random bytes that no nonce has been made of yet: the host's price is for the call, hardly for the bytes. */
let pool = new Nonce()

/** A fresh nonce. Random bytes are drawn inside calls only: Workers refuse them at module scope. None is used twice. */
export const freshNonce = ({ randomBytes }) => {
  const failed = (why) =>
    validationError(
      `Cannot get random bytes: ${why}`,
      "no_randomness",
      "randomBytes",
      "Pass the `randomBytes` option: a function of a length that returns bytes.",
    )
  if (randomBytes) {
    const drawn = bytesOf(randomBytes(NONCE_BYTES))
    // A copy: the caller may fill the same bytes again for the next one.
    if (drawn?.length === NONCE_BYTES) return new Nonce(drawn)
    throw failed(`randomBytes(${NONCE_BYTES}) gave no Uint8Array of that length`)
  }
  if (pool.length === 0) {
    try {
      const drawn = new Nonce(NONCE_BYTES * NONCES_AT_ONCE)
      // Not what it returns, which a test's double may have made itself.
      crypto.getRandomValues(drawn)
      pool = drawn
    } catch (exception) {
      throw failed(shown(exception))
    }
  }
  const nonce = pool.subarray(0, NONCE_BYTES)
  pool = pool.subarray(NONCE_BYTES)
  return nonce
}
