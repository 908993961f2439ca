// The class `Pusher`. JavaScript checks the types of arguments and runs any caller code (getters, `toJSON`, hooks); the module validates
// names, builds bodies and signs. Each call writes one frame and reads one answer.
import { addEntrances } from "../errors.js"
import { exchange } from "../http/exchange.js"
import {
  batchFields,
  callOptions,
  channelField,
  checkOptions,
  endpointFields,
  eventField,
  eventFields,
  infoOf,
  mirroredMistake,
  orFailed,
  parse,
  prefixOf,
  signableFields,
  signedIdField,
  socketIdField,
  stringify,
  triggerFields,
  userField,
  userIdField,
} from "../input/arguments.js"
import { secondsNow } from "../input/clock.js"
import { readVariables } from "../input/environment.js"
import { readOptions, settingFields, settingsOf } from "../input/options.js"
import { call, callAgain, callAlone, configure } from "../module/call.js"
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
  SHARED_SECRET,
  SIGN_QUERY,
  TERMINATE,
  TRIGGER,
} from "../module/operations.js"
import { addCommonMethods, setState, stateOf } from "../module/state.js"
import { fromBase64, getOption, hide, setOwn } from "../values.js"
import { configOf, tokenOf } from "./config.js"
import { publish } from "./publish.js"
import { WebHook } from "./webhook.js"

const stateOfPusher = (pusher) => stateOf(pusher, "Pusher")

/**
 * Builds a request and sends it. Mistakes are thrown at once. The options may have the `known` members. The clock is read first: the option
 * `now` is caller code. Where a subclass or a test has replaced `get` or `post`, the request goes through theirs.
 */
const request = (pusher, operation, given, known, callback, convert, makeFields) => {
  const state = stateOfPusher(pusher)
  const { settings, recipe } = state
  const options = callOptions(given, known, callback, settings)
  const time = secondsNow(settings)
  const fields = makeFields(settings)
  const built = call(state, operation, time, fields)
  const signAgain = () => callAgain(state, recipe, operation, secondsNow(settings), fields)
  const method = convert ? pusher.get : pusher.post
  // `get` and `post` themselves have the last numbers.
  if (operation >= GET || method === get || method === post)
    return exchange(settings, built, options, convert, signAgain)
  const answer = method.call(pusher, argumentOf(built, options))
  return convert ? parsedAnswer(settings, answer, convert) : answer
}

/** The URL of a request that the module has built: the path below the app's, which has no `apps` with two segments after it, and the query. */
const SIGNED_URL = /.*\/apps\/[^/]+(\/.+)\?(.*)/

/** Makes of a request what npm `pusher` calls its own `post` with: `path` and `body`, or `params` for `get`; and the call's options. */
const argumentOf = (/** @type {any} */ [url, body], options) => {
  const [, path, query] = /** @type {RegExpExecArray} */ (SIGNED_URL.exec(url))
  const given = { path: decodeURIComponent(path) }
  if (body) given.body = JSON.parse(body)
  else given.params = Object.fromEntries([...new URLSearchParams(query)].filter(([name]) => !name.startsWith("auth_")))
  // What was left out must not be a member: tests compare arguments.
  for (const name in options) if (options[name] !== undefined) given[name] = options[name]
  return given
}

/** Resolves to the JSON of an answer, converted. A test's double may have `json` alone. */
const parsedAnswer = async ({ parse }, answer, convert) => {
  const response = await answer
  return convert(response.text ? parse(await response.text()) : await response.json())
}

/** Serialises what clients get to see. Where that fails, the field stands for the exception. */
const clientData = (settings, data) => orFailed(() => stringify(settings, data))

/** Makes an object of a list of channels: PHP servers write `[]` where there are none. */
const withChannelsByName = (answer) =>
  Array.isArray(getOption(answer, "channels")) ? { ...answer, channels: { ...answer.channels } } : answer

const asItIs = (answer) => answer

/** Returns an app id as npm `pusher` shows it: a number where it is written as one. */
const asShown = (appId) => (/^(0|[1-9]\d{0,14})$/.test(appId) ? Number(appId) : appId)

