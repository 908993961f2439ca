// The arguments of the client's methods. Their types are checked here, names and limits in the module. All caller code that arguments
// bring along (getters, `toJSON`, `toString`) runs here, before a frame is written.
import { argumentError, validationError } from "../errors.js"
import { failedField, MAX_TEXT } from "../module/frame.js"
import { getMember, isAbsent, isObject, messageOf, toDisplay, tryRead } from "../values.js"
import { freshNonce } from "./nonces.js"

const ENCRYPTED_PREFIX = "private-encrypted-"
const MUST_BE_OBJECT = "they must be an object"

/** Makes the error for an argument of the wrong type. */
export const wrongType = (name, value, expected) =>
  argumentError(`Invalid ${name} '${toDisplay(value)}': ${expected}`, name)

const mustBeText = (name, value) => wrongType(name, value, "it must be a string")

/** Checks a value that may be left out and else must be a string. */
const optionalText = (name, value) => {
  if (isAbsent(value) || typeof value === "string") return value
  throw mustBeText(name, value)
}

/** Reads a member that must be a string. */
const requiredText = (options, name) => {
  const value = getMember(options, name)
  if (typeof value === "string") return value
  throw mustBeText(name, value)
}

/** Joins a list of attributes; anything else stays as it is. */
const joinAttributes = (info) => {
  if (!Array.isArray(info)) return info
  try {
    return info.map(String).join()
  } catch (exception) {
    throw argumentError(
      `Invalid info: it must be a string or a list of strings: ${messageOf(exception)}`,
      "info",
      exception,
    )
  }
}

/** Reads what the last argument of a call says of the exchange: `signal` and `idempotencyKey`. */
export const callOptions = (name, options) => {
  if (isAbsent(options)) return undefined
  if (!isObject(options)) throw wrongType(name, options, MUST_BE_OBJECT)
  const { signal, idempotencyKey } = options
  // By its shape: there are polyfills, and signals of other realms.
  if (!isAbsent(signal) && (typeof signal.aborted !== "boolean" || typeof signal.addEventListener !== "function")) {
    throw argumentError("Invalid signal: it must be an AbortSignal", "signal")
  }
  return { signal, idempotencyKey: optionalText("idempotencyKey", idempotencyKey) }
}

const unserialisable = (reason, cause) =>
  validationError(
    `The data cannot be serialised as JSON: ${reason}`,
    "invalid_data",
    "data",
    "Data is a string, or anything that JSON.stringify can serialise.",
    cause,
  )

/** Serialises a value by the host's JSON or the caller's own; `undefined` for `undefined`, which JSON has no form for. */
export const stringify = (json, value) => {
  if (value === undefined) return undefined
  let text
  try {
    text = json.stringify(value)
  } catch (exception) {
    throw unserialisable(messageOf(exception), exception)
  }
  if (typeof text !== "string") throw unserialisable(`it is of type ${typeof value}`)
  if (text.length > MAX_TEXT) throw unserialisable("it is too large")
  return text
}

/** Parses JSON text; gives `otherwise` where it is none. */
export const parse = (json, text, otherwise) => {
  const value = tryRead(() => [json.parse(text)])
  return value ? value[0] : otherwise
}

/**
 * Serialises data as the module takes it. To be sealed: always JSON, for clients can only decrypt that. Otherwise: a string as it is and
 * anything else as JSON, and that as a JSON string, since the host escapes faster than the module.
 */
const dataText = (json, data, isSealed) => {
  if (isSealed) return stringify(json, data)
  const text = typeof data === "string" && data.length <= MAX_TEXT ? data : stringify(json, data)
  return text === undefined ? undefined : stringify(JSON, wellFormed(text))
}

/** Replaces lone surrogates, as UTF-8 has none. */
const wellFormed = (text) =>
  text.toWellFormed?.() ?? new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text))

/** Tells whether an event on the channel needs a nonce. The module decides again whether it is sealed. */
export const isEncrypted = (channel) => typeof channel === "string" && channel.startsWith(ENCRYPTED_PREFIX)

const NO_PARAMS = []

/**
 * Makes an event's fields: data, nonce, and further members of its body, which are those of `params` but for the names in `exclude`. Where
 * that fails, the first field stands for the exception.
 */
