// The class `Pusher`. JavaScript checks the types of arguments and runs any caller code (getters, `toJSON`, hooks); the module validates
// names, builds bodies and signs. Each call writes one frame and reads one answer.
import { exchange } from "../http/exchange.js"
import {
  batchFields,
  callOptions,
  endpointFields,
  eventFields,
  infoOf,
  parse,
  prefixOf,
  signableFields,
  stringify,
  triggerFields,
  wrongType,
} from "../input/arguments.js"
import { secondsNow } from "../input/clock.js"
import { readVariables } from "../input/environment.js"
import { readOptions, settingFields, settingsOf } from "../input/options.js"
import { call, callAlone, configure } from "../module/call.js"
import { failedField } from "../module/frame.js"
import {
  AUTHENTICATE,
  AUTHORIZE,
  BATCH,
  CHANNEL,
  CHANNEL_USERS,
  CHANNELS,
  DECRYPT,
  ENVIRONMENT_NAMES,
  FOR_CLUSTER,
  FROM_ENVIRONMENT,
  FROM_OPTIONS,
  FROM_URL,
  GET,
  POST,
  SEND_TO_USER,
  SHARED_SECRET,
  SIGN_QUERY,
  TERMINATE,
  TRIGGER,
} from "../module/operations.js"
import { addCommonMethods, setState, stateOf } from "../module/state.js"
import { fromBase64, getMember, isAbsent, isObject } from "../values.js"
import { configOf, tokenOf } from "./config.js"
import { WebHook } from "./webhook.js"

const stateOfPusher = (pusher) => stateOf(pusher, "Pusher")

/**
 * Builds a request and sends it. Mistakes are thrown at once. The clock is read first: the option `now` is caller code. Where a subclass or a
 * test has replaced `get` or `post`, the request goes through theirs.
 */
const request = (pusher, operation, given, isParsed, makeFields, name = "options") => {
  const state = stateOfPusher(pusher)
  const options = callOptions(name, given)
  const { settings } = state
  const time = secondsNow(settings)
  const built = call(state, operation, time, makeFields(settings))
  const method = isParsed ? pusher.get : pusher.post
  // `get` and `post` themselves have the last numbers.
  if (operation >= GET || method === get || method === post) return exchange(settings, built, options, isParsed)
  const answer = method.call(pusher, argumentOf(settings, built, options))
  return isParsed ? parsedAnswer(settings, answer) : answer
}

/** Makes of a request what npm `pusher` calls its own `post` with: `path` and `body`, or `params` for `get`; and the call's options. */
const argumentOf = ({ appId }, request, options) => {
  const [, url, body] = request
  const [address, query] = url.split("?")
  const root = `/apps/${appId}/`
  const [, ...path] = decodeURIComponent(address).split(root)
  const given = { path: `/${path.join(root)}` }
  if (body) given.body = JSON.parse(body)
  else given.params = Object.fromEntries([...new URLSearchParams(query)].filter(([name]) => !name.startsWith("auth_")))
  // What was left out must not be a member: tests compare arguments.
  for (const name in options) if (options[name] !== undefined) given[name] = options[name]
  return given
}

/** Resolves to the JSON of an answer. A test's double may have `json` alone. */
const parsedAnswer = async ({ parse }, answer) => {
  const response = await answer
  return response.text ? parse(await response.text()) : response.json()
}

/** Serialises what clients get to see. Where that fails, the field stands for the exception. */
const clientData = (settings, data) => {
  try {
    return stringify(settings, data)
  } catch (exception) {
    return failedField(exception)
  }
}

/** Returns an app id as npm `pusher` shows it: a number where it is written as one. */
const asShown = (appId) => (/^(0|[1-9]\d{0,14})$/.test(appId) ? Number(appId) : appId)

/** The configuration: frozen, its secrets not enumerable. */
const CONFIG = {
  /** @this {Pusher} */
  get() {
    return configOf(stateOfPusher(this))
  },
  enumerable: true,
  configurable: true,
}

