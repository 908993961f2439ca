// Every deliberate difference from npm `pusher`, as data. The comparison accepts these differences and no others;
// differences.test.mjs demonstrates each of them.
//
// - `name`; `where`: the row in docs/migrate/from-pusher.md that describes it; `why`: the reason for it.
// - `applies(input)`: tells whether it affects an input, `{ method, options, args, now }`.
// - The expected outcome, one of
//   `refuses`: a PusherValidationError at once, with one of these codes;
//   `check(outcome, input)`: throws unless the outcome is right;
//   `adaptInput(input)`: makes the input with which `pusher` has our outcome. `adaptTheirs(outcome, input)` and
//   `adaptOurs(outcome, input)` put the outcomes into a form in which they can be the same.
import assert from "node:assert/strict"

import { pick } from "../support/assertions.mjs"
import { assertSigned } from "./stub.mjs"

const isAbsent = (value) => value === undefined || value === null
const isObject = (value) => !isAbsent(value) && (typeof value === "object" || typeof value === "function")
const isText = (value) => typeof value === "string"
const isNumeral = (value) => isText(value) || typeof value === "number"
const isEncrypted = (channel) => isText(channel) && channel.startsWith("private-encrypted-")
const isSurrounded = (value) => isText(value) && /^[\0- ]|[\0- ]$|^(["'])(.*\1)?$/s.test(value)
const isPrintable = (value) => {
  try {
    return `${value}` !== undefined
  } catch {
    return false
  }
}
const toWellFormed = (value) => (isText(value) ? value.toWellFormed() : value)
const isIllFormed = (value) => isText(value) && !value.isWellFormed()

const mapMembers = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]))
const keepMembers = (object, keep) =>
  Object.fromEntries(Object.entries(object).filter(([name, value]) => keep(value, name)))
const omit = (object, ...names) => keepMembers(object, (_, name) => !names.includes(name))
const replaceArgument = (input, index, value) => ({ ...input, args: input.args.with(index, value) })

/** Restricts a difference to these methods. Its `applies` receives their arguments as well. */
const forMethods = (methods, difference) => ({
  ...difference,
  applies: (input) => methods.includes(input.method) && difference.applies(input, ...(input.args ?? [])),
})

// --- options of the constructor: `input.options`

const CONSTRUCTING = ["new", "forURL", "forCluster"]
const isHost = (host, port) => {
  const parts = /^(?:\[[0-9a-fA-F:.]+\]|[\w.\-\u0080-\uffff]+)(?::(\d+))?$/.exec(host)
  return parts !== null && (parts[1] === undefined || ((isAbsent(port) || port === "") && isPort(parts[1])))
}
const isDecimal = (value) => typeof value === "number" || (isText(value) && /^\d+$/.test(value))
const isPort = (port) =>
  isDecimal(port) && Number.isInteger(Number(port)) && Number(port) >= 1 && Number(port) <= 65_535
const isTimeout = (timeout) => isDecimal(timeout) && Number(timeout) >= 0 && Number(timeout) < Infinity
/** Checks of each option that is given. `host` and `cluster` are fully checked only where they are used. */
const OPTION_CHECKS = {
  appId: (id) => isNumeral(id) && id !== "." && id !== ".." && !isSurrounded(id),
  key: (key) => isText(key) && !isSurrounded(key),
  secret: (secret) => isText(secret) && !isSurrounded(secret),
  host: (host, { port }, method) => isText(host) && (host === "" || method !== "new" || isHost(host, port)),
  cluster: (cluster, { host }, method) =>
    isText(cluster) && (Boolean(host) || method !== "new" || /^[A-Za-z0-9-]*$/.test(cluster)),
  port: (port) => port === "" || isPort(port),
  scheme: (scheme) => ["", "http", "https"].includes(scheme),
  useTLS: (flag) => typeof flag === "boolean",
  encrypted: (flag) => typeof flag === "boolean",
  timeout: (timeout) => timeout === "" || isTimeout(timeout),
  agent: isObject,
}
const hasInvalidOption = (options, method) =>
  Object.entries(OPTION_CHECKS).some(
    ([name, isValid]) => !isAbsent(options[name]) && !isValid(options[name], options, method),
  )
const NUMBERS = {
  port: (port) => (port === "" ? undefined : Number(port)),
  timeout: (ms) => Math.ceil(Math.min(Number(ms), 2 ** 31 - 1)),
}

