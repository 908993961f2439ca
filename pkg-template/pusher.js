// The class `Pusher`, upon the module's client: JavaScript finds out what the arguments are and runs what code of the caller's they
// bring along; names, bodies, signatures and requests are the module's. One frame goes in, and one answer comes out.
import { Client } from "#glue"
import {
  callOptions,
  callOf,
  eventOf,
  fieldsOf,
  infoOf,
  isSealed,
  parsed,
  prefixOf,
  signableOf,
  stringify,
  wrong,
} from "./arguments.js"
import { atIndex } from "#errors"
import {
  AUTHENTICATE,
  AUTHORIZE,
  BATCH,
  CHANNEL,
  CHANNELS,
  CHANNEL_USERS,
  CHECK,
  DECRYPT,
  DESCRIBE,
  GET,
  POST,
  SEND_TO_USER,
  SHARED_SECRET,
  SIGN_QUERY,
  TERMINATE,
  TRIGGER,
  answer,
  checked,
  send,
} from "./client.js"
import { CLUSTER, ENVIRONMENT, URL_OF_CONNECTION, readOptions, seconds } from "./options.js"
import { bufferOf, memberOf, writeFrame } from "#values"
import { freeable } from "./freeable.js"
import { Token } from "./token.js"
import { WebHook } from "./webhook.js"

/** What only JavaScript can hold of a client. */
const SETTINGS = Symbol("settings")

const settingsOf = (pusher) => {
  const settings = pusher?.[SETTINGS]
  if (settings) return settings
  throw new TypeError("The method was called on something that is no Pusher of this copy of pusher-http-wasm")
}

/**
 * Signs and sends what the fields ask for. `fieldsOf` gives them, of the settings and a list that it may leave a failure in: what is wrong
 * with the names counts more than data that cannot be serialised. The time comes first: the option `now` is the caller's code, too.
 */
const request = (pusher, method, options, fieldsOf) => {
  const settings = settingsOf(pusher)
  const time = seconds(settings)
  const failures = []
  writeFrame(fieldsOf(settings, failures))
  if (failures.length === 0) return send(pusher, method, time, settings, options)
  answer(pusher, method + CHECK)
  throw failures[0]
}

/** What `fields` gives, or what stands in place of it after a failure. */
const attempt = (failures, fields, instead) => {
  try {
    return fields()
  } catch (exception) {
    failures.push(exception)
    return instead
  }
}

/** What the method answers, if the JSON could be made. What is wrong with the names comes before that, what the options lack comes after. */
const answerUpon = (failures, pusher, method) => {
  if (failures.length === 0) return answer(pusher, method)
  attempt(failures, () => answer(pusher, method))
  const [failure, other] = failures
  throw other && other.code !== "missing_option" ? other : failure
}

const NO_DATA = [undefined, undefined, undefined]
const NOT_IN_BODY = ["name", "data", "channels", "signal", "idempotencyKey"]
const OF_BATCH = ["channel", "name", "data"]
/** The module refuses more channels and events than it takes: then it needs to know that there are more, but not which. */
const TOO_MANY_CHANNELS = 101
const MOST_EVENTS = 10

export class Pusher extends Client {
  constructor(options, base = 0, given) {
    const settings = readOptions(options, base, given)
    super(base, given)
    checked(this)
    // Behind a getter, since some consoles print what is not enumerable, too.
    Object.defineProperty(this, SETTINGS, { get: () => settings })
    // Only now is it known, and only here.
    if (base === URL_OF_CONNECTION || base === ENVIRONMENT) {
      const appId = describe(this)[2]
      // As in npm `pusher`: a number where it is written as one.
      settings.appId = /^(0|[1-9]\d{0,14})$/.test(appId) ? Number(appId) : appId
    }
  }

  static forURL(url, options) {
    return new Pusher(options, URL_OF_CONNECTION, url)
  }

  static forCluster(cluster, options) {
    return new Pusher(options, CLUSTER, cluster)
  }

  static fromEnv(env, options) {
    return new Pusher(options, ENVIRONMENT, env)
  }

  /** The configuration: frozen, its secrets not enumerable. */
  get config() {
    const settings = settingsOf(this)
    return (settings.view ??= viewOf(settings, describe(this)))
  }

  /** What `JSON.stringify` shows. */
  toJSON() {
    return this.config
  }

  trigger(channels, event, data, params) {
    settingsOf(this)
    const options = callOptions("params", params)
    const names = Array.isArray(channels) ? Array.from(channels).slice(0, TOO_MANY_CHANNELS) : [channels]
    const sealed = names.length === 1 && isSealed(names[0])
    return request(this, TRIGGER, options, (settings, failures) => [
      memberOf(params, "socket_id"),
      event,
      ...attempt(failures, () => fieldsOf(settings, sealed, data, params, NOT_IN_BODY), NO_DATA),
      ...names,
    ])
  }

