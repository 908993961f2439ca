// The class `Pusher`, upon the module's `Client`: JavaScript finds out what the arguments are and runs what code of the caller's they
// bring along; names, bodies, signatures and requests are the module's. One frame goes in, and one answer comes out.
import { Client } from "#glue"
import {
  callOptions,
  dataOf,
  eventOf,
  infoOf,
  ownMembers,
  parsed,
  prefixOf,
  stringify,
  writeCall,
  writeSignable,
  wrong,
} from "./arguments.js"
import { atIndex, takeThrown } from "#errors"
import { CLUSTER, ENVIRONMENT, NOTHING, URL_OF_CONNECTION, freshNonce, readOptions, seconds } from "./options.js"
import { bufferOf, memberOf, writeFrame } from "#values"
import { freeable } from "./freeable.js"
import { Token } from "./token.js"
import { WebHook } from "./webhook.js"

// The numbers of the client's methods, see src/wasm/client.rs.
const [AUTHORIZE, AUTHENTICATE, SIGN, SHARED_SECRET, DECRYPT, CHECK_TRIGGER, CHECK_USER, CHECK_BATCH] = [0, 1, 2, 3, 4, 5, 6, 7]
const [CHANNELS, CHANNEL, CHANNEL_USERS, TERMINATE, SEND_TO_USER, TRIGGER, BATCH, GET, POST] = [8, 9, 10, 11, 12, 13, 14, 15, 16]

/** What only JavaScript can hold of a client. */
const SETTINGS = Symbol("settings")

const { call } = Client.prototype
delete Client.prototype.call
const { describe } = Client.prototype
delete Client.prototype.describe

const settingsOf = (pusher) => {
  const settings = pusher?.[SETTINGS]
  if (settings) return settings
  throw new TypeError("The method was called on something that is no Pusher of this copy of pusher-http-wasm")
}

/** What the method answers to the frame that has been written; what it leaves to be thrown, is thrown. */
const answer = (pusher, method, number = 0, options) => {
  const result = call.call(pusher, method, number, pusher[SETTINGS], options)
  const thrown = takeThrown()
  if (thrown) throw thrown[0]
  return result
}

/** Signs and sends what `write` writes. The time comes first: the option `now` is the caller's code, and may use the client itself. */
const request = (pusher, method, options, write) => {
  const time = seconds(settingsOf(pusher))
  write()
  return answer(pusher, method, time, options)
}

/** What `run` gives, or what it throws, for later: `{ thrown }`. */
const attempt = (run) => {
  try {
    return run()
  } catch (exception) {
    return { thrown: [exception] }
  }
}

/** What the method answers, if the JSON could be made. What is wrong with the names comes before that, what the options lack comes after. */
const answerUpon = (json, pusher, method) => {
  if (!json?.thrown) return answer(pusher, method)
  const { thrown } = attempt(() => ({ auth: answer(pusher, method) }))
  throw (thrown && thrown[0].code !== "missing_option" ? thrown : json.thrown)[0]
}

/** The fields of an event: its name, its data as it travels, a nonce where it is to be sealed, and the caller's own members. */
const fieldsOf = (settings, sealed, name, data, own) => [
  name,
  dataOf(settings, data, sealed),
  sealed ? freshNonce(settings) : undefined,
  own,
]

const NOT_IN_BODY = ["name", "data", "channels", "signal", "idempotencyKey"]
const OF_BATCH = ["channel", "name", "data"]

