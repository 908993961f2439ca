// The class `WebHook`. In JavaScript, because all that it holds is JavaScript's: a class of the module would have to be freed, and
// registering it for that costs more than checking a small webhook does. The rules are the module's.
import { isJson } from "#glue"
import { PusherError, PusherWebHookError } from "#errors"
import { writeFrame } from "#values"
import { Token, authenticates } from "./token.js"

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** A request from Channels. Whatever is wrong with it makes it invalid; only reading an invalid one throws. */
export class WebHook {
  #request

  /** A webhook with `token`, a key and its secret, from `headers` (a plain object in any case, or `Headers`) and `rawBody`. */
  constructor(token, request, codec = JSON) {
    // A member that cannot be read is a member that is not there: malformed input is invalid, never an exception.
    const headers = headersOf(attempt(() => request.headers))
    this.#request = { token, codec, ...headers, body: attempt(() => request.rawBody) }
  }

  get #own() {
    if (this.#request) return this.#request
    throw new PusherError("This WebHook has been freed: make a new one", "freed")
  }

  /**
   * Whether the body is JSON and signed with the secret of the token whose key the request names. Further tokens, one or a list, are for
   * the time in which a key is rotated.
   */
  isValid(extraTokens) {
    const { token, key, signature, body } = this.#own
    if (key === undefined || signature === undefined) return false
    const isAuthentic = (token) => {
      const own = tokenOf(token)
      return own !== undefined && authenticates(own, key, signature, body)
    }
    const extra = () => (attempt(() => Array.isArray(extraTokens)) ? Array.from(extraTokens) : [extraTokens])
    return (
      (isAuthentic(token) || (extraTokens !== undefined && attempt(extra)?.some(isAuthentic) === true)) &&
      this.isBodyValid()
    )
  }

  /** Whether the content type is `application/json`. */
  isContentTypeValid() {
    const { contentType } = this.#own
    writeFrame([contentType])
    return isJson()
  }

  /** Whether the content type is right and the body is JSON. */
  isBodyValid() {
    return this.#data !== undefined
  }

  getData() {
    const { contentType, body, signature } = this.#own
    if (!this.#data) throw new PusherWebHookError("Invalid WebHook body", contentType, body, signature)
    return this.#data[0]
  }

  getEvents() {
    return this.getData()?.events
  }

  /** The time at which the events happened; the same when the webhook is sent again. */
  getTime() {
    const milliseconds = this.getData()?.time_ms
    return new Date(typeof milliseconds === "number" ? milliseconds : NaN)
  }

  get key() {
    return this.#own.key
  }

  get signature() {
    return this.#own.signature
  }

  get contentType() {
    return this.#own.contentType
  }

  get body() {
    return this.#own.body
  }

  free() {
    this.#request = undefined
  }

  /** The body's value in a list, once it has been parsed; `undefined` when it is not valid. */
  get #data() {
    const own = this.#own
    if (!("data" in own)) {
      const { body, codec } = own
      const parsed = () => [codec.parse(typeof body === "string" ? body : decoder.decode(body))]
      own.data = this.isContentTypeValid() ? attempt(parsed) : undefined
    }
    return own.data
  }
}

const attempt = (read) => {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** A token from anything with a `key` and a `secret`; `undefined` for anything else. */
const tokenOf = (value) => attempt(() => (value instanceof Token ? value : new Token(value.key, value.secret)))

if (Symbol.dispose) WebHook.prototype[Symbol.dispose] = WebHook.prototype.free

const names = { "x-pusher-key": "key", "x-pusher-signature": "signature", "content-type": "contentType" }

/**
 * The headers that count, of a plain object in any case, or of `Headers`. None that stands there more than once: which of them the
 * server meant, nobody knows.
 */
const headersOf = (headers) => {
  const found = { key: undefined, signature: undefined, contentType: undefined }
  attempt(() => {
    if (typeof headers.get === "function") {
      for (const name in names) found[names[name]] = headers.get(name)
    } else {
      for (const given in headers) {
        const name = names[given.toLowerCase()]
        if (name) found[name] = name in found && found[name] !== undefined ? NaN : headers[given]
      }
    }
  })
  for (const name in found) {
    const value = Array.isArray(found[name]) && found[name].length === 1 ? found[name][0] : found[name]
    found[name] = typeof value === "string" ? value : undefined
  }
  return found
}