const constructionDifferences = [
  forMethods(CONSTRUCTING, {
    name: "missing options object",
    where: "Options that are `null` count as left out, and so do missing options",
    why: "no option is needed before the first call",
    applies: ({ options }) => isAbsent(options),
    adaptInput: (input) => ({ ...input, options: {} }),
  }),
  forMethods(CONSTRUCTING, {
    name: "`null` options",
    where: "Options that are `null` count as left out, and so do missing options",
    why: "configuration from JSON or a database has `null` for missing values; `useTLS: null` must not turn TLS off",
    applies: ({ options }) => isObject(options) && Object.values(options).includes(null),
    adaptInput: (input) => ({
      ...input,
      options: keepMembers(input.options, (value, name) => value !== null || name === "appId"),
    }),
  }),
  forMethods(CONSTRUCTING, {
    name: "malformed options",
    where: "An option of the wrong type or form throws",
    why: "a mistake that is found at once does not become a request to another host, or an unencrypted one",
    applies: ({ options, method }) => !isAbsent(options) && (!isObject(options) || hasInvalidOption(options, method)),
    refuses: ["invalid_option", "invalid_argument"],
  }),
  forMethods(CONSTRUCTING, {
    name: "TLS by default",
    where: "TLS is on unless you turn it off",
    why: "events may be private",
    applies: ({ options, method }) =>
      method !== "forURL" && !options?.scheme && isAbsent(options?.useTLS) && isAbsent(options?.encrypted),
    adaptInput: (input) => ({ ...input, options: { ...input.options, useTLS: true } }),
  }),
  forMethods(CONSTRUCTING, {
    name: "a timeout by default",
    where: "The timeout is 10 s unless you set it",
    why: "a server that never answers must not block a program for ever",
    applies: ({ options }) => isAbsent(options?.timeout) || options.timeout === "",
    adaptInput: (input) => ({ ...input, options: { ...input.options, timeout: 10_000 } }),
  }),
  forMethods(CONSTRUCTING, {
    name: "numbers in `config`",
    where: "`port` and `timeout` may be text, and are numbers in `config`",
    why: "environment variables hold numbers as text; timers take whole milliseconds, and fire at once if there are more than 2^31 - 1",
    applies: ({ options }) =>
      isObject(options) &&
      Object.entries(NUMBERS).some(
        ([name, number]) => isNumeral(options[name]) && options[name] !== number(options[name]),
      ),
    adaptInput: (input) => ({
      ...input,
      options: mapMembers(input.options, (value, name) =>
        name in NUMBERS && isNumeral(value) ? NUMBERS[name](value) : value,
      ),
    }),
  }),
  forMethods(CONSTRUCTING, {
    name: "no token without credentials",
    where: "A missing credential throws at the first call that needs it",
    why: "a signature made without a key or secret is refused by every server",
    applies: ({ options, method }) => method !== "forURL" && !(options?.key && options?.secret),
    adaptTheirs: ({ value, ...outcome }) => ({
      ...outcome,
      ...(value && { value: { ...value, key: undefined, secret: undefined } }),
    }),
  }),
  forMethods(CONSTRUCTING, {
    name: "lone surrogates in options",
    where: "A lone surrogate in a string becomes U+FFFD",
    why: "all text travels as UTF-8, which cannot express them",
    applies: ({ options }) => isObject(options) && Object.values(options).some(isIllFormed),
    // `config` shows the app id unchanged.
    adaptInput: (input) => ({
      ...input,
      options: mapMembers(input.options, (value, name) => (name === "appId" ? value : toWellFormed(value))),
    }),
  }),
  forMethods(CONSTRUCTING, {
    name: "a raw master key of 32 bytes",
    where: "`encryptionMasterKey` is 32 bytes, not 32 characters",
    why: "`pusher` counts characters, so it accepts keys beyond ASCII that have more bytes than other libraries accept",
    applies: ({ options }) => isText(options?.encryptionMasterKey) && !/^[\0-\x7f]*$/.test(options.encryptionMasterKey),
    check: ({ value, thrown }, { options: { encryptionMasterKey: key } }) => {
      const bytes = Buffer.from(key)
      if (bytes.length === 32) assert.equal(value?.masterKey ?? thrown?.code, bytes.toString("hex"))
      else {
        assert.equal(
          thrown.message,
          `encryptionMasterKey must be 32 bytes long, but the provided key is ${bytes.length} bytes long`,
        )
      }
    },
  }),
  forMethods(CONSTRUCTING, {
    name: "spare bits in a master key",
    where: "An option of the wrong type or form throws",
    why: "no encoder makes them: somebody has changed the last digit",
    applies: ({ options }) => {
      const key = options?.encryptionMasterKeyBase64
      return isText(key) && /^[\w+/]{43}=$/.test(key) && Buffer.from(key, "base64").toString("base64") !== key
    },
    refuses: ["invalid_option"],
  }),
  forMethods(["forCluster"], {
    name: "`forCluster` without a cluster's name",
    where: "An option of the wrong type or form throws",
    why: "`pusher` sends requests to `api-undefined.pusher.com`",
    applies: ({ cluster }) => !isText(cluster) || cluster === "",
    refuses: ["invalid_option"],
  }),
  forMethods(["token"], {
    name: "white space or quotes around a token's key or secret",
    where: "White space or quotes around a key or secret throw",
    why: "they come from a file or a shell; every signature would be wrong, and nothing would say so",
    applies: ({ token: { key, secret } }) => isSurrounded(key) || isSurrounded(secret),
    refuses: ["invalid_option", "invalid_argument"],
  }),
  forMethods(["forURL"], {
    name: "white space or quotes around the parts of a connection URL",
    where: "White space or quotes around a key or secret throw",
    why: "they come from a file or a shell; every signature would be wrong, and nothing would say so",
    applies: ({ parts }) => parts !== undefined && [parts.key, parts.secret, parts.appId].some(isSurrounded),
    refuses: ["invalid_url"],
  }),
  forMethods(["forURL"], {
    name: "incomplete connection URLs",
    where: "`forURL` names the part that is missing",
    why: "the message names the missing part; `pusher` throws a TypeError, or continues with `NaN` and `undefined`",
    applies: ({ parts }) => parts === undefined,
    refuses: ["invalid_url"],
  }),
  forMethods(["forURL"], {
    name: "connection URLs",
    where: "`forURL` percent-decodes every part, and accepts a path prefix and app ids with letters",
    why: "a URL can then hold any key, secret and app id, and a path prefix",
    applies: ({ parts }) => parts !== undefined,
    adaptInput: ({ parts: { scheme, host, port, key, secret, appId }, options, ...input }) => ({
      ...input,
      method: "new",
      options: { ...options, scheme, host, port, key, secret, appId: /^\d{1,15}$/.test(appId) ? Number(appId) : appId },
    }),
  }),
]

