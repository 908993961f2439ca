// What a client is configured with: the constructor's options, each read by its type, and what of them only JavaScript can hold.
import { validationError } from "#errors"
import { wrong } from "./arguments.js"
import { fetchWithAgent } from "./node-http.js"
import { LONGEST, bytesOf, isAbsent, isObject, wordsOf, writeFrame } from "#values"

const isText = (value) => typeof value === "string" && value.length <= LONGEST
const isNumber = (value) => typeof value === "number"

// What an option must be, in words and as a check. Numbers may also be the text in which environment variables hold them.
const TEXT = ["a string", isText]
const ID = ["a string or a number", (value) => isText(value) || isNumber(value)]
const NUMBER = ["a number", (value) => isText(value) || isNumber(value)]
const FLAG = ["true or false", (value) => typeof value === "boolean"]
const FUNCTION = ["a function", (value) => typeof value === "function"]
const OBJECT = ["an object", isObject]
const ANY = ["", () => true]

const members = {
  appId: ID,
  key: TEXT,
  secret: TEXT,
  cluster: TEXT,
  host: TEXT,
  port: NUMBER,
  useTLS: FLAG,
  encrypted: FLAG,
  scheme: TEXT,
  pathPrefix: TEXT,
  timeout: NUMBER,
  encryptionMasterKey: ANY,
  encryptionMasterKeyBase64: ANY,
  maxPayloadBytes: NUMBER,
  fetchOptions: OBJECT,
  fetch: FUNCTION,
  agent: OBJECT,
  headers: OBJECT,
  json: OBJECT,
  onRequest: FUNCTION,
  onResponse: FUNCTION,
  now: FUNCTION,
  randomBytes: FUNCTION,
}

// Engines are quicker with an object that has all its members from the start.
const entries = Object.entries(members)
const none = Object.fromEntries(entries.map(([name]) => [name]))

const invalidOption = (name, message, cause) => validationError(message, "invalid_option", name, undefined, cause)

/** A member of the options; `undefined` and `null` are members left out. */
const read = (options, name, [expected, accepts]) => {
  const value = options[name]
  if (isAbsent(value)) return undefined
  if (accepts(value)) return value
  // Its type, not the value: it may be a secret in the wrong place.
  throw invalidOption(name, `Invalid ${name}: it must be ${expected}, not a ${typeof value}`)
}

/** What takes precedence over the options. The numbers are those of src/wasm/settings.rs. */
export const URL_OF_CONNECTION = 1
export const CLUSTER = 2
export const ENVIRONMENT = 3
export const TOKEN = 4

/**
 * Reads the options. What the module needs is written, after what takes precedence (a connection URL or a cluster's name, as `base` says); what
 * it does not need is given back.
 */
export const readOptions = (given, base, basis) => {
  if (base === ENVIRONMENT && !isAbsent(basis) && !isObject(basis)) {
    throw wrong("env", basis, "it must be an object of variables")
  }
  if (!isAbsent(given) && !isObject(given)) throw wrong("options", given, "they must be an object")
  const options = { ...none }
  if (!isAbsent(given)) for (const [name, kind] of entries) options[name] = read(given, name, kind)
  const { fetchOptions, headers, onRequest, onResponse, now, randomBytes } = options
  const [scheme, masterKeys] = [schemeOf(options), masterKeysOf(options)]
  const settings = {
    appId: options.appId,
    agent: options.agent,
    fetch: fetchOf(options),
    fetchOptions: { ...fetchOptions },
    headers: { ...plain("fetchOptions", fetchOptions?.headers), ...plain("headers", headers) },
    ...codecOf(options.json),
    onRequest,
    onResponse,
    now,
    randomBytes,
  }
  // In a list, bytes are no bytes to a frame.
  writeFrame([
    base === ENVIRONMENT ? undefined : bytesOf(basis) ? [basis] : basis,
    asText(options.appId),
    options.key,
    options.secret,
    options.host,
    // What takes precedence says it, or that there is none.
    base ? undefined : options.cluster,
    options.pathPrefix,
    scheme,
    ...masterKeys,
    numberOf(options.port),
    numberOf(options.timeout, (milliseconds) => Math.ceil(Math.min(milliseconds, 2 ** 32))),
    numberOf(options.maxPayloadBytes),
  ])
  return settings
}

