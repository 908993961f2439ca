// The arguments of the client's methods. Their types are checked here, names and limits in the module. All caller code that arguments
// bring along (getters, `toJSON`, `toString`) runs here, before a frame is written.
import { argumentError, validationError } from "../errors.js"
import { MAX_TEXT } from "../limits.js"
import { bytesField, decoder, encoder, failedField } from "../module/frame.js"
import { getOption, hide, isAbsent, isObject, messageOf, toDisplay, tryRead, typeName } from "../values.js"
import { checkNames } from "./names.js"
import { freshNonce } from "./nonces.js"
import { readRetry } from "./retry.js"

const ENCRYPTED_PREFIX = "private-encrypted-"
const MUST_BE_OBJECT = "they must be an object"
const MUST_BE_TEXT = "it must be a string"

/** Makes the error for an argument of the wrong type. It shows the type alone: the value may be a secret in the wrong place. */
export const wrongType = (name, value, expected, code = "invalid_argument", field = name) =>
  validationError(`Invalid ${name}: ${expected}, not ${typeName(value)}`, code, field)

/**
 * Makes a field that stands for an error with npm `pusher`'s message, which its tests compare: it shows the value. The type is in the hint.
 */
export const mirroredMistake = (what, value, code, field, expected) =>
  failedField(
    validationError(
      `Invalid ${what}: '${toDisplay(value)}'`,
      `invalid_${code}`,
      field,
      `It must be ${expected}, not ${typeName(value)}.`,
    ),
  )

/** Makes a function that makes the field of a name: for anything but a string, one that stands for the error. */
const nameField =
  (field, what, code = field) =>
  (value, isMirrored) => {
    if (typeof value === "string") return value
    if (isMirrored) return mirroredMistake(what, value, code, field, "a string")
    return failedField(wrongType(what, value, MUST_BE_TEXT, `invalid_${code}`, field))
  }

export const channelField = nameField("channel", "channel name")
export const eventField = nameField("event", "event name")
export const socketIdField = nameField("socket_id", "socket id")
export const userIdField = nameField("userId", "user id", "user_id")

/** Makes the field of the channel that reaches a user, as bytes. */
export const userField = (id) =>
  typeof id === "string" ? bytesField(encoder.encode(`#server-to-user-${id}`)) : userIdField(id, true)

/** Checks a value that may be left out and else must be a string. */
export const optionalText = (name, value, expected = MUST_BE_TEXT) => {
  if (isAbsent(value) || typeof value === "string") return value
  throw wrongType(name, value, expected)
}

/** Reads a member that must be a string. */
const requiredText = (options, name) => {
  const value = getOption(options, name)
  if (typeof value === "string") return value
  throw wrongType(name, value, MUST_BE_TEXT)
}

/** Turns a part of an argument into text. */
const textOf = (name, value) => {
  try {
    return String(value)
  } catch (exception) {
    throw argumentError(`Invalid ${name}: ${messageOf(exception)}`, name, exception)
  }
}

/** Joins a list of attributes; anything else stays as it is. */
const joinAttributes = (info) => (Array.isArray(info) ? info.map((item) => textOf("info", item)).join() : info)

/** The members that options of calls may have, by those that a call has of its own. Splitting takes 3 % of a trigger. */
const KNOWN = { __proto__: null }

/** Checks that options, if there are any, are an object, and their members' names. Those of the call's own stand in `known`, separated by spaces. */
export const checkOptions = (options, known) => {
  if (isAbsent(options)) return
  if (!isObject(options)) throw wrongType("options", options, MUST_BE_OBJECT)
  KNOWN[known] ??= `signal idempotencyKey retry ${known}`.split(" ")
  checkNames(options, KNOWN[known], "option")
}

/**
 * Reads what the last argument of a call, if it is there, says of the exchange: `signal`, `idempotencyKey` and `retry`. Refuses a callback, which
 * npm `pusher` took before version 5.
 */