export const eventFields = (settings, isSealed, data, params, exclude = NO_PARAMS) => {
  try {
    return [
      dataText(settings, data, isSealed),
      isSealed ? freshNonce(settings) : undefined,
      bodyMembers(params, exclude),
    ]
  } catch (exception) {
    return [failedField(exception), undefined, undefined]
  }
}

/** Serialises the members that a caller adds to an event's body. Absent ones are left out. */
const bodyMembers = (params, exclude) => {
  if (!isObject(params)) return undefined
  const members = []
  for (const name of Object.keys(params)) {
    if (exclude.includes(name)) continue
    const value = params[name]
    if (!isAbsent(value)) members.push([name, name === "info" ? joinAttributes(value) : value])
  }
  // Not by assignment, which for the name `__proto__` makes no member.
  return members.length > 0 ? stringify(JSON, Object.fromEntries(members)) : undefined
}

const NOT_IN_BODY = ["name", "data", "channels", "signal", "idempotencyKey"]
const NOT_IN_BATCH = ["channel", "name", "data"]

/** Reads a list, unless it is too long. Its length is read once: a proxy may tell another the next time. */
const readList = (list, max) => {
  const count = list.length
  const items = []
  for (let index = 0; index < count && count <= max; index++) items.push(list[index])
  return [count, items]
}

/** Makes the fields of a trigger. Of too many channels, the module only needs to know how many there are. */
export const triggerFields = (settings, channels, event, data, params) => {
  const [count, names] = Array.isArray(channels) ? readList(channels, settings.maxChannels) : [1, [channels]]
  const isSealed = names.length === 1 && isEncrypted(names[0])
  const ownFields = eventFields(settings, isSealed, data, params, NOT_IN_BODY)
  return [getMember(params, "socket_id"), event, ...ownFields, String(count), ...names]
}

/** Makes the fields of a batch. Of too many events, the module only needs to know how many there are. */
export const batchFields = (settings, events) => {
  if (!Array.isArray(events)) throw wrongType("events", events, "a batch is a list of events")
  const [count, list] = readList(events, settings.maxEvents)
  /** @type {unknown[]} */
  const fields = [String(count)]
  for (const event of list) {
    try {
      if (!isObject(event)) throw argumentError(`Invalid event '${toDisplay(event)}': it must be an object`, "events")
      const { channel, name, socket_id } = event
      const ownFields = eventFields(settings, isEncrypted(channel), event.data, event, NOT_IN_BATCH)
      fields.push(channel, name, socket_id, ...ownFields)
    } catch (exception) {
      fields.push(failedField(exception))
    }
  }
  return fields
}

/** Makes a body: a string as it is, anything else as JSON, which also says what is too large. */
const bodyText = (json, body) => (typeof body === "string" && body.length <= MAX_TEXT ? body : stringify(json, body))

/** Makes the fields of a call of any endpoint: `path`, `body`, and the names and values of `params` by turns. */
export const endpointFields = (json, options, withBody) => {
  const path = requiredText(options, "path")
  return [path, bodyText(json, (withBody && options.body) || undefined), ...queryFields(options)]
}

/** Makes the fields of what a signature covers: `method`, `path`, `body`, and `params`. */
export const signableFields = (options) => {
  const [method, path] = [requiredText(options, "method"), requiredText(options, "path")]
  const { body } = options
  if (body && typeof body !== "string") throw argumentError("Invalid body: it must be the string that is sent", "body")
  return [method, path, bodyText(JSON, body || undefined), ...queryFields(options)]
}

const queryFields = ({ params }) => {
  if (isAbsent(params)) return []
  if (!isObject(params)) throw wrongType("params", params, MUST_BE_OBJECT)
  return Object.entries(params).flatMap(([name, value]) => (isAbsent(value) ? [] : [name, paramText(name, value)]))
}

const paramText = (name, value) => {
  try {
    return String(value)
  } catch (exception) {
    throw argumentError(
      `Invalid params: '${name}' cannot be made a string: ${messageOf(exception)}`,
      "params",
      exception,
    )
  }
}

/** Reads which channels a question is for. */
export const prefixOf = (options) => optionalText("prefix", getMember(options, "prefix"))
/** Reads which attributes a question is for. */
export const infoOf = (options) => optionalText("info", joinAttributes(getMember(options, "info")))
