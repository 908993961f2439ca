// The class `Token`: a key with its secret. Neither printing nor serialising it shows the secret.
import { Client } from "#glue"
import { validationError } from "#errors"
import { LONGEST, writeFrame } from "#values"
import { SIGN, VERIFY, agrees, answer } from "./client.js"
import { freeable } from "./freeable.js"
import { TOKEN } from "./options.js"

const SECRET = Symbol("secret")

/** The token itself. What another copy of the package made points into that copy's memory. */
const ownToken = (token) => {
  if (token?.[SECRET] !== undefined) return token
  throw new TypeError("The method was called on something that is no Token of this copy of pusher-http-wasm")
}

export class Token extends Client {
  constructor(key, secret) {
    for (const [name, value] of Object.entries({ key, secret })) {
      if (typeof value === "string" && value.length <= LONGEST) continue
      const expected = typeof value === "string" ? "is too long" : "must be a string"
      throw validationError(`Invalid ${name}: a token's ${name} ${expected}`, "invalid_argument", name)
    }
    writeFrame([undefined, undefined, key, secret])
    super(TOKEN)
    Object.defineProperty(this, "key", { value: key, enumerable: true })
    // Behind a getter, since some consoles print what is not enumerable, too.
    Object.defineProperty(this, SECRET, { get: () => secret })
  }

  get secret() {
    return this[SECRET]
  }

  /** The signature of a string or of bytes: 64 hexadecimal digits. */
  sign(message) {
    ownToken(this)
    writeFrame([message], true)
    const signature = answer(this, SIGN)
    if (signature !== undefined) return signature
    throw validationError("Invalid string: only a string or bytes can be signed", "invalid_argument", "string")
  }

  /** Whether the string or the bytes have that signature; false for anything else. */
  verify(message, signature) {
    ownToken(this)
    return authenticates(this, undefined, signature, message)
  }

  /** What `JSON.stringify` shows. */
  toJSON() {
    return { key: this.key }
  }
}

freeable(Token, ownToken)

/** Whether the client or token has the key, if one is given, and made the signature of the body. */
export const authenticates = (client, key, signature, body) => {
  writeFrame([key, signature, body], true)
  return agrees(client, VERIFY)
}