export const callOptions = (options, known, callback, settings) => {
  if (typeof (callback ?? options) === "function") {
    throw argumentError("Invalid callback: the method returns a promise", "callback")
  }
  if (isAbsent(options)) return { __proto__: null }
  checkOptions(options, known)
  const signal = getOption(options, "signal")
  // By its shape: there are polyfills, and signals of other realms.
  if (!isAbsent(signal) && (typeof signal.aborted !== "boolean" || typeof signal.addEventListener !== "function")) {
    throw wrongType("signal", signal, "it must be an AbortSignal")
  }
  const idempotencyKey = optionalText("idempotencyKey", getOption(options, "idempotencyKey"))
  // Servers ignore any other key, and hosts cannot send it as a header, or not in the same bytes.
  if (!/^[!-~]+$/.test(idempotencyKey ?? "none")) {
    throw argumentError("Invalid idempotencyKey: it must be visible ASCII characters", "idempotencyKey")
  }
  const retry = getOption(options, "retry")
  return {
    __proto__: null,
    signal,
    idempotencyKey,
    // Only `publish` has it for its callers.
    idempotencyKeys: getOption(options, "idempotencyKeys"),
    retry: isAbsent(retry) ? undefined : readRetry(retry, settings.retry),
  }
}

const unserialisable = (reason, cause) =>
  validationError(`The data cannot be serialised as JSON: ${reason}`, "invalid_data", "data", undefined, cause)

/** Returns what `make` returns; where that throws, a field that stands for the exception. */
export const orFailed = (make) => {
  try {
    return make()
  } catch (exception) {
    return failedField(exception)
  }
}

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

/** Makes a text of data: a string as it is, anything else as JSON, which also says what is too large. */
const textOfData = (json, data) => (typeof data === "string" && data.length <= MAX_TEXT ? data : stringify(json, data))

/**
 * Serialises data as the module takes it. To be sealed: always JSON, for clients can only decrypt that. Otherwise: a string as it is and
 * anything else as JSON, and that as a JSON string, since the host escapes faster than the module.
 */
const dataText = (json, data, isSealed) => {
  if (isSealed) return stringify(json, data)
  const text = textOfData(json, data)
  return text === undefined ? undefined : stringify(JSON, wellFormed(text))
}

/** Replaces lone surrogates, as UTF-8 has none. */
export const wellFormed = (text) => text.toWellFormed?.() ?? decoder.decode(encoder.encode(text))

/** Tells whether an event on the channel needs a nonce. The module decides again whether it is sealed. */
export const isEncrypted = (channel) => typeof channel === "string" && channel.startsWith(ENCRYPTED_PREFIX)

/**
 * Makes an event's fields: data, nonce, and further `members` of its body. Where that fails, the first field stands for the exception.
 */
export const eventFields = (settings, isSealed, data, members) => {
  try {
    return [dataText(settings, data, isSealed), isSealed ? freshNonce(settings) : undefined, stringify(JSON, members)]
  } catch (exception) {
    return [failedField(exception), undefined, undefined]
  }
}

/** Reads the members that a caller adds to an event's body, each once, but for the names in `exclude`. Absent ones are left out. */
export const readMembers = (params, exclude) => {
  if (!isObject(params)) return undefined
  const list = []
  for (const name of Object.keys(params)) {
    if (exclude.includes(name)) continue
    const value = params[name]
    if (!isAbsent(value)) list.push([name, name === "info" ? joinAttributes(value) : value])
  }
  // Usually: the rest takes 6 % of a batch.
  if (!list.length) return undefined
  // Not by assignment, which for the name `__proto__` makes no member.
  const members = Object.fromEntries(list)
  // It would write the body, one on `Object.prototype` as well.
  if (typeof members.toJSON === "function") hide(members, "toJSON", undefined)
  return members
}

const NOT_IN_BODY = ["name", "data", "channels", "signal", "idempotencyKey", "retry"]
const NOT_IN_BATCH = ["channel", "name", "data"]

/**
 * Lists the members that an event of a list may have: those of `own` that are not in the body, and two that are. Called once for each list of names:
 * for each event, it takes 9 % of a batch on Node.
 */
export const membersOfEvent = (own) => own.concat("socket_id", "info")
const MEMBERS_IN_BATCH = membersOfEvent(NOT_IN_BATCH)

