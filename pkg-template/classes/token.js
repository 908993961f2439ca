// The class `Token`: a key with its secret. Neither printing nor serialising it shows the secret.
import { addEntrances, argumentError } from "../errors.js"
import { MAX_TEXT } from "../limits.js"
import { call, configure } from "../module/call.js"
import { bytesField } from "../module/frame.js"
import { SIGN, TOKEN, VERIFY } from "../module/operations.js"
import { addCommonMethods, setState, stateOf } from "../module/state.js"
import { bytesOf } from "../values.js"

const stateOfToken = (token) => stateOf(token, "Token")

export class Token {
  /** A token of any key and secret. A client's signs with the module's client that is there already, its `lender`, and outlives that. */
  constructor(key, secret, lender = undefined) {
    for (const [name, value] of Object.entries({ key, secret })) {
      if (typeof value === "string" && value.length <= MAX_TEXT) continue
      throw argumentError(`Invalid ${name}: a token's ${name} must be a string, and not too long`, name)
    }
    Object.defineProperty(this, "key", /** @type {any} */ ({ __proto__: null, value: key, enumerable: true }))
    const recipe = { source: TOKEN, fields: [undefined, undefined, key, secret] }
    const state = { type: "Token", isFreed: false, client: undefined, instance: undefined, recipe, secret, lender }
    // What is wrong with the texts is told here.
    if (!lender) configure(state)
    setState(this, state)
  }

  get secret() {
    return stateOfToken(this).secret
  }

  /** Returns the signature of a string or of bytes: 64 hexadecimal digits. */
  sign(message) {
    const state = stateOfToken(this)
    const [signature] = call(holderOf(state), SIGN, 0, [messageField(message)])
    if (signature !== undefined) return signature
    throw argumentError("Invalid string: it must be a string or bytes", "string")
  }

  /** Tells whether the string or the bytes have that signature; false for anything else. */
  verify(message, signature) {
    const [isAuthentic] = verify(this, signature, message)
    return isAuthentic !== undefined
  }

  /** What `JSON.stringify` shows. */
  toJSON() {
    return { key: /** @type {any} */ (this).key }
  }
}

addCommonMethods(Token, "Token")
addEntrances(Token)

/**
 * Checks the signature of a message, which is a string or bytes, and whether a content type is that of JSON.
 * @returns {(string | undefined)[]} of each, whether there is a text
 */
export const verify = (token, signature, message, contentType) => {
  const state = stateOfToken(token)
  const text = typeof signature === "string" ? signature : undefined
  return call(holderOf(state), VERIFY, 0, [text, messageField(message), contentType])
}

/** Makes a field of a message; absent where it is neither a string nor bytes. */
const messageField = (message) => {
  if (typeof message === "string") return message
  const bytes = bytesOf(message)
  return bytes && bytesField(bytes)
}

/** Returns the state whose client of the module signs for a token: the lender's as long as there is one, otherwise the token's own. */
const holderOf = (state) => (state.lender && !state.lender.isFreed ? state.lender : state)
