// The arguments of the client's methods, by their types: what is wrong with a type is found here, what is wrong with a name, in the
// module. Whatever code of the caller's runs meanwhile (getters, `toJSON`) has run before a frame is written.
import { validationError } from "#errors"
import { LONGEST, isAbsent, isObject, memberOf, shown, wordsOf } from "#values"
import { freshNonce } from "./nonces.js"

const MUST_BE_OBJECT = "they must be an object"

/** An argument of the wrong type. */
export const wrong = (name, value, expected) =>
  validationError(`Invalid ${name} '${shown(value)}': ${expected}`, "invalid_argument", name)

const mustBeText = (name, value) => wrong(name, value, "it must be a string")

/** A member that may be left out and else must be a string. */
const optionalText = (name, value) => {
  if (isAbsent(value) || typeof value === "string") return value
  throw mustBeText(name, value)
}

const requiredText = (options, name) => {
  const value = memberOf(options, name)
  if (typeof value === "string") return value
  throw mustBeText(name, value)
}

/** A list of attributes as one string; anything else as it is. */
const joined = (info) => {
  if (!Array.isArray(info)) return info
  try {
    return info.map(String).join()
  } catch (exception) {
    const message = `Invalid info: it must be a string or a list of strings: ${wordsOf(exception)}`
    throw validationError(message, "invalid_argument", "info", undefined, exception)
  }
}

/** What the last argument of a call says of the exchange: `signal` and `idempotencyKey`. */
export const callOptions = (name, options) => {
  if (isAbsent(options)) return undefined
  if (!isObject(options)) throw wrong(name, options, MUST_BE_OBJECT)
  const { signal, idempotencyKey } = options
  // By its shape: there are polyfills, and signals of other realms.
  if (!isAbsent(signal) && (typeof signal.aborted !== "boolean" || typeof signal.addEventListener !== "function")) {
    throw validationError("Invalid signal: it must be an AbortSignal", "invalid_argument", "signal")
  }
  return { signal, idempotencyKey: optionalText("idempotencyKey", idempotencyKey) }
}

/** An event of a batch. */
export const eventOf = (event) => {
  if (isObject(event)) return event
  throw validationError(`Invalid event '${shown(event)}': it must be an object`, "invalid_argument", "events")
}

const unserialisable = (why, cause) =>
  validationError(
    `The data cannot be serialised as JSON: ${why}`,
    "invalid_data",
    "data",
    "Data is a string, or anything that JSON.stringify can serialise.",
    cause,
  )

/**
 * The value as JSON text, by the host or the caller's own `json.stringify`; `undefined` for `undefined`, which JSON has no form for.
 */
export const stringify = (codec, value) => {
  if (value === undefined) return undefined
  let text
  try {
    text = codec.stringify(value)
  } catch (exception) {
    throw unserialisable(wordsOf(exception), exception)
  }
  if (typeof text !== "string") throw unserialisable(`it is of type ${typeof value}`)
  if (text.length > LONGEST) throw unserialisable("it is too large")
  return text
}

/** What JSON text says; `undefined` for none. */
export const parsed = (codec, text) => {
  try {
    return codec.parse(text)
  } catch {
    return undefined
  }
}

/**
 * What is to be sealed: JSON always, for clients can only decrypt what is there. Or data as it travels, a string as it is and anything else
 * as JSON; and that as a JSON string, which is what the host makes fastest.
 */
const dataOf = (codec, data, sealed) => {
  if (sealed) return stringify(codec, data) ?? "null"
  const text = typeof data === "string" && data.length <= LONGEST ? data : stringify(codec, data)
  return text === undefined ? undefined : stringify(JSON, wellFormed(text))
}

/** The text with lone surrogates replaced, as UTF-8 has none. */
const wellFormed = (text) =>
  text.toWellFormed?.() ?? new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text))

/** Whether events on the channel are sealed. The module decides; this says what it needs for that. */
export const isSealed = (channel) => typeof channel === "string" && channel.startsWith("private-encrypted-")

/** The fields of an event behind its names: data as it travels, a nonce where it is to be sealed, and the caller's own members. */
export const fieldsOf = (settings, sealed, data, own, without) => [
  dataOf(settings, data, sealed),
  sealed ? freshNonce(settings) : undefined,
  ownMembers(own, without),
]

/** The members of an event's body that are the caller's own, as JSON: all but the absent ones and those of `without`. */
const ownMembers = (object, without) => {
  if (!isObject(object)) return undefined
  const own = []
  for (const name of Object.keys(object)) {
    if (without.includes(name)) continue
    const value = object[name]
    if (!isAbsent(value)) own.push([name, name === "info" ? joined(value) : value])
  }
  // Not by assignment, which for the name `__proto__` makes no member.
  return own.length > 0 ? stringify(JSON, Object.fromEntries(own)) : undefined
}

/** A body: a string as it is, and anything else as JSON, which also says what is too large. */
const bodyOf = (codec, body) => (typeof body === "string" && body.length <= LONGEST ? body : stringify(codec, body))

/** What a call of any endpoint asks for: `path`, `body`, and the names and values of `params` by turns. */
export const callOf = (codec, options, withBody) => {
  const path = requiredText(options, "path")
  const body = (withBody && options.body) || undefined
  return [path, bodyOf(codec, body), ...queryOf(options)]
}

/** What a signature covers: `method`, `path`, `body`, and `params`. */
export const signableOf = (options) => {
  const [method, path] = [requiredText(options, "method"), requiredText(options, "path")]
  const { body } = options
  if (body && typeof body !== "string") {
    throw validationError("Invalid body: it must be the string that is sent", "invalid_argument", "body")
  }
  return [method, path, bodyOf(JSON, body || undefined), ...queryOf(options)]
}

const queryOf = ({ params }) => {
  if (isAbsent(params)) return []
  if (!isObject(params)) throw wrong("params", params, MUST_BE_OBJECT)
  return Object.entries(params).flatMap(([name, value]) => (isAbsent(value) ? [] : [name, shown(value)]))
}

/** What a question for channels narrows down, as text. */
export const prefixOf = (options) => optionalText("prefix", memberOf(options, "prefix"))
export const infoOf = (options) => optionalText("info", joined(memberOf(options, "info")))
