// What a client is configured with. The types of options are checked here, their values in the module, which is given what it needs;
// the rest, which only JavaScript can hold, are the client's settings.
import { optionError } from "../errors.js"
import { MAX_TEXT } from "../module/frame.js"
import { isAbsent, isObject, messageOf } from "../values.js"
import { wrongType } from "./arguments.js"
import { fetchWithAgent } from "#agents"

const isText = (value) => typeof value === "string" && value.length <= MAX_TEXT
const isNumber = (value) => typeof value === "number"

/**
 * What an option must be, in words and as a check. Numbers may also be the text in which environment variables hold them.
 * @typedef {[expected: string, accepts: (value: unknown) => boolean]} OptionType
 */
/** @type {OptionType} */
const TEXT = ["a string", isText]
/** @type {OptionType} */
const ID = ["a string or a number", (value) => isText(value) || isNumber(value)]
/** @type {OptionType} */
const NUMBER = ["a number", (value) => isText(value) || isNumber(value)]
/** @type {OptionType} */
const FLAG = ["true or false", (value) => typeof value === "boolean"]
/** @type {OptionType} */
const FUNCTION = ["a function", (value) => typeof value === "function"]
/** @type {OptionType} */
const OBJECT = ["an object", isObject]
/** @type {OptionType} */
const ANY = ["", () => true]

const OPTION_TYPES = {
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
  maxResponseBytes: NUMBER,
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

const OPTION_CHECKS = Object.entries(OPTION_TYPES)
// Engines are quicker with an object that has all its members from the start.
const NO_OPTIONS = Object.fromEntries(OPTION_CHECKS.map(([name]) => [name]))

/** Reads and checks a member; `undefined` and `null` are members left out. */
const readMember = (options, name, [expected, accepts]) => {
  const value = options[name]
  if (isAbsent(value)) return undefined
  if (accepts(value)) return value
  // Its type, not the value: that may be a secret in the wrong place.
  throw optionError(`Invalid ${name}: it must be ${expected}, not a ${typeof value}`, name)
}

/** Reads each option once and checks its type. All caller code that options bring along runs here. */
export const readOptions = (given) => {
  if (!isAbsent(given) && !isObject(given)) throw wrongType("options", given, "they must be an object")
  const options = { ...NO_OPTIONS }
  if (!isAbsent(given)) for (const [name, type] of OPTION_CHECKS) options[name] = readMember(given, name, type)
  return options
}

/** Makes the settings: of the options, what only JavaScript can hold. */
export const settingsOf = (options) => {
  const { fetchOptions, headers, onRequest, onResponse, now, randomBytes } = options
  return {
    appId: options.appId,
    agent: options.agent,
    fetch: chooseFetch(options),
    fetchOptions: { ...fetchOptions },
    headers: { ...plainHeaders("fetchOptions", fetchOptions?.headers), ...plainHeaders("headers", headers) },
    maxResponseBytes: limitOf(options),
    ...jsonOf(options.json),
    onRequest,
    onResponse,
    now,
    randomBytes,
  }
}

/** Makes the fields of a configuration: the settings in the order in which src/wasm/options.rs reads them. */
export const settingFields = (options) => [
  toText(options.appId),
  options.key,
  options.secret,
  options.host,
  options.cluster,
  options.pathPrefix,
  schemeOf(options),
  ...masterKeysOf(options),
  numberText(options.port),
  numberText(options.timeout, (milliseconds) => Math.ceil(Math.min(milliseconds, 2 ** 32))),
  numberText(options.maxPayloadBytes),
]

const toText = (value) => (isAbsent(value) ? undefined : String(value))

/** Writes a number in decimal digits, if it can be; otherwise the module sees it as it was given. */
const numberText = (value, round = (number) => number) => {
  const number = value === "" ? NaN : Number(value)
  return toText(number >= 0 && number < Infinity ? round(number) : value)
}

/** Reads the limit of an answer. */
const limitOf = (/** @type {any} */ { maxResponseBytes = 2 ** 24 }) => {
  if (/^(0*[1-9]\d*|Infinity)$/.test(maxResponseBytes)) return Number(maxResponseBytes)
  throw optionError("Invalid maxResponseBytes: it must be a whole number above 0, or Infinity", "maxResponseBytes")
}

const schemeOf = ({ useTLS, encrypted, scheme }) => {
  if (useTLS !== undefined && encrypted !== undefined) {
    throw optionError("Cannot set both `useTLS` and `encrypted` configuration options", "useTLS")
  }
  if (encrypted !== undefined) warn("`encrypted` option is deprecated in favor of `useTLS`")
  const tls = useTLS ?? encrypted
  return scheme || (tls === undefined ? undefined : tls ? "https" : "http")
}

/** Reads the master key, raw and in base64; at most one of them may be set. */
const masterKeysOf = ({ encryptionMasterKey: raw, encryptionMasterKeyBase64: base64 }) => {
  if (raw !== undefined && base64 !== undefined) {
    const message =
      "Do not specify both encryptionMasterKey and encryptionMasterKeyBase64. " +
      "encryptionMasterKey is deprecated, please specify only encryptionMasterKeyBase64."
    throw optionError(message, "encryptionMasterKey")
  }
  if (raw !== undefined) warn("`encryptionMasterKey` option is deprecated in favor of `encryptionMasterKeyBase64`")
  return [checkKey("encryptionMasterKey", raw), checkKey("encryptionMasterKeyBase64", base64)]
}

const checkKey = (name, key) => {
  if (key === undefined || isText(key)) return key
  throw optionError(`${name} must be a string`, name)
}

const warn = (message) => {
  try {
    console.warn(message)
  } catch {
    // Where there is no console, nobody reads it.
  }
}

const chooseFetch = ({ fetch, agent }) => {
  if (!agent) return fetch
  if (fetch) {
    const message =
      "Cannot set both `agent` and `fetch`: an agent is for the requests that this library sends through node:http"
    throw optionError(message, "agent")
  }
  const overHttp = fetchWithAgent(agent)
  if (overHttp) return overHttp
  const message = "The `agent` option needs Node's node:http: pass the `fetch` option instead"
  throw optionError(message, "agent")
}

/** Copies headers into a plain object, also from `Headers` or a list of pairs. */
const plainHeaders = (name, headers) => {
  try {
    return typeof headers?.[Symbol.iterator] === "function" ? Object.fromEntries(headers) : { ...headers }
  } catch (exception) {
    const message = `Invalid headers: they must be an object or Headers: ${messageOf(exception)}`
    throw optionError(message, name, exception)
  }
}

/** Reads the option `json`: an object with a `stringify`, a `parse`, or both. The host's JSON is looked up at each call. */
const jsonOf = (json) => {
  const own = (name) => json && readMember(json, name, FUNCTION)?.bind(json)
  return {
    stringify: own("stringify") ?? ((value) => JSON.stringify(value)),
    parse: own("parse") ?? ((text) => JSON.parse(text)),
  }
}