export class Pusher extends Client {
  constructor(options, base = NOTHING, given) {
    const settings = readOptions(options, base, given)
    super(base, given)
    // Behind a getter, since some consoles print what is not enumerable, too.
    Object.defineProperty(this, SETTINGS, { get: () => settings })
    // Only now is it known, and only here.
    if (base === URL_OF_CONNECTION || base === ENVIRONMENT) {
      const appId = describe.call(this)[2]
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
    return (settings.view ??= viewOf(settings, describe.call(this)))
  }

  /** What `JSON.stringify` shows. */
  toJSON() {
    return this.config
  }

  trigger(channels, event, data, params) {
    const settings = settingsOf(this)
    const options = callOptions("params", params)
    const names = Array.isArray(channels) ? Array.from(channels) : [channels]
    writeFrame([memberOf(params, "socket_id"), event, ...names])
    const sealed = answer(this, CHECK_TRIGGER)
    const fields = [...fieldsOf(settings, sealed, event, data, ownMembers(params, NOT_IN_BODY)), ...names]
    return request(this, TRIGGER, options, () => writeFrame(fields, true))
  }

  triggerBatch(events, options) {
    const settings = settingsOf(this)
    const call = callOptions("options", options)
    if (!Array.isArray(events)) throw wrong("events", events, "a batch is a list of events")
    writeFrame([])
    answer(this, CHECK_BATCH, events.length)
    const fields = Array.from(events).flatMap((given, index) => {
      try {
        const event = eventOf(given)
        const { channel, name, socket_id } = event
        writeFrame([channel, name, socket_id])
        const sealed = answer(this, CHECK_BATCH)
        return [channel, ...fieldsOf(settings, sealed, name, event.data, ownMembers(event, OF_BATCH))]
      } catch (error) {
        throw atIndex(error, index)
      }
    })
    return request(this, BATCH, call, () => writeFrame(fields, true))
  }

  sendToUser(userId, event, data) {
    const settings = settingsOf(this)
    writeFrame([event, userId])
    answer(this, CHECK_USER)
    const fields = [userId, ...fieldsOf(settings, false, event, data)]
    return request(this, SEND_TO_USER, undefined, () => writeFrame(fields))
  }

  terminateUserConnections(userId) {
    return request(this, TERMINATE, undefined, () => writeFrame([userId]))
  }

  channels(options) {
    const call = callOptions("options", options)
    return request(this, CHANNELS, call, () => writeFrame([prefixOf(options), infoOf(options)]))
  }

  channel(channel, options) {
    const call = callOptions("options", options)
    return request(this, CHANNEL, call, () => writeFrame([channel, infoOf(options)]))
  }

  channelUsers(channel, options) {
    const call = callOptions("options", options)
    return request(this, CHANNEL_USERS, call, () => writeFrame([channel]))
  }

  get(options) {
    const call = callOptions("options", options)
    return request(this, GET, call, () => writeCall(settingsOf(this), options, false))
  }

  post(options) {
    const call = callOptions("options", options)
    return request(this, POST, call, () => writeCall(settingsOf(this), options, true))
  }

  createSignedQueryString(options) {
    return request(this, SIGN, undefined, () => writeSignable(options))
  }

  authorizeChannel(socketId, channel, data) {
    const settings = settingsOf(this)
    const json = data ? attempt(() => stringify(settings, data)) : undefined
    writeFrame([socketId, channel, json?.thrown ? undefined : json])
    const auth = answerUpon(json, this, AUTHORIZE)
    const result = json === undefined ? {} : { channel_data: json }
    if (typeof auth === "string") return Object.assign(result, { auth })
    return Object.assign(result, { auth: auth[0], shared_secret: auth[1] })
  }

  authenticateUser(socketId, userData) {
    const settings = settingsOf(this)
    const isUser = typeof userData === "object" && userData !== null
    const id = isUser ? userData.id : undefined
    const json = isUser ? attempt(() => stringify(settings, userData)) : undefined
    writeFrame(isUser ? [socketId, id, json.thrown ? undefined : json] : [socketId, userData])
    const auth = answerUpon(json, this, AUTHENTICATE)
    return { auth, user_data: json }
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
    const text = answer(this, DECRYPT)
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

const viewOf = ({ appId, agent }, [scheme, host, , key, secret, port, timeout, masterKey]) => {
  const token = secret === undefined ? undefined : new Token(key, secret)
  const view = { scheme, host, port: port || undefined, appId, ...(token && { token }), timeout }
  // An agent may hold a proxy's password.
  const hidden = { agent, ...(masterKey.length > 0 && { encryptionMasterKey: bufferOf(masterKey) }) }
  for (const [name, value] of Object.entries(hidden)) Object.defineProperty(view, name, { value })
  return Object.freeze(view)
}