// --- arguments

const SENDING = ["trigger", "triggerBatch", "sendToUser", "terminateUserConnections", "get", "post"]
const SIGNING = ["authorizeChannel", "authenticate", "authenticateUser", "createSignedQueryString", ...SENDING]
const WITH_PARAMS = ["get", "post", "createSignedQueryString"]
/** The positions of names and ids among the arguments. */
const TEXTS = {
  trigger: [0, 1],
  sendToUser: [0, 1],
  authorizeChannel: [0, 1],
  authenticate: [0, 1],
  authenticateUser: [0],
  channelSharedSecret: [0],
  terminateUserConnections: [0],
}
const isChannel = (channel) => isText(channel) && /^[A-Za-z0-9_\-=@,.;]{1,200}$/.test(channel)
const isEvent = (event) => isText(event) && event.length >= 1 && event.length <= 200
const isSocketId = (id) => isText(id) && /^\d+\.\d+$/.test(id)
/** Tells whether data is missing or `JSON.stringify` turns it into text. */
const isData = (data) => {
  try {
    return data === undefined || isText(JSON.stringify(data))
  } catch {
    return false
  }
}
/** Returns a member of what data is in JSON; `undefined` if it is not there. */
const getSignedMember = (data, name) => {
  const value = isData(data) && data !== undefined ? JSON.parse(JSON.stringify(data)) : undefined
  return isAbsent(value) ? undefined : value[name]
}
const isUserId = (id) => isText(id) && id !== ""
const isObjectWithText = (user) => isObject(user) && typeof user !== "function" && isData(user)
/** Returns the argument that becomes JSON. */
const getData = ({ method, args }) => {
  switch (method) {
    case "authorizeChannel":
    case "authenticate":
      return args[2] || undefined
    case "authenticateUser":
      return args[1]
    case "post":
      return args[0]?.body || undefined
    default:
      return args[2]
  }
}