export class Pusher {
  constructor(given, source = FROM_OPTIONS, value) {
    const isFromEnvironment = source === FROM_ENVIRONMENT
    if (isFromEnvironment && !isAbsent(value) && !isObject(value)) {
      throw wrongType("env", value, "it must be an object of variables")
    }
    const options = readOptions(given)
    const fields = [isFromEnvironment ? undefined : value, ...settingFields(options)]
    const settings = settingsOf(options)
    if (isFromEnvironment) fields.push(...readVariables(value, callAlone(ENVIRONMENT_NAMES, [])))
    const state = {
      type: "Pusher",
      isFreed: false,
      client: undefined,
      instance: undefined,
      recipe: { source, fields },
      settings,
      description: undefined,
    }
    const [appId, ...limits] = configure(state)
    if (isFromEnvironment || source === FROM_URL) settings.appId = asShown(appId)
    const [timeout, maxChannels, maxEvents] = limits.map(Number)
    Object.assign(settings, { timeout, maxChannels, maxEvents })
    setState(this, state)
    // An own member, as in npm `pusher`. A subclass may have its own.
    if (!("config" in this)) Object.defineProperty(this, "config", CONFIG)
  }

  /** What `JSON.stringify` shows. */
  toJSON() {
    return /** @type {any} */ (this).config
  }

  trigger(channels, event, data, params) {
    return request(
      this,
      TRIGGER,
      params,
      false,
      (settings) => triggerFields(settings, channels, event, data, params),
      "params",
    )
  }

  triggerBatch(events, options) {
    return request(this, BATCH, options, false, (settings) => batchFields(settings, events))
  }

  sendToUser(userId, event, data) {
    return request(this, SEND_TO_USER, undefined, false, (settings) => [
      event,
      userId,
      ...eventFields(settings, false, data),
    ])
  }

  terminateUserConnections(userId) {
    return request(this, TERMINATE, undefined, false, () => [userId])
  }

  channels(options) {
    return request(this, CHANNELS, options, true, () => [prefixOf(options), infoOf(options)])
  }

  channel(channel, options) {
    return request(this, CHANNEL, options, true, () => [channel, infoOf(options)])
  }

  channelUsers(channel, options) {
    return request(this, CHANNEL_USERS, options, true, () => [channel])
  }

  get(options) {
    return request(this, GET, options, false, (settings) => endpointFields(settings, options, false))
  }

  post(options) {
    return request(this, POST, options, false, (settings) => endpointFields(settings, options, true))
  }

  createSignedQueryString(options) {
    const state = stateOfPusher(this)
    const time = secondsNow(state.settings)
    return call(state, SIGN_QUERY, time, signableFields(options))[0]
  }

  authorizeChannel(socketId, channel, data) {
    const state = stateOfPusher(this)
    const json = data ? clientData(state.settings, data) : undefined
    const answer = call(state, AUTHORIZE, 0, json === undefined ? [socketId, channel] : [socketId, channel, json])
    const auth = answer[0]
    const result = json === undefined ? { auth } : { channel_data: json, auth }
    if (answer.length > 1) result.shared_secret = answer[1]
    return result
  }

  authenticateUser(socketId, userData) {
    const state = stateOfPusher(this)
    const isUser = typeof userData === "object" && userData !== null
    const id = isUser ? userData.id : undefined
    const json = isUser ? clientData(state.settings, userData) : undefined
    const [auth] = call(state, AUTHENTICATE, 0, isUser ? [socketId, id, json] : [socketId, userData])
    return { auth, user_data: json }
  }

  channelSharedSecret(channel) {
    const [secret] = call(stateOfPusher(this), SHARED_SECRET, 0, [channel])
    return fromBase64(secret)
  }

  decrypt(channel, data) {
    const state = stateOfPusher(this)
    const sealed = typeof data === "string" ? parse(state.settings, data) : data
    const [text] = call(state, DECRYPT, 0, [channel, getMember(sealed, "nonce"), getMember(sealed, "ciphertext")])
    // What another library sealed may be a bare string; clients take it for one, too.
    return parse(state.settings, text, text)
  }

  /** A request from Channels, to be checked with this client's key and secret. */
  webhook(request) {
    const state = stateOfPusher(this)
    return new WebHook(tokenOf(state), request, state.settings)
  }
}

const { get, post } = Pusher.prototype

// Functions, since npm `pusher`'s may also be called by `new`, and no methods of subclasses: they always make a `Pusher`.
const construct = (source) => {
  function make(value, options) {
    return new Pusher(options, source, value)
  }
  return make
}
Object.assign(Pusher, {
  forURL: construct(FROM_URL),
  forCluster: construct(FOR_CLUSTER),
  fromEnv: construct(FROM_ENVIRONMENT),
})

// The older name.
Object.defineProperty(Pusher.prototype, "authenticate", {
  value: Pusher.prototype.authorizeChannel,
  writable: true,
  configurable: true,
})
addCommonMethods(Pusher, "Pusher")
