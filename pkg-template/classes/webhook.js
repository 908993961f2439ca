// The class `WebHook`: a request from Channels. It holds nothing of the module's.
import { addEntrances, PusherWebHookError } from "../errors.js"
import { callAlone } from "../module/call.js"
import { IS_JSON } from "../module/operations.js"
import { addCommonMethods, hasState, setState, stateOf } from "../module/state.js"
import { bytesOf, getOption, tryRead, typeName } from "../values.js"
import { Token, verify } from "./token.js"

const stateOfWebHook = (webhook) => stateOf(webhook, "WebHook")

/** Returns what `getData` does, which a subclass may have replaced. */
const dataOf = (webhook) => stateOfWebHook(webhook) && webhook.getData()

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** A request from Channels. Whatever a stranger may have sent makes it invalid at most; only reading it then throws. */
export class WebHook {
  /** Fields: an assignment alone would call a setter on `Object.prototype`. */
  key
  contentType

  /** A webhook with `token`, a key and its secret, from `headers` (a plain object in any case, or `Headers`) and `rawBody`. */
  constructor(token, request, json = JSON) {
    // A member that cannot be read counts as absent: malformed input is invalid, never an exception.
    const headers = tryRead(() => getOption(request, "headers"))
    const body = tryRead(() => getOption(request, "rawBody"))
    const { length } = (typeof body === "string" ? body : bytesOf(body)) ?? { __proto__: null }
    const { key, signature, contentType } = readHeaders(headers)
    this.key = key
    this.contentType = contentType
    setState(this, {
      type: "WebHook",
      isFreed: false,
      token,
      json,
      key,
      signature,
      contentType,
      areHeadersLate: key === undefined && tryRead(() => typeof headers.then === "function" && !headers.get),
      body,
      length,
      text: undefined,
      isJson: undefined,
      data: undefined,
    })
  }

  /**
   * Tells whether the body is JSON and signed with the secret of the token whose key the request names. Further tokens, one or a list,
   * are for the time in which a key is rotated.
   */
  isValid(extraTokens) {
    return !reasonOf(stateOfWebHook(this), extraTokens)
  }

  /** Why `isValid()` is false, as a code; `undefined` where it is true. */
  get reason() {
    return reasonOf(stateOfWebHook(this))
  }

  /** Returns the data of a valid webhook; throws an error with the `reason` of any other. */
  verify(extraTokens) {
    const state = stateOfWebHook(this)
    const reason = reasonOf(state, extraTokens)
    return readData(state, reason, `Invalid WebHook: ${reason}`)
  }

  /** Tells whether the content type is `application/json`. */
  isContentTypeValid() {
    return isJson(stateOfWebHook(this))
  }

  /** Tells whether the content type is right and the body is JSON. */
  isBodyValid() {
    return !reasonOfBody(stateOfWebHook(this))
  }

  getData() {
    const state = stateOfWebHook(this)
    return readData(state, reasonOfBody(state), "Invalid WebHook body")
  }

  getEvents() {
    return dataOf(this)?.events
  }

  /** Returns the time at which the events happened; the same when the webhook is sent again. */
  getTime() {
    const milliseconds = dataOf(this)?.time_ms
    return new Date(typeof milliseconds === "number" ? milliseconds : NaN)
  }

  get token() {
    return stateOfWebHook(this).token
  }

  get signature() {
    return stateOfWebHook(this).signature
  }

  get body() {
    return stateOfWebHook(this).body
  }
}

addCommonMethods(WebHook, "WebHook")
addEntrances(WebHook)

/** Returns the data, unless there is a reason why not. */
const readData = (state, reason, message) => {
  if (!reason) return state.data[0]
  const { contentType, body, signature } = state
  throw new PusherWebHookError(message, contentType, body, signature, reason, hintOf(reason, state))
}

/** Returns what to look at, where the reason does not say so: what was given that can be no request, such as a parsed body or a promise. */
const hintOf = (reason, { areHeadersLate, body, length }) => {
  if (areHeadersLate) return "Await `headers`"
  if (reason === "bad_signature") return "Another secret signed it, or the body changed"
  if (reason !== "no_body") return undefined
  const given = length === undefined ? `, not ${typeName(body)}` : ""
  return `Pass the text or bytes received as \`rawBody\`${given}`
}

/** A signature: HMAC-SHA256 in hexadecimal digits. */
const SIGNATURE = /^[0-9a-f]{64}$/

/** Returns why a webhook is invalid, in the order in which that is found out; `undefined` where it is valid. */
const reasonOf = (state, extraTokens) => {
  if (!state.length) return "no_body"
  if (!state.key || !state.signature) return "not_signed"
  let isKnown = false
  for (const token of [state.token, ...extrasOf(extraTokens)]) {
    const isOfToken = isSigned(state, token)
    if (isOfToken) return reasonOfBody(state)
    isKnown ||= isOfToken === false
  }
  return isKnown ? "bad_signature" : "unknown_key"
}

/**
 * Tells whether the request is signed with a token's secret; `undefined` where it names the key of another. Key and form of the signature are
 * looked at before the body is copied: strangers may send any.
 */
const isSigned = (state, given) => {
  const { key, signature, contentType } = state
  const token = tryRead(() => (given.key === key ? usableToken(given) : undefined))
  if (!token) return undefined
  try {
    if (!SIGNATURE.test(signature)) return false
    const [isAuthentic, isJson] = verify(token, signature, textOf(state), contentType)
    state.isJson = isJson !== undefined
    return isAuthentic !== undefined
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

const extrasOf = (tokens) => (tokens === undefined ? [] : (tryRead(() => [tokens].flat()) ?? []))

const isJson = (state) => (state.isJson ??= callAlone(IS_JSON, [state.contentType])[0] !== undefined)

/**
 * Returns the body's text; `undefined` where it has none. Decoded once: so what was verified is what is parsed, even if the caller uses the
 * buffer for something else meanwhile.
 */
const textOf = (state) => {
  const { body } = state
  state.text ??= typeof body === "string" ? body : tryRead(() => decoder.decode(body))
  return state.text
}

/** Returns why the data cannot be read; `undefined` where it can. It is parsed once, and kept in a list, since it may be any value. */
const reasonOfBody = (state) => {
  if (!state.length) return "no_body"
  if (!isJson(state)) return "content_type"
  const text = textOf(state)
  if (text !== undefined) state.data ??= tryRead(() => [state.json.parse(text)])
  return state.data ? undefined : "not_json"
}

const HEADERS = {
  __proto__: null,
  "x-pusher-key": "key",
  "x-pusher-signature": "signature",
  "content-type": "contentType",
}

/**
 * Reads the headers that matter, of a plain object in any case, or of `Headers`. One that stands there more than once counts as absent:
 * which of them the server meant, nobody knows.
 */
const readHeaders = (headers) => {
  const found = { __proto__: null }
  tryRead(() => {
    if (typeof getOption(headers, "get") === "function") {
      for (const name in HEADERS) found[HEADERS[name]] = headers.get(name)
    } else {
      for (const given in headers) {
        const name = HEADERS[given.toLowerCase()]
        const value = getOption(headers, given)
        if (name && value !== undefined) found[name] = found[name] === undefined ? value : NaN
      }
    }
  })
  for (const name in found) {
    const value = Array.isArray(found[name]) && found[name].length === 1 ? found[name][0] : found[name]
    found[name] = typeof value === "string" ? value : undefined
  }
  return found
}