  triggerBatch(events, options) {
    settingsOf(this)
    const call = callOptions("options", options)
    if (!Array.isArray(events)) throw wrong("events", events, "a batch is a list of events")
    return request(this, BATCH, call, (settings, failures) => {
      const fields = [String(events.length)]
      Array.from(events)
        .slice(0, MOST_EVENTS)
        .every((given, index) => {
          try {
            const event = eventOf(given)
            const { channel, name, socket_id } = event
            fields.push(channel, name, socket_id)
            const own = attempt(
              failures,
              () => fieldsOf(settings, isSealed(channel), event.data, event, OF_BATCH),
              NO_DATA,
            )
            fields.push(...own)
          } catch (exception) {
            failures.push(exception)
          }
          if (failures.length > 0) atIndex(failures[0], index)
          return failures.length === 0
        })
      return fields
    })
  }

  sendToUser(userId, event, data) {
    return request(this, SEND_TO_USER, undefined, (settings, failures) => [
      event,
      userId,
      ...attempt(failures, () => fieldsOf(settings, false, data), NO_DATA),
    ])
  }

  terminateUserConnections(userId) {
    return request(this, TERMINATE, undefined, () => [userId])
  }

  channels(options) {
    const call = callOptions("options", options)
    return request(this, CHANNELS, call, () => [prefixOf(options), infoOf(options)])
  }

  channel(channel, options) {
    const call = callOptions("options", options)
    return request(this, CHANNEL, call, () => [channel, infoOf(options)])
  }

  channelUsers(channel, options) {
    const call = callOptions("options", options)
    return request(this, CHANNEL_USERS, call, () => [channel])
  }

  get(options) {
    const call = callOptions("options", options)
    return request(this, GET, call, (settings) => callOf(settings, options, false))
  }

  post(options) {
    const call = callOptions("options", options)
    return request(this, POST, call, (settings) => callOf(settings, options, true))
  }

  createSignedQueryString(options) {
    const time = seconds(settingsOf(this))
    writeFrame(signableOf(options))
    return answer(this, SIGN_QUERY, time)
  }

  authorizeChannel(socketId, channel, data) {
    const settings = settingsOf(this)
    const failures = []
    const json = data ? attempt(failures, () => stringify(settings, data)) : undefined
    writeFrame([socketId, channel, json])
    const auth = answerUpon(failures, this, AUTHORIZE)
    const result = json === undefined ? { auth } : { channel_data: json, auth }
    if (!isSealed(channel)) return result
    return { ...result, auth: auth.slice(SECRET_LENGTH), shared_secret: auth.slice(0, SECRET_LENGTH) }
  }

  authenticateUser(socketId, userData) {
    const settings = settingsOf(this)
    const failures = []
    const isUser = typeof userData === "object" && userData !== null
    const id = isUser ? userData.id : undefined
    const json = isUser ? attempt(failures, () => stringify(settings, userData)) : undefined
    writeFrame(isUser ? [socketId, id, json] : [socketId, userData])
    return { auth: answerUpon(failures, this, AUTHENTICATE), user_data: json }
  }

  channelSharedSecret(channel) {
    settingsOf(this)
    writeFrame([channel])
    return bufferOf(answer(this, SHARED_SECRET))
  }

  decrypt(channel, data) {
    const settings = settingsOf(this)
    const sealed = typeof data === "string" ? parsed(settings, data) : data
    writeFrame([channel, memberOf(sealed, "nonce"), memberOf(sealed, "ciphertext")])
    const text = answer(this, DECRYPT) ?? ""
    // What was sealed by another library may be a bare string; clients take it for one, too.
    try {
      return settings.parse(text)
    } catch {
      return text
    }
  }

  /** A request from Channels, to be checked with this client's key and secret. */
  webhook(request) {
    const settings = settingsOf(this)
    return new WebHook(this.config.token, request, settings)
  }
}

// The older name.
Object.defineProperty(Pusher.prototype, "authenticate", {
  value: Pusher.prototype.authorizeChannel,
  writable: true,
  configurable: true,
})
freeable(Pusher, settingsOf)

/** Digits of a shared secret in base64. An authorisation begins with it, where there is one. */
const SECRET_LENGTH = 44

const describe = (pusher) => {
  writeFrame([])
  return JSON.parse(answer(pusher, DESCRIBE))
}

const viewOf = ({ appId, agent }, [scheme, host, , key, secret, port, timeout, masterKey]) => {
  const token = secret ? new Token(key, secret) : undefined
  const view = {
    scheme,
    host,
    port: Number(port) || undefined,
    appId,
    ...(token && { token }),
    timeout: Number(timeout),
  }
  // An agent may hold a proxy's password.
  const hidden = { agent, ...(masterKey && { encryptionMasterKey: bufferOf(masterKey) }) }
  for (const [name, value] of Object.entries(hidden)) Object.defineProperty(view, name, { value })
  return Object.freeze(view)
}