const argumentDifferences = [
  forMethods(SIGNING, {
    name: "missing credentials",
    where: "A missing credential throws at the first call that needs it",
    why: "the error names the option; `pusher` throws a TypeError, or sends a request for the app `undefined`",
    applies: ({ options: { appId, key, secret }, method }) => !key || !secret || (SENDING.includes(method) && !appId),
    // `pusher` reserves other names.
    refuses: ["missing_option", "reserved_parameter"],
  }),
  forMethods(Object.keys(TEXTS), {
    name: "values that cannot be printed",
    where: "An argument of the wrong type throws",
    why: "the message must describe the mistake instead of throwing another error",
    applies: ({ method, args }) => {
      const names = TEXTS[method].flatMap((index) => args[index])
      if (method === "authenticateUser") names.push(isObject(args[1]) ? args[1].id : args[1])
      if (method === "trigger") names.push(args[3]?.socket_id)
      return !names.every(isPrintable)
    },
    refuses: ["invalid_channel", "invalid_event", "invalid_socket_id", "invalid_user_id", "invalid_user_data"],
  }),
  forMethods(Object.keys(TEXTS), {
    name: "lone surrogates",
    where: "A lone surrogate in a string becomes U+FFFD",
    why: "all text travels as UTF-8, which cannot express them",
    applies: ({ method, args }) => [...TEXTS[method], 2].some((index) => isIllFormed(args[index])),
    // Encrypted data is JSON, which escapes them.
    adaptInput: (input) => ({
      ...input,
      args: input.args.map((arg, index) =>
        index === 2 && isEncrypted([input.args[0]].flat()[0]) ? arg : toWellFormed(arg),
      ),
    }),
  }),
  forMethods(["trigger", "sendToUser", "authorizeChannel", "authenticate", "authenticateUser", "post"], {
    name: "data that JSON cannot hold",
    where: "Data that JSON cannot hold throws a `PusherValidationError`, whose `cause` is the original exception",
    why: "`pusher` silently leaves a function out, and its TypeErrors do not name the data",
    applies: (input) => !isData(getData(input)),
    refuses: ["invalid_data"],
  }),
  forMethods(["trigger", "sendToUser"], {
    name: "malformed event names",
    where: "An empty or over-long name throws, and so does an event without a channel",
    why: "the server refuses an event without a name",
    applies: (_, __, event) => !isText(event) || event === "",
    refuses: ["invalid_event"],
  }),
  forMethods(["trigger"], {
    name: "channels of another type",
    where: "An argument of the wrong type throws",
    why: "the message of `pusher` shows a number as if it were a name, which looks right; ours names its type",
    applies: (_, channels) => ![channels].flat().every(isText),
    refuses: ["invalid_channel"],
  }),
  forMethods(["authorizeChannel", "authenticate"], {
    name: "presence members without an id",
    where: "A member without a `user_id` throws, and so does a user whose signed text has no `id`",
    why: "every server refuses the subscription, and only the browser is told",
    applies: (_, __, channel, data) => {
      const id = data ? getSignedMember(data, "user_id") : undefined
      return isText(channel) && channel.startsWith("presence-") && (id === "" || !isNumeral(id))
    },
    refuses: ["invalid_user_id"],
  }),
  forMethods(["authenticateUser"], {
    name: "a user's id that the signed text lacks",
    where: "A member without a `user_id` throws, and so does a user whose signed text has no `id`",
    why: "the text is what the server reads; `pusher` looks at the object, which a `toJSON` may have changed",
    applies: (_, __, user) => isObjectWithText(user) && !isUserId(getSignedMember(user, "id")),
    refuses: ["invalid_user_id"],
  }),
  forMethods(["authenticateUser"], {
    name: "a user's id that only the signed text has",
    where: "A user's `id` is read from the text that is signed",
    why: "the text is what the server reads: a date in it is a string",
    applies: (_, __, user) =>
      isObjectWithText(user) && isUserId(getSignedMember(user, "id")) && getSignedMember(user, "id") !== user.id,
    check: ({ value }, { args: [, user] }) => assert.equal(value.user_data, JSON.stringify(user)),
  }),
  forMethods(["trigger"], {
    name: "no channel",
    where: "An empty or over-long name throws, and so does an event without a channel",
    why: "the server refuses an event on no channel",
    applies: (_, channels) => Array.isArray(channels) && channels.length === 0,
    refuses: ["invalid_channel"],
  }),
  forMethods(["trigger"], {
    name: "falsy socket ids",
    where: "A malformed `socket_id` throws, even an empty one",
    why: "`pusher` checks it only if it is truthy, so the event is sent to the connection that should be excluded",
    applies: (_, __, ___, ____, params) =>
      isObject(params) && !isAbsent(params.socket_id) && !isSocketId(params.socket_id),
    refuses: ["invalid_socket_id"],
  }),
  forMethods(["trigger"], {
    name: "`params` that are not an object",
    where: "An argument of the wrong type throws",
    why: "`pusher` spreads them, which gives nothing",
    applies: (_, __, ___, ____, params) => !isAbsent(params) && !isObject(params) && !isText(params),
    refuses: ["invalid_argument"],
  }),
  forMethods(["trigger"], {
    name: "a socket id in place of params",
    where: "A string in place of `params` is a socket id",
    why: "Pusher's documentation has that form, from `pusher` before version 5; now each character would become a member",
    applies: (_, __, ___, ____, params) => isSocketId(params),
    adaptInput: (input) => replaceArgument(input, 3, { socket_id: input.args[3] }),
  }),
  forMethods(["trigger"], {
    name: "a malformed socket id in place of params",
    where: "A malformed `socket_id` throws, even an empty one",
    why: "it is one like any other",
    applies: (_, __, ___, ____, params) => isText(params) && !isSocketId(params),
    refuses: ["invalid_socket_id"],
  }),
  forMethods(["trigger"], {
    name: "`params` cannot overwrite the event",
    where:
      "The `params` of `trigger` cannot overwrite the event's `name`, `channels` or `data`, not even by a `toJSON`",
    why: "`channels` among them would send plain text to an encrypted channel, and to channels that were not checked",
    applies: (_, __, ___, ____, params) =>
      isObject(params) && ["name", "data", "channels"].some((name) => name in params),
    adaptInput: (input) => replaceArgument(input, 3, omit(input.args[3], "name", "data", "channels")),
  }),
  forMethods(["trigger"], {
    name: "`null` params",
    where: "Members of `params` that are `null` are left out",
    why: "many programs write `socket_id: null` for none",
    applies: (_, __, ___, ____, params) => isObject(params) && Object.values(params).includes(null),
    adaptInput: (input) =>
      replaceArgument(
        input,
        3,
        keepMembers(input.args[3], (value) => value !== null),
      ),
  }),
  forMethods(["trigger"], {
    name: "lists of attributes",
    where: "`info` may be a list",
    why: "for convenience; the server expects one string",
    applies: (_, __, ___, ____, params) => Array.isArray(params?.info),
    adaptInput: (input) => replaceArgument(input, 3, { ...input.args[3], info: input.args[3].info.join(",") }),
  }),
  forMethods(["trigger"], {
    name: "members named by numbers",
    where:
      "An event's `name`, `data` and `channels` come before its params; in a batch, `channel`, `name` and `data` come first",
    why: "JavaScript lists such members before all others; the JSON means the same",
    applies: (_, __, ___, ____, params) => isObject(params) && Object.keys(params).some((name) => /^\d+$/.test(name)),
    ...compareUnordered(),
  }),
  forMethods(["trigger", "sendToUser"], {
    name: "no data",
    where: "Data that is left out is `null`",
    why: 'the reference requires `data`, and some servers refuse an event without; on an encrypted channel, `pusher` throws "expected string"',
    applies: (_, __, ___, data) => data === undefined,
    adaptInput: (input) => replaceArgument(input, 2, null),
  }),
]

/** Compares bodies as parsed JSON, and URLs without the parameters that depend on the body's bytes. */
function compareUnordered() {
  const parseBody = ({ value, ...outcome }) => {
    if (!value) return { ...outcome, value }
    const { "content-length": _, ...headers } = value.headers
    const url = value.url.replace(/&?(body_md5|auth_signature)=\w+/g, "")
    return { ...outcome, value: { ...value, url, headers, body: JSON.parse(value.body) } }
  }
  return { adaptTheirs: parseBody, adaptOurs: parseBody }
}

// --- batches

const isBatch = (events) => Array.isArray(events) && events.length >= 1 && events.length <= 10
const isBatchEvent = (event, options) =>
  isObject(event) &&
  isChannel(event.channel) &&
  isEvent(event.name) &&
  (isAbsent(event.socket_id) || isSocketId(event.socket_id)) &&
  isData(event.data) &&
  (!isEncrypted(event.channel) || Boolean(options.encryptionMasterKeyBase64))
/** Returns an event with its members as this library writes them. */
const orderMembers = ({ channel, name, data, ...rest }) => ({
  channel,
  name: toWellFormed(name),
  data: data === undefined ? null : isEncrypted(channel) ? data : toWellFormed(data),
  ...mapMembers(
    keepMembers(rest, (value) => value !== null),
    (value, name) => (name === "info" && Array.isArray(value) ? value.join(",") : value),
  ),
})