/** Reads a list, unless it is too long. Its length is read once: a proxy may tell another the next time. */
const readList = (list, max, read) => {
  const count = list.length
  const items = []
  for (let index = 0; index < count && count <= max; index++) items.push(read(list[index]))
  return [count, items]
}

/** Makes the field of the socket id among the members of an event's body, if there is one. */
export const memberSocketId = (members) => {
  const id = getOption(members, "socket_id")
  return id === undefined ? undefined : socketIdField(id)
}

/** Makes the fields of a trigger. Of too many channels, the module only needs to know how many there are. */
export const triggerFields = (settings, channels, event, data, params) => {
  const [count, names] = Array.isArray(channels)
    ? readList(channels, settings.maxChannels, channelField)
    : [1, [channelField(channels)]]
  const isSealed = names.length === 1 && isEncrypted(names[0])
  const members = readMembers(params, NOT_IN_BODY)
  const ownFields = eventFields(settings, isSealed, data, members)
  return [memberSocketId(members), eventField(event), ...ownFields, String(count), ...names]
}

/** Makes the fields of a batch. Of too many events, the module only needs to know how many there are. */
export const batchFields = (settings, events) => {
  if (!Array.isArray(events)) throw wrongType("events", events, "they must be a list")
  const [count, items] = readList(events, settings.maxEvents, (event) =>
    orFailed(() => batchedEventFields(settings, event)),
  )
  // Not by `flat`, which takes a fifth of a batch on Node.
  return [String(count)].concat(...items)
}

/** Checks that an event of a list is an object, and the names of its members. */
export const checkEvent = (event, known) => {
  if (!isObject(event)) throw wrongType("events", event, "each must be an object")
  checkNames(event, known, "member")
}

const batchedEventFields = (settings, event) => {
  checkEvent(event, MEMBERS_IN_BATCH)
  const channel = channelField(getOption(event, "channel"))
  const members = readMembers(event, NOT_IN_BATCH)
  const ownFields = eventFields(settings, isEncrypted(channel), getOption(event, "data"), members)
  // Not into a new list: with that, a batch takes 8 % longer on Node.
  ownFields.unshift(channel, eventField(getOption(event, "name")), memberSocketId(members))
  return ownFields
}

/** Makes the fields of a call of any endpoint: `path`, `body`, and the names and values of `params` by turns. */
export const endpointFields = (json, options, withBody) => {
  const path = requiredText(options, "path")
  const body = withBody ? getOption(options, "body") : undefined
  return [path, textOfData(json, body || undefined), ...queryFields(options)]
}

/** Makes the fields of what a signature covers: `method`, `path`, `body`, and `params`. */
export const signableFields = (options) => {
  const [method, path] = [requiredText(options, "method"), requiredText(options, "path")]
  const body = optionalText("body", getOption(options, "body") || undefined)
  return [method, path, textOfData(JSON, body), ...queryFields(options)]
}

const queryFields = (options) => {
  const params = getOption(options, "params")
  if (isAbsent(params)) return []
  if (!isObject(params)) throw wrongType("params", params, MUST_BE_OBJECT)
  return Object.entries(params).flatMap(([name, value]) => (isAbsent(value) ? [] : [name, textOf("params", value)]))
}

/** Reads which channels a question is for. The HTTP API has a name of its own for that. */
export const prefixOf = (options) =>
  optionalText("prefix", getOption(options, "prefix") ?? getOption(options, "filter_by_prefix"))
/** Reads which attributes a question is for. */
export const infoOf = (options) =>
  optionalText("info", joinAttributes(getOption(options, "info")), "it must be a string or a list of strings")

/**
 * Makes the field of the id in JSON text that is signed: a `toJSON` may have changed that of the object. The text usually has the `start`,
 * `{"id":"`, so that it need not be parsed, which takes a quarter of an authorisation.
 */
export const signedIdField = (text, start) => {
  if (typeof text === "string" && text.startsWith(start) && text[start.length] !== '"') return "there"
  const id = getOption(parse(JSON, text), start.slice(2, -3))
  // Servers take a number for a presence channel's member.
  return typeof id === "number" && start.includes("_") ? "there" : userIdField(id, true)
}
