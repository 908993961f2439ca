// The class `WebHook`: a request from Channels. It holds nothing of the module's.
import { addEntrances, PusherWebHookError } from "../errors.js"
import { callAlone, IS_JSON } from "../module/operations.js"
import { hasState, makeFreeable, setState, stateOf } from "../module/state.js"
import { tryRead } from "../values.js"
import { Token, verify } from "./token.js"

const stateOfWebHook = (webhook) => stateOf(webhook, "WebHook")

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** A request from Channels. Whatever is wrong with it makes it invalid; only reading an invalid one throws. */
export class WebHook {
  /** A webhook with `token`, a key and its secret, from `headers` (a plain object in any case, or `Headers`) and `rawBody`. */
  constructor(token, request, json = JSON) {
    // A member that cannot be read counts as absent: malformed input is invalid, never an exception.
    const { key, signature, contentType } = readHeaders(tryRead(() => request.headers))
    const body = tryRead(() => request.rawBody)
    setState(this, {
      type: "WebHook",
      isFreed: false,
      token,
      json,
      key,
      signature,
      contentType,
      body,
      isJson: undefined,
      data: undefined,
    })
  }

  /**
   * Tells whether the body is JSON and signed with the secret of the token whose key the request names. Further tokens, one or a list,
   * are for the time in which a key is rotated.
   */
  isValid(extraTokens) {
    const state = stateOfWebHook(this)
    if (isAuthentic(state, state.token)) return this.isBodyValid()
    return extrasOf(extraTokens).some((token) => isAuthentic(state, token)) && this.isBodyValid()
  }

  /** Tells whether the content type is `application/json`. */
  isContentTypeValid() {
    return isJson(stateOfWebHook(this))
  }

  /** Tells whether the content type is right and the body is JSON. */
  isBodyValid() {
    return dataOf(stateOfWebHook(this)) !== undefined
  }

  getData() {
    const state = stateOfWebHook(this)
    const data = dataOf(state)
    if (data) return data[0]
    throw new PusherWebHookError("Invalid WebHook body", state.contentType, state.body, state.signature)
  }

  getEvents() {
    return this.getData()?.events
  }

  /** Returns the time at which the events happened; the same when the webhook is sent again. */
  getTime() {
    const milliseconds = this.getData()?.time_ms
    return new Date(typeof milliseconds === "number" ? milliseconds : NaN)
  }

  get key() {
    return stateOfWebHook(this).key
  }

  get signature() {
    return stateOfWebHook(this).signature
  }

  get contentType() {
    return stateOfWebHook(this).contentType
  }

  get body() {
    return stateOfWebHook(this).body
  }
}

makeFreeable(WebHook, "WebHook")
addEntrances(WebHook)

/** A signature: HMAC-SHA256 in hexadecimal digits. */
const SIGNATURE = /^[0-9a-f]{64}$/

/**
 * Tells whether the request names the token's key and is signed with its secret. Key and form of the signature are looked at before the
 * body is copied: strangers may send any.
 */
const isAuthentic = (state, given) => {
  const { key, signature, body, contentType } = state
  if (key === undefined || signature === undefined || !SIGNATURE.test(signature)) return false
  const token = tryRead(() => (given.key === key ? usableToken(given) : undefined))
  if (token === undefined) return false
  try {
    const [isSigned, isJson] = verify(token, signature, body, contentType)
    state.isJson = isJson !== undefined
    return isSigned !== undefined
  } finally {
    if (token !== given) token.free()
  }
}

/** Returns a token itself, unless it has been freed, or a new one of the key and secret of any other object. */
const usableToken = (given) => {
  if (!hasState(given, "Token")) return new Token(given.key, given.secret)
  stateOf(given, "Token")
  return given
}

const extrasOf = (tokens) =>
  tokens === undefined ? [] : (tryRead(() => (Array.isArray(tokens) ? Array.from(tokens) : [tokens])) ?? [])

const isJson = (state) => (state.isJson ??= callAlone(IS_JSON, [state.contentType])[0] !== undefined)

/** Returns the body's value in a list, parsed once; `undefined` where it is not valid. */
const dataOf = (state) => {
  if (state.data === undefined) {
    const { body, json } = state
    const parse = () => [json.parse(typeof body === "string" ? body : decoder.decode(body))]
    state.data = (isJson(state) && tryRead(parse)) || null
  }
  return state.data ?? undefined
}

const HEADERS = { "x-pusher-key": "key", "x-pusher-signature": "signature", "content-type": "contentType" }

/**
 * Reads the headers that matter, of a plain object in any case, or of `Headers`. One that stands there more than once counts as absent:
 * which of them the server meant, nobody knows.
 */
const readHeaders = (headers) => {
  const found = { key: undefined, signature: undefined, contentType: undefined }
  tryRead(() => {
    if (typeof headers.get === "function") {
      for (const name in HEADERS) found[HEADERS[name]] = headers.get(name)
    } else {
      for (const given in headers) {
        const name = HEADERS[given.toLowerCase()]
        if (name) found[name] = found[name] === undefined ? headers[given] : NaN
      }
    }
  })
  for (const name in found) {
    const value = Array.isArray(found[name]) && found[name].length === 1 ? found[name][0] : found[name]
    found[name] = typeof value === "string" ? value : undefined
  }
  return found
}
