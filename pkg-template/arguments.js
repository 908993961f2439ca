// The arguments of the client's methods: each call's are read once, with everything of the caller's that runs meanwhile (getters,
// `toJSON`), and then cross in one frame. What is wrong with a value's type is found here; what is wrong with a name, in the module.
import { validationError } from "./errors.js"
import { LONGEST, isAbsent, isObject, memberOf, shown, stringify, wordsOf, writeFrame, wrong } from "./values.js"

const mustBeObject = "they must be an object"

/** A member that may be left out and else must be a string. */
const optionalText = (name, value) => {
  if (isAbsent(value) || typeof value === "string") return value
  throw wrong(name, value, "it must be a string")
}

const requiredText = (options, name) => {
  const value = memberOf(options, name)
  if (typeof value === "string") return value
  throw wrong(name, value, "it must be a string")
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
  if (!isObject(options)) throw wrong(name, options, mustBeObject)
  const { signal, idempotencyKey } = options
  // By its shape: there are polyfills, and signals of other realms.
  if (!isAbsent(signal) && (typeof signal.aborted !== "boolean" || typeof signal.addEventListener !== "function")) {
    throw validationError("Invalid signal: it must be an AbortSignal", "invalid_argument", "signal")
  }
  return { signal, idempotencyKey: optionalText("idempotencyKey", idempotencyKey) }
}

/** Writes the socket id, the event's name, and the names of the channels: of one, or of a list. */
export const writeTrigger = (channels, event, params) => {
  const names = Array.isArray(channels) ? Array.from(channels) : [channels]
  writeFrame([memberOf(params, "socket_id"), event, ...names])
  return names.length
}

/** How many events a batch has. */
export const lengthOf = (events) => {
  if (Array.isArray(events)) return events.length
  throw wrong("events", events, "a batch is a list of events")
}

/** Writes the names of an event of a batch, and gives the event. */
export const writeEvent = (events, index) => {
  const event = events[index]
  if (!isObject(event)) {
    throw validationError(`Invalid event '${shown(event)}': it must be an object`, "invalid_argument", "events")
  }
  writeFrame([event.channel, event.name, event.socket_id])
  return event
}

/** Writes data as it travels: a string as it is and anything else as JSON; what is to be sealed is JSON always. */
export const writeData = (codec, data, sealed) =>
  writeFrame([typeof data === "string" && !sealed && data.length <= LONGEST ? data : (stringify(codec, data) ?? (sealed ? "null" : undefined))])

/** Writes the members of an event's body that are the caller's own, as JSON: all but the absent ones and those that `without` lists. */
export const writeMembers = (object, without) => {
  const own = []
  for (const [name, value] of isObject(object) ? Object.entries(object) : []) {
    if (!without.includes(`,${name},`) && !isAbsent(value)) own.push([name, name === "info" ? joined(value) : value])
  }
  // Not by assignment, which for the name `__proto__` makes no member.
  writeFrame([own.length > 0 ? stringify(JSON, Object.fromEntries(own)) : undefined])
}

/** Writes up to three values. */
export const writeTexts = (first, second, third) =>
  writeFrame(second === undefined ? [first] : third === undefined ? [first, second] : [first, second, third])

/** Writes what a call of any endpoint asks for: `path`, `body`, and the names and values of `params` by turns. */
export const writeCall = (codec, options, withBody) => {
  const path = requiredText(options, "path")
  const body = withBody ? options.body : undefined
  const text = typeof body === "string" || !body ? body || undefined : stringify(codec, body)
  writeFrame([path, text, ...queryOf(options)])
}

/** Writes what a signature covers: `method`, `path`, `body`, and `params`. */
export const writeSignable = (options) => {
  const [method, path] = [requiredText(options, "method"), requiredText(options, "path")]
  const { body } = options
  if (body && typeof body !== "string") {
    throw validationError("Invalid body: it must be the string that is sent", "invalid_argument", "body")
  }
  writeFrame([method, path, body || undefined, ...queryOf(options)])
}

const queryOf = ({ params }) => {
  if (isAbsent(params)) return []
  if (!isObject(params)) throw wrong("params", params, mustBeObject)
  return Object.entries(params).flatMap(([name, value]) => (isAbsent(value) ? [] : [name, shown(value)]))
}

/** Writes what a question is about: a channel or `undefined`, `prefix` and `info`. */
export const writeQuestion = (channel, options) =>
  writeFrame([
    channel,
    optionalText("prefix", memberOf(options, "prefix")),
    optionalText("info", joined(memberOf(options, "info"))),
  ])

/**
 * Writes a socket id, a channel's name and the data's JSON. Gives that JSON, or what was thrown on the way to it, as `{ thrown }`: what
 * is wrong with the names comes first.
 */
export const writeAuthorization = (codec, socketId, channel, data) => {
  const json = data ? attempt(codec, data) : undefined
  writeFrame([socketId, channel, json?.thrown ? undefined : json])
  return json
}

/** The same for a socket id, a user's id and the user's JSON; only the socket id and what was given, if that is no object. */
export const writeUser = (codec, socketId, userData) => {
  const json = typeof userData === "object" && userData !== null ? attempt(codec, userData) : undefined
  writeFrame(json === undefined ? [socketId, userData] : [socketId, userData.id, json.thrown ? undefined : json])
  return json
}

const attempt = (codec, data) => {
  try {
    return stringify(codec, data)
  } catch (exception) {
    return { thrown: [exception] }
  }
}

/** The answer for a client that subscribes: with the JSON just as it was signed, and the secret of an encrypted channel. */
export const channelAuthorization = (auth, json, secret) => {
  if (json?.thrown) throw json.thrown[0]
  const answer = json === undefined ? { auth } : { channel_data: json, auth }
  if (secret !== undefined) answer.shared_secret = secret
  return answer
}

/** The answer for a client that signs in as a user. */
export const userAuthentication = (auth, json) => {
  if (json.thrown) throw json.thrown[0]
  return { auth, user_data: json }
}

/** Writes a channel's name and the parts of an encrypted event: `{ nonce, ciphertext }`, or its JSON text. */
export const writeSealed = (codec, channel, data) => {
  const { nonce, ciphertext } = (typeof data === "string" ? parsed(codec, data) : data) ?? {}
  writeFrame([channel, nonce, ciphertext])
}

/** The value of decrypted text. What was sealed by another library may be a bare string; clients take it for one, too. */
export const opened = (codec, text) => {
  try {
    return codec.parse(text)
  } catch {
    return text
  }
}

const parsed = (codec, text) => {
  try {
    return codec.parse(text)
  } catch {
    return undefined
  }
}
