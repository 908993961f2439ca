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
import { failedField } from "../module/frame.js"
import {
  AUTHENTICATE,
  AUTHORIZE,
  BATCH,
  CHANNEL,
  CHANNEL_USERS,
  CHANNELS,
  call,
  callAlone,
  configure,
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
import { makeFreeable, setState, stateOf } from "../module/state.js"
import { fromBase64, getMember, isAbsent, isObject } from "../values.js"
import { configOf, tokenOf } from "./config.js"
import { WebHook } from "./webhook.js"

const stateOfPusher = (pusher) => stateOf(pusher, "Pusher")

/** Builds a request and sends it. Mistakes are thrown at once. The clock is read first: the option `now` is caller code. */
const request = (state, operation, options, isParsed, makeFields) => {
  const { settings } = state
  const time = secondsNow(settings)
  return exchange(settings, call(state, operation, time, makeFields(settings)), options, isParsed)
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
      token: undefined,
      config: undefined,
    }
    const [appId, ...limits] = configure(state)
    if (isFromEnvironment || source === FROM_URL) settings.appId = asShown(appId)
    const [timeout, maxChannels, maxEvents] = limits.map(Number)
    Object.assign(settings, { timeout, maxChannels, maxEvents })
    setState(this, state)
  }

  static forURL(url, options) {
    return new Pusher(options, FROM_URL, url)
  }

  static forCluster(cluster, options) {
    return new Pusher(options, FOR_CLUSTER, cluster)
  }

  static fromEnv(env, options) {
    return new Pusher(options, FROM_ENVIRONMENT, env)
  }

  /** The configuration: frozen, its secrets not enumerable. */
  get config() {
    return configOf(stateOfPusher(this))
  }

  /** What `JSON.stringify` shows. */
  toJSON() {
    return this.config
  }

  trigger(channels, event, data, params) {
    const state = stateOfPusher(this)
    const options = callOptions("params", params)
    return request(state, TRIGGER, options, false, (settings) => triggerFields(settings, channels, event, data, params))
  }

  triggerBatch(events, options) {
    const state = stateOfPusher(this)
    const call = callOptions("options", options)
    return request(state, BATCH, call, false, (settings) => batchFields(settings, events))
  }

  sendToUser(userId, event, data) {
    const state = stateOfPusher(this)
    return request(state, SEND_TO_USER, undefined, false, (settings) => [
      event,
      userId,
      ...eventFields(settings, false, data),
    ])
  }

  terminateUserConnections(userId) {
    return request(stateOfPusher(this), TERMINATE, undefined, false, () => [userId])
  }

  channels(options) {
    const state = stateOfPusher(this)
    const call = callOptions("options", options)
    return request(state, CHANNELS, call, true, () => [prefixOf(options), infoOf(options)])
  }

  channel(channel, options) {
    const state = stateOfPusher(this)
    const call = callOptions("options", options)
    return request(state, CHANNEL, call, true, () => [channel, infoOf(options)])
  }

  channelUsers(channel, options) {
    const state = stateOfPusher(this)
    const call = callOptions("options", options)
    return request(state, CHANNEL_USERS, call, true, () => [channel])
  }

  get(options) {
    const state = stateOfPusher(this)
    const call = callOptions("options", options)
    return request(state, GET, call, false, (settings) => endpointFields(settings, options, false))
  }

  post(options) {
    const state = stateOfPusher(this)
    const call = callOptions("options", options)
    return request(state, POST, call, false, (settings) => endpointFields(settings, options, true))
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

// The older name.
Object.defineProperty(Pusher.prototype, "authenticate", {
  value: Pusher.prototype.authorizeChannel,
  writable: true,
  configurable: true,
})
makeFreeable(Pusher, "Pusher")