/** The configuration: frozen, its secrets not enumerable. */
const CONFIG = {
  __proto__: null,
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
    const [timeout, maxPayload, maxChannels, maxEvents] = limits.map(Number)
    Object.assign(settings, { timeout, maxPayload, maxChannels, maxEvents })
    setState(this, state)
    // An own member, as in npm `pusher`. A subclass may have its own.
    if ("config" in this === "config" in {}) Object.defineProperty(this, "config", CONFIG)
  }

  /** What `JSON.stringify` shows. */
  toJSON() {
    return /** @type {any} */ (this).config
  }

  trigger(channels, event, data, params, callback) {
    // Before version 5 of npm `pusher`, the argument was a socket id.
    const options = typeof params === "string" ? { socket_id: params } : params
    return request(this, TRIGGER, options, "socket_id info", callback, undefined, (settings) =>
      triggerFields(settings, channels, event, data, options),
    )
  }

  triggerBatch(events, options, callback) {
    return request(this, BATCH, options, "", callback, undefined, (settings) => batchFields(settings, events))
  }

  publish(events, options) {
    return publish(stateOfPusher(this), events, options, (operation, fields, given) =>
      request(this, operation, given, "idempotencyKeys", undefined, undefined, () => fields),
    )
  }

  sendToUser(userId, event, data, options, callback) {
    return request(this, TRIGGER, options, "", callback, undefined, (settings) => [
      undefined,
      eventField(event),
      ...eventFields(settings, false, data),
      "1",
      userField(userId),
    ])
  }

  terminateUserConnections(userId, callback) {
    // No options: `userIds.map(pusher.terminateUserConnections, pusher)` passes an index.
    return request(this, TERMINATE, undefined, "", callback, undefined, () => [userIdField(userId, true)])
  }

  channels(options, callback) {
    return request(this, CHANNELS, options, "prefix info filter_by_prefix", callback, withChannelsByName, () => [
      prefixOf(options),
      infoOf(options),
    ])
  }

  channel(channel, options, callback) {
    return request(this, CHANNEL, options, "info", callback, asItIs, () => [channelField(channel), infoOf(options)])
  }

  channelUsers(channel, options, callback) {
    return request(this, CHANNEL_USERS, options, "", callback, asItIs, () => [channelField(channel)])
  }

  get(options, callback) {
    return request(this, GET, options, "path params", callback, undefined, (settings) =>
      endpointFields(settings, options, false),
    )
  }

  post(options, callback) {
    return request(this, POST, options, "path params body idempotencyKeys", callback, undefined, (settings) =>
      endpointFields(settings, options, true),
    )
  }

  createSignedQueryString(options) {
    const state = stateOfPusher(this)
    checkOptions(options, "path params body method")
    const time = secondsNow(state.settings)
    return call(state, SIGN_QUERY, time, signableFields(options))[0]
  }

  authorizeChannel(socketId, channel, data) {
    const state = stateOfPusher(this)
    const json = data ? clientData(state.settings, data) : undefined
    const id = socketIdField(socketId, true)
    const name = channelField(channel, true)
    const fields = json === undefined ? [id, name] : [id, name, json, signedIdField(json, '{"user_id":"')]
    const answer = call(state, AUTHORIZE, 0, fields)
    const auth = answer[0]
    const result = json === undefined ? { auth } : { channel_data: json, auth }
    if (answer.length > 1) setOwn(result, "shared_secret", answer[1])
    return result
  }

  authenticateUser(socketId, userData) {
    const state = stateOfPusher(this)
    const isUser = typeof userData === "object" && userData !== null
    const json = isUser
      ? clientData(state.settings, userData)
      : mirroredMistake("user data", userData, "user_data", "userData", "an object with an `id`")
    const [auth] = call(state, AUTHENTICATE, 0, [socketIdField(socketId, true), json, signedIdField(json, '{"id":"')])
    return { auth, user_data: json }
  }

  channelSharedSecret(channel) {
    const [secret] = call(stateOfPusher(this), SHARED_SECRET, 0, [channelField(channel)])
    return fromBase64(secret)
  }

  decrypt(channel, data) {
    const state = stateOfPusher(this)
    const sealed = typeof data === "string" ? parse(state.settings, data) : data
    const [text] = call(state, DECRYPT, 0, [
      channelField(channel),
      getOption(sealed, "nonce"),
      getOption(sealed, "ciphertext"),
    ])
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
export const forURL = construct(FROM_URL)
export const forCluster = construct(FOR_CLUSTER)
export const fromEnv = construct(FROM_ENVIRONMENT)
Object.assign(Pusher, { forURL, forCluster, fromEnv })

// The older name.
hide(Pusher.prototype, "authenticate", Pusher.prototype.authorizeChannel)
addCommonMethods(Pusher, "Pusher")
addEntrances(Pusher, request)