const batchDifferences = [
  forMethods(["triggerBatch"], {
    name: "batches of no event, of more than 10, or that are not a list",
    where: "An empty batch, one of more than 10 events, or one with a wrong event throws",
    why: "the server refuses them",
    applies: (_, events) => !isBatch(events),
    refuses: ["invalid_batch", "invalid_argument"],
  }),
  forMethods(["triggerBatch"], {
    name: "malformed events of a batch",
    where: "An empty batch, one of more than 10 events, or one with a wrong event throws",
    why: "`pusher` checks only the master key; our message names the event",
    applies: ({ options }, events) => isBatch(events) && !events.every((event) => isBatchEvent(event, options)),
    refuses: [
      "invalid_argument",
      "invalid_channel",
      "invalid_event",
      "invalid_socket_id",
      "invalid_data",
      "missing_option",
    ],
  }),
  forMethods(["triggerBatch"], {
    name: "the order of a batch's members",
    where:
      "An event's `name`, `data` and `channels` come before its params; in a batch, `channel`, `name` and `data` come first",
    why: "the order has no meaning; no data, `null` members and lists of attributes are treated as in `trigger`",
    applies: ({ options }, events) => isBatch(events) && events.every((event) => isBatchEvent(event, options)),
    adaptInput: (input) => replaceArgument(input, 0, input.args[0].map(orderMembers)),
    ...compareUnordered(),
  }),
]

// --- queries and paths: `args[0]` is `{ method, path, params, body }`

const SAFE = /^[A-Za-z0-9\-_.~,:@/]*$/
/** The text of a path that needs no encoding, after RFC 3986. */
const SAFE_PATH = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/
const isPath = (path) =>
  isText(path) && path.startsWith("/") && !path.split("/").some((segment) => segment === "." || segment === "..")
const listParams = (request) => (isObject(request?.params) ? Object.entries(request.params) : [])
const forParams = (difference) =>
  forMethods(WITH_PARAMS, {
    ...difference,
    applies: ({ options }, request) => difference.applies([["auth_key", options.key], ...listParams(request)]),
  })
const replaceParams = (input, change) =>
  replaceArgument(input, 0, { ...input.args[0], params: change(input.args[0].params) })
/** Turns a key into lower case as servers do: only ASCII. */
const toLowerCase = (name) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
const RESERVED = ["auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5"]
/** Checks that a request or a signed query asks for what the input says, by the rules of the server. */
const assertRequested = ({ value, thrown, rejected }, { method: called, options, args: [request = {}], now }) => {
  const reserved = listParams(request).some(
    ([name, value]) => !isAbsent(value) && RESERVED.includes(name.toLowerCase()),
  )
  if (reserved) return assert.equal(thrown.code, "reserved_parameter")
  if (thrown ?? rejected) throw thrown ?? rejected
  const isQuery = called === "createSignedQueryString"
  const body = isQuery ? request.body || "" : value.body
  const sent = isQuery ? { method: request.method.toUpperCase(), url: `${request.path}?${value}`, body } : value
  const [path, query] = isQuery ? [request.path, value] : sent.url.split("?")
  if (!isQuery) assert.equal(decodeURIComponent(path), `/apps/3${toWellFormed(request.path)}`)
  assertSigned(sent, options)
  const pairs = query.split("&").map((pair) => pair.split("=").map(decodeURIComponent))
  assert.equal(pairs.length, new Set(pairs.map(([name]) => name)).size)
  const own = pairs.filter(([name]) => !RESERVED.includes(name))
  const given = listParams(request).filter(([, value]) => !isAbsent(value))
  const expected = given.map(([name, value]) => [toWellFormed(name), toWellFormed(String(value))])
  assert.deepEqual(own.sort(), expected.sort())
  assert.equal(Object.fromEntries(pairs).auth_timestamp, String(Math.floor(now / 1000)))
}