const asText = (value) => (isAbsent(value) ? undefined : String(value))

/** A number in decimal digits, as far as it can be; what it cannot be, the module sees as it was given. */
const numberOf = (value, rounded = (number) => number) => {
  const number = value === "" ? NaN : Number(value)
  return asText(number >= 0 && number < Infinity ? rounded(number) : value)
}

const schemeOf = ({ useTLS, encrypted, scheme }) => {
  if (useTLS !== undefined && encrypted !== undefined) {
    throw invalidOption("useTLS", "Cannot set both `useTLS` and `encrypted` configuration options")
  }
  if (encrypted !== undefined) warn("`encrypted` option is deprecated in favor of `useTLS`")
  const tls = useTLS ?? encrypted
  return scheme || (tls === undefined ? undefined : tls ? "https" : "http")
}

/** The master key, raw and in base64; at most one of them is set. */
const masterKeysOf = ({ encryptionMasterKey: raw, encryptionMasterKeyBase64: base64 }) => {
  if (raw !== undefined && base64 !== undefined) {
    const message =
      "Do not specify both encryptionMasterKey and encryptionMasterKeyBase64. " +
      "encryptionMasterKey is deprecated, please specify only encryptionMasterKeyBase64."
    throw invalidOption("encryptionMasterKey", message)
  }
  if (raw !== undefined) warn("`encryptionMasterKey` option is deprecated in favor of `encryptionMasterKeyBase64`")
  return [masterKeyOf("encryptionMasterKey", raw), masterKeyOf("encryptionMasterKeyBase64", base64)]
}

const masterKeyOf = (name, key) => {
  if (key === undefined || isText(key)) return key
  throw invalidOption(name, `${name} must be a string`)
}

const warn = (message) => {
  try {
    console.warn(message)
  } catch {
    // Where there is no console, nobody reads it.
  }
}

const fetchOf = ({ fetch, agent }) => {
  if (!agent) return fetch
  if (fetch) {
    const message =
      "Cannot set both `agent` and `fetch`: an agent is for the requests that this library sends through node:http"
    throw invalidOption("agent", message)
  }
  const overHttp = fetchWithAgent(agent)
  if (overHttp) return overHttp
  const message = "The `agent` option needs node:http, which this host does not have: pass the `fetch` option instead"
  throw invalidOption("agent", message)
}

/** Headers as a plain object, also from `Headers` or a list of pairs. */
const plain = (name, headers) => {
  try {
    return typeof headers?.[Symbol.iterator] === "function" ? Object.fromEntries(headers) : { ...headers }
  } catch (exception) {
    throw invalidOption(name, `Invalid headers: they must be an object or Headers: ${wordsOf(exception)}`, exception)
  }
}

/** JSON by the host, or by the option `json`: an object with a `stringify`, a `parse`, or both. */
const codecOf = (json) => {
  const own = (name) => json && read(json, name, FUNCTION)?.bind(json)
  return {
    stringify: own("stringify") ?? ((value) => JSON.stringify(value)),
    parse: own("parse") ?? ((text) => JSON.parse(text)),
  }
}

/** The time at which a request is signed, in whole seconds since 1970. */
export const seconds = ({ now }) => {
  const milliseconds = now ? now() : Date.now()
  const seconds = typeof milliseconds === "number" ? Math.floor(milliseconds / 1000) : NaN
  if (seconds >= 0 && seconds < 9e15) return seconds
  throw invalidOption(
    "now",
    now
      ? "The `now` option must return milliseconds since 1970"
      : "The host's clock (`Date.now`) does not tell milliseconds since 1970: pass the `now` option",
  )
}