const queryDifferences = [
  forMethods(WITH_PARAMS, {
    name: "malformed requests",
    where: "An argument of the wrong type throws",
    why: "`pusher` throws a TypeError, or requests `/apps/3undefined`",
    applies: ({ method }, request) => {
      if (!isObject(request) || !isText(request.path) || (!isAbsent(request.params) && !isObject(request.params)))
        return true
      return (
        method === "createSignedQueryString" &&
        (!isText(request.method) || (Boolean(request.body) && !isText(request.body)))
      )
    },
    refuses: ["invalid_argument"],
  }),
  forMethods(["get", "post"], {
    name: "malformed paths",
    where: "A path without a leading slash, with a query or with dot segments throws",
    why: "a path without a slash runs into the app id; URL parsers resolve dot segments, so the path sent would differ from the one signed",
    applies: (_, request) => isText(request?.path) && !isPath(request.path),
    refuses: ["invalid_path"],
  }),
  forMethods(WITH_PARAMS, {
    name: "paths with a query",
    where: "A path without a leading slash, with a query or with dot segments throws",
    why: "the signature does not cover the query of a path, so every server refuses it; the message names `params`",
    applies: (_, request) => isText(request?.path) && /[?#]/.test(request.path),
    refuses: ["invalid_path", "reserved_parameter"],
  }),
  forMethods(["get", "post"], {
    name: "encoded paths",
    where: "Path segments are percent-encoded, user ids among them",
    why: "no character of a path can then end it and reach another endpoint",
    applies: (_, request) => isText(request?.path) && !SAFE_PATH.test(request.path) && !/[?#]/.test(request.path),
    check: assertRequested,
  }),
  forMethods(["terminateUserConnections"], {
    name: "encoded user ids",
    where: "Path segments are percent-encoded, user ids among them",
    why: "a user id can then neither reach another endpoint nor be read as another id",
    applies: (_, id) => isText(id) && (!SAFE_PATH.test(id) || id.includes("/")),
    check: ({ value }, { args: [id] }) => {
      const [path] = value.url.split("?")
      assert.deepEqual(path.split("/").slice(3).map(decodeURIComponent), [
        "users",
        toWellFormed(id),
        "terminate_connections",
      ])
      assertSigned(value)
    },
  }),
  forMethods(["terminateUserConnections"], {
    name: "user ids that no URL can carry",
    where: "The user ids `.` and `..` throw",
    why: "URL parsers resolve dot segments, so the path that `pusher` sends differs from the one it signs",
    applies: (_, id) => id === "." || id === "..",
    refuses: ["invalid_path"],
  }),
  forParams({
    name: "missing parameters",
    where: "Parameters that are `undefined` or `null` are left out",
    why: '`pusher` sends "undefined" and "null"',
    applies: (params) => params.some(([, value]) => isAbsent(value)),
    adaptInput: (input) => replaceParams(input, (params) => keepMembers(params, (value) => !isAbsent(value))),
  }),
  forParams({
    name: "parameters that are signed in lower case",
    where: "Names of parameters are signed in lower case",
    why: "the server turns names into lower case before it checks the signature, so it refuses `pusher`'s",
    applies: (params) => params.some(([name]) => /[A-Z]/.test(name)),
    check: assertRequested,
  }),
  forParams({
    name: "parameters whose names differ only in case",
    where: "Two names that differ only in case throw, and so do reserved names in capitals",
    why: "a signature does not tell them apart",
    applies: (params) => {
      const names = params.filter(([, value]) => !isAbsent(value)).map(([name]) => toLowerCase(toWellFormed(name)))
      return new Set(names).size < names.length
    },
    // A reserved name among them is found first.
    refuses: ["invalid_argument", "reserved_parameter"],
  }),
  forParams({
    name: "reserved parameters in capitals",
    where: "Two names that differ only in case throw, and so do reserved names in capitals",
    why: "in lower case they would occur twice",
    applies: (params) =>
      params.some(
        ([name, value]) => !isAbsent(value) && !RESERVED.includes(name) && RESERVED.includes(name.toLowerCase()),
      ),
    refuses: ["reserved_parameter"],
  }),
  forParams({
    name: "encoded parameters",
    where: "Query values are percent-encoded",
    why: "no character of a value can then end it or add parameters; the signed text stays the same",
    applies: (params) =>
      params.some(([name, value]) => !isAbsent(value) && isPrintable(value) && !SAFE.test(`${name}${value}`)),
    check: assertRequested,
  }),
  forParams({
    name: "parameters named like members of every object",
    where: "Any other name will do, even `constructor`, but inherited parameters are left out",
    why: "`pusher` looks names up in an object, where it finds `toString`, and takes it for a reserved one",
    applies: (params) => params.some(([name]) => name in Object.prototype),
    check: assertRequested,
  }),
  forMethods(["get"], {
    name: "a `get` with a body",
    where: "The `body` of a `get` is left out",
    why: "GET requests have no body; `pusher` rejects with a TypeError as the cause",
    applies: (_, request) => Boolean(request?.body),
    adaptInput: (input) => replaceArgument(input, 0, omit(input.args[0], "body")),
  }),
  forMethods(["post"], {
    name: "a `post` without a body",
    where: "`post` without a body sends `{}`",
    why: "some servers sign `{}` for a missing body, or demand the digest of one: `{}` is right everywhere",
    applies: (_, request) => isObject(request) && !request.body,
    adaptInput: (input) => replaceArgument(input, 0, { ...input.args[0], body: {} }),
  }),
  forMethods(["post"], {
    name: "a `post` of a string",
    where: "`post` sends a string as it is",
    why: "its types demand a string, and `pusher` then sends a JSON string that holds JSON",
    applies: (_, request) => isText(request?.body) && request.body !== "",
    check: (outcome, input) => {
      assertRequested(outcome, input)
      if (!outcome.thrown) assert.equal(outcome.value.body, toWellFormed(input.args[0].body))
    },
  }),
  forMethods(["createSignedQueryString", ...SENDING], {
    name: "timestamps after 2038",
    where: "Timestamps go on after 2038",
    why: "`pusher` cuts them to 31 bits",
    applies: ({ now }) => now >= 2 ** 31 * 1000,
    check: ({ value }, { now }) => {
      if (!value) return
      const [, query] = /([^?]*)$/.exec(value.url ?? value)
      assert.equal(new URLSearchParams(query).get("auth_timestamp"), String(Math.floor(now / 1000)))
    },
  }),
]

// --- answers: `args` is `[{ status, body }]`

const answerDifferences = [
  {
    name: "a failed call is retried",
    where:
      "A failed call is retried up to twice, where that cannot publish anything twice; `retry: false` turns that off",
    why: "a moment without a server should not be the caller's problem where nothing can be published twice",
    // The comparison turns it off: it is about single attempts.
    applies: () => false,
  },
  forMethods(["answer"], {
    name: "redirects are not followed",
    where: "Redirects are not followed: any status other than 2xx rejects",
    why: "a signature is made for one URL, and a redirect would hide that TLS is off",
    applies: (_, { status }) => status >= 300 && status < 400,
    check: ({ rejected }, { args: [{ status }] }) => {
      assert.equal(rejected.message, `Unexpected status code ${status}`)
      assert.equal(rejected.status, status)
    },
  }),
  forMethods(["answer"], {
    name: "signatures in a server's message",
    where: "Secrets and signatures stay out of what is printed, and out of an error's `body`",
    why: "servers quote the expected signature, and errors end up in logs",
    applies: (_, { status, body }) => status >= 400 && /[0-9a-f]{64}/i.test(body),
    adaptTheirs: ({ rejected, ...outcome }) => ({
      ...outcome,
      rejected: Object.assign(new Error(rejected.message), rejected, {
        body: rejected.body.replace(/[0-9a-f]{64,}/gi, "(signature)"),
      }),
    }),
  }),
  forMethods(["answer"], {
    name: "long messages of a server",
    where: "An error's `body` has at most 8192 characters",
    why: "an error is printed and kept, and a proxy's page, or whatever else answers, may be of any length",
    applies: (_, { status, body }) => status >= 400 && body.length > 8192,
    adaptTheirs: ({ rejected, ...outcome }) => ({
      ...outcome,
      rejected: Object.assign(new Error(rejected.message), rejected, { body: `${rejected.body.slice(0, 8192)}…` }),
    }),
  }),
]

// --- the rest of the client

const secretDifferences = [
  forMethods(["channelSharedSecret"], {
    name: "shared secrets of valid channels only",
    where: "`channelSharedSecret` throws for a malformed channel name",
    why: "a malformed name is no channel, so it has no secret; a missing master key is reported as such",
    applies: ({ options }, channel) => !isChannel(channel) || !options.encryptionMasterKeyBase64,
    refuses: ["invalid_channel", "missing_option"],
  }),
  forMethods(["token"], {
    name: "tokens without a key or secret",
    where: "A token without a key or secret verifies nothing, and a malformed one is passed over",
    why: "anybody can sign with an empty secret, such as that of a variable which is not set",
    applies: ({ token: { key, secret } }) => key === "" || secret === "",
    check: ({ value, thrown }) => assert.ok(thrown ?? !value.verifies),
  }),
  forMethods(["token"], {
    name: "tokens of strings",
    where: "An argument of the wrong type throws",
    why: "`pusher` throws a TypeError of node:crypto, or signs values that are not text",
    applies: ({ token: { key, secret }, args: [string, signature] }) => ![key, secret, string, signature].every(isText),
    check: ({ value, thrown }, { token: { key, secret } }) => {
      if (!isText(key) || !isText(secret)) return assert.equal(thrown.code, "invalid_argument")
      assert.equal(value.verifies, false)
      assert.ok(isText(value.signature), "the signature, or the code of the error instead")
    },
  }),
]

// --- webhooks: `input.request` is `{ headers, rawBody }`, `input.token` and `input.extra` the tokens

const NAMES = ["x-pusher-key", "x-pusher-signature", "content-type"]
/** Returns a header's value if the header occurs once, in any case, alone or in a list of one. */
const getSoleHeader = (headers, name) => {
  const keys = Object.keys(headers).filter((key) => key.toLowerCase() === name)
  const values = headers instanceof Headers ? [headers.get(name)] : keys.map((key) => headers[key])
  const [value] = values.flatMap((value) => (Array.isArray(value) && value.length === 1 ? value : [value]))
  return values.length === 1 && isText(value) ? value : undefined
}
const getPlainHeaders = (headers) =>
  isObject(headers) ? Object.fromEntries(NAMES.map((name) => [name, getSoleHeader(headers, name)])) : {}
const replaceRequest = (input, change) => ({ ...input, request: { ...input.request, ...change(input.request) } })
const isBytes = (value) => value instanceof Uint8Array || value instanceof ArrayBuffer
const isUtf8 = (bytes) => {
  try {
    return isText(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch {
    return false
  }
}
const isReadable = (body) => isText(body) || (isBytes(body) && isUtf8(body))
const isTokenLike = (token) => isObject(token) && isText(token.key) && isText(token.secret)
/** Tells whether an object is a promise, something else that holds a body, or a body that has been parsed. */
const assertInvalid = ({ value }) => assert.equal(value.isValid, false)

/** Removes the time from an outcome. */
function omitTime({ value, ...outcome }) {
  return { ...outcome, value: { ...value, getTime: undefined } }
}
/** Compares the error of an invalid webhook without these members. */
const compareWithout = (...names) => {
  const cut = ({ value, ...outcome }) => ({
    ...outcome,
    value: mapMembers(value, (one) => (one?.message ? omit(one, ...names) : one)),
  })
  return { adaptTheirs: cut, adaptOurs: cut }
}

const webhookDifferences = [
  forMethods(["webhook"], {
    name: "headers in any form",
    where: "Header names match in any case, `Headers` will do, and a header that is given twice counts as missing",
    why: "case has no meaning in HTTP; a header that occurs twice is ambiguous and counts as missing",
    applies: ({ request }) => {
      if (!isObject(request?.headers)) return false
      const isPlain = (name) => NAMES.includes(name) && isText(request.headers[name])
      const names = Object.keys(request.headers).filter((name) => NAMES.includes(name.toLowerCase()))
      return request.headers instanceof Headers || !names.every(isPlain)
    },
    adaptInput: (input) => replaceRequest(input, ({ headers }) => ({ headers: getPlainHeaders(headers) })),
  }),
  forMethods(["webhook"], {
    name: "content types with a charset",
    where: "The content type may carry a charset",
    why: "proxies and frameworks add one",
    applies: ({ request }) => {
      const type = getPlainHeaders(request?.headers)["content-type"]
      return type !== "application/json" && /^\s*application\/json\s*(;|$)/i.test(type)
    },
    adaptInput: (input) =>
      replaceRequest(input, ({ headers }) => ({
        headers: { ...getPlainHeaders(headers), "content-type": "application/json" },
      })),
    ...compareWithout("contentType"),
  }),
  forMethods(["webhook"], {
    name: "malformed webhooks",
    where: "A malformed webhook is invalid, and never a `TypeError`",
    why: "anybody can send anything to an open endpoint, which must lead to an answer instead of an exception",
    applies: ({ request, token }) =>
      !isObject(request) ||
      !isObject(request.headers) ||
      !isText(getPlainHeaders(request.headers)["x-pusher-signature"]) ||
      !isText(getPlainHeaders(request.headers)["x-pusher-key"]) ||
      !isReadable(request.rawBody) ||
      !isTokenLike(token),
    check: assertInvalid,
  }),
  forMethods(["webhook"], {
    name: "malformed extra tokens",
    where: "A token without a key or secret verifies nothing, and a malformed one is passed over",
    why: "a token that is not configured cannot validate anything",
    applies: ({ extra }) => !isAbsent(extra) && ![extra].flat().every(isTokenLike),
    adaptInput: (input) => ({ ...input, extra: [input.extra].flat().filter(isTokenLike) }),
  }),
  forMethods(["webhook"], {
    name: "bodies of bytes",
    where: "The body may be bytes",
    why: "the signature covers bytes, and most frameworks provide bytes",
    applies: ({ request }) => isBytes(request?.rawBody) && isUtf8(request.rawBody),
    adaptInput: (input) => replaceRequest(input, ({ rawBody }) => ({ rawBody: Buffer.from(rawBody).toString() })),
    ...compareWithout("body"),
  }),
  forMethods(["webhook"], {
    name: "times that are not numbers",
    where: "`getTime()` is an invalid `Date` where `time_ms` is not a number",
    why: "the protocol has no such times, and there is no point in guessing a date",
    applies: ({ request }) =>
      isObject(request) &&
      isReadable(request.rawBody) &&
      /"time_ms":[^-\d]/.test(Buffer.from(request.rawBody).toString()),
    adaptTheirs: omitTime,
    adaptOurs: omitTime,
  }),
  forMethods(["webhook"], {
    name: "a body of `null`",
    where: "A malformed webhook is invalid, and never a `TypeError`",
    why: "reading its events must not throw a TypeError",
    applies: ({ request }) =>
      isObject(request) && isReadable(request.rawBody) && Buffer.from(request.rawBody).toString().trim() === "null",
    check: ({ value }) => {
      if (value.isContentTypeValid)
        assert.deepEqual(pick(value, "getData", "getEvents"), { getData: null, getEvents: undefined })
      else assert.equal(value.getEvents.name, "PusherWebHookError")
    },
  }),
]

// --- differences that no generated input shows

const never = () => false
const notGenerated = [
  {
    name: "the timeout covers the body",
    where: "The timeout covers the body of the response, too",
    why: "a body that never ends would block a program as well",
  },
  {
    name: "large events",
    where: "On Pusher's own hosts, more than 10 240 bytes of data throw (`maxPayloadBytes`)",
    why: "the server would refuse them only after they have been sent",
  },
  {
    name: "a call's own options",
    where: "`signal` and `idempotencyKey` are not part of the body",
    why: "they belong to the call, not to the event",
  },
  {
    name: "mistyped options of a call",
    where: "A mistyped option throws, such as `socketId`",
    why: "the sender would get its own event, or all channels be listed",
  },
  {
    name: "callbacks",
    where: "A callback throws",
    why: "`pusher` before version 5 took them; no method would ever call one",
  },
  {
    name: "params with a `toJSON`",
    where:
      "The `params` of `trigger` cannot overwrite the event's `name`, `channels` or `data`, not even by a `toJSON`",
    why: "what it returns would be the whole event",
  },
  {
    name: "inherited parameters",
    where: "Any other name will do, even `constructor`, but inherited parameters are left out",
    why: "members of `Object.prototype` are not the caller's",
  },
  {
    name: "the caller's batch",
    where: "The list that you give to `triggerBatch` is not changed",
    why: "`pusher` encrypts a list twice when it is sent again",
  },
  {
    name: "members of `config`",
    where: "`config` has no methods, and its `agent` is not enumerable",
    why: "an agent may hold a proxy's password, so it is not printed; the module makes paths and URLs",
  },
  {
    name: "members of a webhook",
    where: "A webhook's `token`, `signature` and `body` are not enumerable",
    why: "token, signature and body are readable, but neither printed nor copied",
  },
  {
    name: "a replaced `channelSharedSecret`",
    where: "Replacing `channelSharedSecret` changes nothing",
    why: "the module encrypts with the master key that was checked",
  },
  { name: "a frozen `config`", where: "`config` is frozen", why: "checked values must not change" },
  {
    name: "printed secrets",
    where: "Secrets and signatures stay out of what is printed, and out of an error's `body`",
    why: "printed text ends up in logs",
  },
  {
    name: "control characters in messages",
    where: "Control characters in messages are escaped",
    why: "a line break in a name must not begin a line of a log",
  },
  {
    name: "the host's error",
    where: "An error's `error` is what the runtime's `fetch` threw",
    why: "the host's `fetch` sends the requests",
  },
].map((difference) => ({ ...difference, applies: never }))

export const differences = [
  ...notGenerated,
  ...constructionDifferences,
  ...argumentDifferences,
  ...batchDifferences,
  ...queryDifferences,
  ...answerDifferences,
  ...secretDifferences,
  ...webhookDifferences,
]
