// Every difference from npm `pusher` that is meant, as data. The comparison excepts what is told here and nothing else;
// differences.test.mjs shows each of them.
//
// - `name`; `where`: words of the item in the README's list that tells it; `why` it is so.
// - `applies(input)`: whether it bears on an input, `{ method, options, args, now }`.
// - What is expected then, one of
//   `refuses`: a PusherValidationError at once, with one of these codes;
//   `check(outcome, input)`: throws unless the outcome is right;
//   `as(input)`: the input with which `pusher` does what we do; beside it `theirsAs(outcome, input)` and
//   `oursAs(outcome, input)` put the outcomes into a form in which they can be the same.
import assert from "node:assert/strict"

import { assertSigned } from "./stub.mjs"

const isAbsent = (value) => value === undefined || value === null
const isObject = (value) => !isAbsent(value) && (typeof value === "object" || typeof value === "function")
const isText = (value) => typeof value === "string"
const isNumeral = (value) => isText(value) || typeof value === "number"
const isEncrypted = (channel) => isText(channel) && channel.startsWith("private-encrypted-")
const isPrintable = (value) => {
  try {
    return `${value}` !== undefined
  } catch {
    return false
  }
}
const wellFormed = (value) => (isText(value) ? value.toWellFormed() : value)
const isIllFormed = (value) => isText(value) && !value.isWellFormed()

const mapMembers = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]))
const keepMembers = (object, keep) =>
  Object.fromEntries(Object.entries(object).filter(([name, value]) => keep(value, name)))
const without = (object, ...names) => keepMembers(object, (_, name) => !names.includes(name))
const withArg = (input, index, value) => ({ ...input, args: input.args.with(index, value) })

/** A difference of these methods; its `applies` also gets their arguments. */
const of = (methods, difference) => ({
  ...difference,
  applies: (input) => methods.includes(input.method) && difference.applies(input, ...(input.args ?? [])),
})

// --- options of the constructor: `input.options`

const CONSTRUCTING = ["new", "forURL", "forCluster"]
const isHost = (host, port) => {
  const parts = /^(?:\[[0-9a-fA-F:.]+\]|[\w.\-\u0080-\uffff]+)(?::(\d+))?$/.exec(host)
  return parts !== null && (parts[1] === undefined || ((isAbsent(port) || port === "") && isPort(parts[1])))
}
const isPort = (port) =>
  isNumeral(port) && Number.isInteger(Number(port)) && Number(port) >= 1 && Number(port) <= 65_535
const isTimeout = (timeout) => isNumeral(timeout) && Number(timeout) >= 0 && Number(timeout) < Infinity
/** What each option must be where it is given. `host` and `cluster` are only looked at closely where they are used. */
const RIGHT_OPTIONS = {
  appId: (id) => isNumeral(id) && id !== "." && id !== "..",
  key: isText,
  secret: isText,
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
const hasWrongOption = (options, method) =>
  Object.entries(RIGHT_OPTIONS).some(
    ([name, isRight]) => !isAbsent(options[name]) && !isRight(options[name], options, method),
  )
const NUMBERS = {
  port: (port) => (port === "" ? undefined : Number(port)),
  timeout: (ms) => Math.ceil(Math.min(Number(ms), 2 ** 31 - 1)),
}

const constructing = [
  of(CONSTRUCTING, {
    name: "options left out altogether",
    where: "`null` options are options left out",
    why: "nothing in them is needed before the first call",
    applies: ({ options }) => isAbsent(options),
    as: (input) => ({ ...input, options: {} }),
  }),
  of(CONSTRUCTING, {
    name: "`null` options",
    where: "`null` options are options left out",
    why: "configuration from JSON or a database has `null` for what is not set; `useTLS: null` must not turn TLS off",
    applies: ({ options }) => isObject(options) && Object.values(options).includes(null),
    as: (input) => ({
      ...input,
      options: keepMembers(input.options, (value, name) => value !== null || name === "appId"),
    }),
  }),
  of(CONSTRUCTING, {
    name: "wrong options",
    where: "Options and arguments of the wrong type",
    why: "found where it is made, a mistake does not become a request to the wrong place, or one in the clear",
    applies: ({ options, method }) => !isAbsent(options) && (!isObject(options) || hasWrongOption(options, method)),
    refuses: ["invalid_option", "invalid_argument"],
  }),
  of(CONSTRUCTING, {
    name: "TLS by default",
    where: "TLS is on unless you turn it off",
    why: "events may be private",
    applies: ({ options, method }) =>
      method !== "forURL" && !options?.scheme && isAbsent(options?.useTLS) && isAbsent(options?.encrypted),
    as: (input) => ({ ...input, options: { ...input.options, useTLS: true } }),
  }),
  of(CONSTRUCTING, {
    name: "a timeout by default",
    where: "the timeout is 10 s unless you set it",
    why: "a server that never answers must not hold a program up for ever",
    applies: ({ options }) => isAbsent(options?.timeout) || options.timeout === "",
    as: (input) => ({ ...input, options: { ...input.options, timeout: 10_000 } }),
  }),
  of(CONSTRUCTING, {
    name: "numbers in `config`",
    where: "Options and arguments of the wrong type",
    why: "environment variables hold numbers as text; a timer takes whole milliseconds, and with more than 2^31 - 1 goes off at once",
    applies: ({ options }) =>
      isObject(options) &&
      Object.entries(NUMBERS).some(
        ([name, number]) => isNumeral(options[name]) && options[name] !== number(options[name]),
      ),
    as: (input) => ({
      ...input,
      options: mapMembers(input.options, (value, name) =>
        name in NUMBERS && isNumeral(value) ? NUMBERS[name](value) : value,
      ),
    }),
  }),
  of(CONSTRUCTING, {
    name: "no token without credentials",
    where: "a missing credential is an error at once",
    why: "a signature made with a part missing is refused by every server, or made by nobody knows what secret",
    applies: ({ options, method }) => method !== "forURL" && !(options?.key && options?.secret),
    theirsAs: ({ value, ...outcome }) => ({
      ...outcome,
      ...(value && { value: { ...value, key: undefined, secret: undefined } }),
    }),
  }),
  of(CONSTRUCTING, {
    name: "lone surrogates in options",
    where: "A lone surrogate in a string becomes U+FFFD",
    why: "everything travels as UTF-8, which has no form for them",
    applies: ({ options }) => isObject(options) && Object.values(options).some(isIllFormed),
    // `config` shows the app's id as it was given.
    as: (input) => ({
      ...input,
      options: mapMembers(input.options, (value, name) => (name === "appId" ? value : wellFormed(value))),
    }),
  }),
  of(CONSTRUCTING, {
    name: "a raw master key of 32 bytes",
    where: "`encryptionMasterKey` is 32 bytes",
    why: "`pusher` counts its characters, so that one with characters beyond ASCII would have more bytes than other libraries take",
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
  of(["forURL"], {
    name: "connection URLs without a part",
    where: "`forURL` percent-decodes every part",
    why: "the message names the part; `pusher` throws a TypeError, or goes on with `NaN` and `undefined`",
    applies: ({ parts }) => parts === undefined,
    refuses: ["invalid_url"],
  }),
  of(["forURL"], {
    name: "connection URLs",
    where: "`forURL` percent-decodes every part",
    why: "any key, secret and app id can then be written in one, and a server behind a prefix can be reached",
    applies: ({ parts }) => parts !== undefined,
    as: ({ parts: { scheme, host, port, key, secret, appId }, options, ...input }) => ({
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
/** The positions of the arguments that are names and ids. */
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
/** Whether `JSON.stringify` makes text of it, or it is left out. */
const isData = (data) => {
  try {
    return data === undefined || isText(JSON.stringify(data))
  } catch {
    return false
  }
}
/** What of the arguments becomes JSON. */
const dataOf = ({ method, args }) => {
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

const ofArguments = [
  of(SIGNING, {
    name: "missing credentials",
    where: "a missing credential is an error at once",
    why: "the error names the option, where `pusher` throws a TypeError or asks the server for the app `undefined`",
    applies: ({ options: { appId, key, secret }, method }) => !key || !secret || (SENDING.includes(method) && !appId),
    // `pusher` has its own idea of what is reserved.
    refuses: ["missing_option", "reserved_parameter"],
  }),
  of(Object.keys(TEXTS), {
    name: "values that cannot be printed",
    where: "Options and arguments of the wrong type",
    why: "the message must tell of the mistake, not be one",
    applies: ({ method, args }) => {
      const names = TEXTS[method].flatMap((index) => args[index])
      if (method === "authenticateUser") names.push(isObject(args[1]) ? args[1].id : args[1])
      if (method === "trigger") names.push(args[3]?.socket_id)
      return !names.every(isPrintable)
    },
    refuses: ["invalid_channel", "invalid_event", "invalid_socket_id", "invalid_user_id", "invalid_user_data"],
  }),
  of(Object.keys(TEXTS), {
    name: "lone surrogates",
    where: "A lone surrogate in a string becomes U+FFFD",
    why: "everything travels as UTF-8, which has no form for them",
    applies: ({ method, args }) => [...TEXTS[method], 2].some((index) => isIllFormed(args[index])),
    // What is encrypted is JSON, which escapes them.
    as: (input) => ({
      ...input,
      args: input.args.map((arg, index) =>
        index === 2 && isEncrypted([input.args[0]].flat()[0]) ? arg : wellFormed(arg),
      ),
    }),
  }),
  of(["trigger", "sendToUser", "authorizeChannel", "authenticate", "authenticateUser", "post"], {
    name: "data that JSON cannot hold",
    where: "Data that JSON cannot hold",
    why: "`pusher` leaves a function out without a word, and its TypeErrors do not tell whose data was wrong",
    applies: (input) => !isData(dataOf(input)),
    refuses: ["invalid_data"],
  }),
  of(["trigger", "sendToUser"], {
    name: "wrong event names",
    where: "An empty or over-long name",
    why: "the server refuses an event without a name",
    applies: (_, __, event) => !isText(event) || event === "",
    refuses: ["invalid_event"],
  }),
  of(["trigger"], {
    name: "no channel",
    where: "An empty or over-long name",
    why: "the server refuses an event on no channel",
    applies: (_, channels) => Array.isArray(channels) && channels.length === 0,
    refuses: ["invalid_channel"],
  }),
  of(["trigger"], {
    name: "falsy socket ids",
    where: "a malformed `socket_id`",
    why: "`pusher` checks it only if it is truthy: the event then also goes to the one connection that was to be spared",
    applies: (_, __, ___, ____, params) =>
      isObject(params) && !isAbsent(params.socket_id) && !isSocketId(params.socket_id),
    refuses: ["invalid_socket_id"],
  }),
  of(["trigger"], {
    name: "`params` that are no object",
    where: "Options and arguments of the wrong type",
    why: "`pusher` spreads them: a string becomes a member for each of its characters",
    applies: (_, __, ___, ____, params) => !isAbsent(params) && !isObject(params),
    refuses: ["invalid_argument"],
  }),
  of(["trigger"], {
    name: "`params` cannot overwrite the event",
    where: "cannot overwrite the event's `name`, `channels` or `data`",
    why: "`channels` among them would send plain text to an encrypted channel, and to channels that nobody checked",
    applies: (_, __, ___, ____, params) =>
      isObject(params) && ["name", "data", "channels"].some((name) => name in params),
    as: (input) => withArg(input, 3, without(input.args[3], "name", "data", "channels")),
  }),
  of(["trigger"], {
    name: "`null` params",
    where: "`null` members are left out",
    why: "`socket_id: null` is how many programs say that there is none",
    applies: (_, __, ___, ____, params) => isObject(params) && Object.values(params).includes(null),
    as: (input) =>
      withArg(
        input,
        3,
        keepMembers(input.args[3], (value) => value !== null),
      ),
  }),
  of(["trigger"], {
    name: "lists of attributes",
    where: "`info` may be a list",
    why: "a convenience: the server takes them as one string",
    applies: (_, __, ___, ____, params) => Array.isArray(params?.info),
    as: (input) => withArg(input, 3, { ...input.args[3], info: input.args[3].info.join(",") }),
  }),
  of(["trigger"], {
    name: "members named by numbers",
    where: "the event's own members come first",
    why: "JavaScript lists such members before all others; what JSON says is the same",
    applies: (_, __, ___, ____, params) => isObject(params) && Object.keys(params).some((name) => /^\d+$/.test(name)),
    ...unordered(),
  }),
  of(["trigger", "sendToUser"], {
    name: "no data on an encrypted channel",
    where: "no data at all is `null` on an encrypted channel",
    why: '`pusher` throws "expected string"; clients can only decrypt what is there',
    applies: (_, channels, __, data) => data === undefined && isEncrypted([channels].flat()[0]),
    as: (input) => withArg(input, 2, null),
  }),
]

/** Compares bodies by what their JSON says, and URLs without what depends on the body's bytes. */
function unordered() {
  const parsed = ({ value, ...outcome }) => {
    if (!value) return { ...outcome, value }
    const { "content-length": _, ...headers } = value.headers
    const url = value.url.replace(/&?(body_md5|auth_signature)=\w+/g, "")
    return { ...outcome, value: { ...value, url, headers, body: JSON.parse(value.body) } }
  }
  return { theirsAs: parsed, oursAs: parsed }
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
/** An event as we write it. */
const orderly = ({ channel, name, data, ...rest }) => ({
  channel,
  name: wellFormed(name),
  data: data === undefined && isEncrypted(channel) ? null : isEncrypted(channel) ? data : wellFormed(data),
  ...mapMembers(
    keepMembers(rest, (value) => value !== null),
    (value, name) => (name === "info" && Array.isArray(value) ? value.join(",") : value),
  ),
})

const ofBatches = [
  of(["triggerBatch"], {
    name: "batches of no event, of more than 10, or that are no list",
    where: "a wrong event of a batch",
    why: "the server refuses them",
    applies: (_, events) => !isBatch(events),
    refuses: ["invalid_batch", "invalid_argument"],
  }),
  of(["triggerBatch"], {
    name: "wrong events of a batch",
    where: "a wrong event of a batch",
    why: "`pusher` checks nothing but the master key; our message tells which event it was",
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
  of(["triggerBatch"], {
    name: "the order of a batch's members",
    where: "each event is written as `channel`, `name`, `data`, then the rest",
    why: "the caller's order need not be kept; `null` members and lists of attributes are as with `trigger`",
    applies: ({ options }, events) => isBatch(events) && events.every((event) => isBatchEvent(event, options)),
    as: (input) => withArg(input, 0, input.args[0].map(orderly)),
    ...unordered(),
  }),
]

// --- queries and paths: `args[0]` is `{ method, path, params, body }`

const SAFE = /^[A-Za-z0-9\-_.~,:@/]*$/
const isPath = (path) =>
  isText(path) && path.startsWith("/") && !path.split("/").some((segment) => segment === "." || segment === "..")
const paramsOf = (request) => (isObject(request?.params) ? Object.entries(request.params) : [])
const ofParams = (difference) =>
  of(WITH_PARAMS, {
    ...difference,
    applies: ({ options }, request) => difference.applies([["auth_key", options.key], ...paramsOf(request)]),
  })
const withParams = (input, change) => withArg(input, 0, { ...input.args[0], params: change(input.args[0].params) })
/** As servers put a key in lower case: only ASCII. */
const lowerCase = (name) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
const RESERVED = ["auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5"]
/** Checks that a request, or a signed query, is what the input says, by the rules of the server. */
const isWhatWasAsked = ({ value, thrown, rejected }, { method: called, options, args: [request = {}], now }) => {
  const reserved = paramsOf(request).some(([name, value]) => !isAbsent(value) && RESERVED.includes(name.toLowerCase()))
  if (reserved) return assert.equal(thrown.code, "reserved_parameter")
  if (thrown ?? rejected) throw thrown ?? rejected
  const isQuery = called === "createSignedQueryString"
  const body = isQuery ? request.body || "" : value.body
  const sent = isQuery ? { method: request.method.toUpperCase(), url: `${request.path}?${value}`, body } : value
  const [path, query] = isQuery ? [request.path, value] : sent.url.split("?")
  if (!isQuery) assert.equal(decodeURIComponent(path), `/apps/3${wellFormed(request.path)}`)
  assertSigned(sent, options)
  const pairs = query.split("&").map((pair) => pair.split("=").map(decodeURIComponent))
  assert.equal(pairs.length, new Set(pairs.map(([name]) => name)).size)
  const own = pairs.filter(([name]) => !RESERVED.includes(name))
  const given = paramsOf(request).filter(([, value]) => !isAbsent(value))
  const expected = given.map(([name, value]) => [lowerCase(wellFormed(name)), wellFormed(String(value))])
  assert.deepEqual(own.sort(), expected.sort())
  assert.equal(Object.fromEntries(pairs).auth_timestamp, String(Math.floor(now / 1000)))
}

const ofQueries = [
  of(WITH_PARAMS, {
    name: "wrong requests",
    where: "Options and arguments of the wrong type",
    why: "`pusher` throws a TypeError, or asks for `/apps/3undefined`",
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
  of(["get", "post"], {
    name: "paths that are none",
    where: "Options and arguments of the wrong type",
    why: "a path without a slash runs into the app's id; URL parsers resolve dot segments, so another path would be sent than is signed",
    applies: (_, request) => isText(request?.path) && !isPath(request.path),
    refuses: ["invalid_path"],
  }),
  of(["get", "post"], {
    name: "encoded paths",
    where: "Path segments and query values are percent-encoded",
    why: "nothing in a path can then end it and reach another endpoint",
    applies: (_, request) => isText(request?.path) && !SAFE.test(request.path),
    check: isWhatWasAsked,
  }),
  of(["terminateUserConnections"], {
    name: "encoded user ids",
    where: "Path segments and query values are percent-encoded",
    why: "a user's id can then neither reach another endpoint nor be one that the server does not know",
    applies: (_, id) => isText(id) && !/^[A-Za-z0-9\-_.~,:@]*$/.test(id),
    check: ({ value }, { args: [id] }) => {
      const [path] = value.url.split("?")
      const [, , , users, segment, action, ...more] = path.split("/")
      assert.deepEqual(
        [users, decodeURIComponent(segment), action, more],
        ["users", wellFormed(id), "terminate_connections", []],
      )
      assertSigned(value)
    },
  }),
  of(["terminateUserConnections"], {
    name: "user ids that no URL can carry",
    where: "Path segments and query values are percent-encoded",
    why: "URL parsers resolve dot segments: `pusher` sends another path than it signs",
    applies: (_, id) => id === "." || id === "..",
    refuses: ["invalid_path"],
  }),
  ofParams({
    name: "parameters left out",
    where: "`undefined` and `null` parameters are left out",
    why: "`pusher` sends the words",
    applies: (params) => params.some(([, value]) => isAbsent(value)),
    as: (input) => withParams(input, (params) => keepMembers(params, (value) => !isAbsent(value))),
  }),
  ofParams({
    name: "parameters in lower case",
    where: "query keys are in lower case",
    why: "the server puts them in lower case before it checks the signature, so `pusher`'s is refused",
    applies: (params) => params.some(([name]) => /[A-Z]/.test(name)),
    as: (input) =>
      withParams(input, (params) =>
        Object.fromEntries(Object.entries(params).map(([name, value]) => [lowerCase(name), value])),
      ),
  }),
  ofParams({
    name: "reserved parameters in capitals",
    where: "query keys are in lower case",
    why: "in lower case they would stand there twice",
    applies: (params) =>
      params.some(
        ([name, value]) => !isAbsent(value) && !RESERVED.includes(name) && RESERVED.includes(name.toLowerCase()),
      ),
    refuses: ["reserved_parameter"],
  }),
  ofParams({
    name: "encoded parameters",
    where: "Path segments and query values are percent-encoded",
    why: "nothing in a value can then end it, or add parameters; what is signed stays the same",
    applies: (params) =>
      params.some(([name, value]) => !isAbsent(value) && isPrintable(value) && !SAFE.test(`${name}${value}`)),
    check: isWhatWasAsked,
  }),
  ofParams({
    name: "parameters named as members of every object",
    where: "any name that is not reserved will do",
    why: "`pusher` looks names up in an object and takes `toString` for a reserved one",
    applies: (params) => params.some(([name]) => name in Object.prototype),
    check: isWhatWasAsked,
  }),
  of(["get"], {
    name: "a `get` with a body",
    where: "the `body` of a `get` is left out",
    why: "no request of that kind has one; `pusher` rejects with a TypeError as the cause",
    applies: (_, request) => Boolean(request?.body),
    as: (input) => withArg(input, 0, without(input.args[0], "body")),
  }),
  of(["post"], {
    name: "a `post` of a string",
    where: "`post` sends a string body as it is",
    why: "its types ask for a string, and `pusher` then sends a JSON string that holds JSON",
    applies: (_, request) => isText(request?.body) && request.body !== "",
    check: (outcome, input) => {
      isWhatWasAsked(outcome, input)
      if (!outcome.thrown) assert.equal(outcome.value.body, wellFormed(input.args[0].body))
    },
  }),
  of(["createSignedQueryString", ...SENDING], {
    name: "timestamps after 2038",
    where: "timestamps go on after 2038",
    why: "`pusher` cuts them to 31 bits",
    applies: ({ now }) => now >= 2 ** 31 * 1000,
    check: ({ value }, { now }) => {
      if (!value) return
      const [, query] = /([^?]*)$/.exec(value.url ?? value)
      assert.equal(new URLSearchParams(query).get("auth_timestamp"), String(Math.floor(now / 1000)))
    },
  }),
]

// --- what is answered: `args` is `[{ status, body }]`

const ofAnswers = [
  of(["answer"], {
    name: "redirects are not followed",
    where: "Redirects are not followed",
    why: "a signature is made for one URL; and where TLS is forgotten, a redirect would hide it",
    applies: (_, { status }) => status >= 300 && status < 400,
    check: ({ rejected }, { args: [{ status }] }) => {
      assert.equal(rejected.message, `Unexpected status code ${status}`)
      assert.equal(rejected.status, status)
    },
  }),
  of(["answer"], {
    name: "signatures in a server's words",
    where: "Secrets and signatures stay out of what is printed",
    why: "servers quote the signature that they expected, and errors end up in logs",
    applies: (_, { status, body }) => status >= 400 && /[0-9a-f]{64}/i.test(body),
    theirsAs: ({ rejected, ...outcome }) => ({
      ...outcome,
      rejected: Object.assign(new Error(rejected.message), rejected, {
        body: rejected.body.replace(/[0-9a-f]{64}/gi, "(signature)"),
      }),
    }),
  }),
]

// --- the rest of the client

const ofSecrets = [
  of(["channelSharedSecret"], {
    name: "shared secrets of channels only",
    where: "An empty or over-long name",
    why: "of what is no channel there is no secret to share; and without a master key the error says so",
    applies: ({ options }, channel) => !isChannel(channel) || !options.encryptionMasterKeyBase64,
    refuses: ["invalid_channel", "missing_option"],
  }),
  of(["token"], {
    name: "tokens of strings",
    where: "Options and arguments of the wrong type",
    why: "`pusher` throws a TypeError of node:crypto, or signs what is no text",
    applies: ({ token: { key, secret }, args: [string, signature] }) => ![key, secret, string, signature].every(isText),
    check: ({ value, thrown }, { token: { key, secret } }) => {
      if (!isText(key) || !isText(secret)) assert.equal(thrown.code, "invalid_argument")
      else
        assert.deepEqual(
          [value.verifies, isText(value.signature) || value.signature === "invalid_argument"],
          [false, true],
        )
    },
  }),
]

// --- webhooks: `input.request` is `{ headers, rawBody }`, `input.token` and `input.extra` the tokens

const NAMES = ["x-pusher-key", "x-pusher-signature", "content-type"]
/** The header's value where it stands there once, in whatever case, alone or in a list of one. */
const soleHeader = (headers, name) => {
  const keys = Object.keys(headers).filter((key) => key.toLowerCase() === name)
  const values = headers instanceof Headers ? [headers.get(name)] : keys.map((key) => headers[key])
  const [value] = values.flatMap((value) => (Array.isArray(value) && value.length === 1 ? value : [value]))
  return values.length === 1 && isText(value) ? value : undefined
}
const plainHeaders = (headers) =>
  isObject(headers) ? Object.fromEntries(NAMES.map((name) => [name, soleHeader(headers, name)])) : {}
const withRequest = (input, change) => ({ ...input, request: { ...input.request, ...change(input.request) } })
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
const isInvalid = ({ value }) => assert.equal(value.isValid, false)

function untimely({ value, ...outcome }) {
  return { ...outcome, value: { ...value, getTime: undefined } }
}
/** Compares the error of reading an invalid webhook without some of its members. */
const withoutMembers = (...names) => {
  const cut = ({ value, ...outcome }) => ({
    ...outcome,
    value: mapMembers(value, (one) => (one?.message ? without(one, ...names) : one)),
  })
  return { theirsAs: cut, oursAs: cut }
}

const ofWebhooks = [
  of(["webhook"], {
    name: "headers in any form",
    where: "header names match in any case",
    why: "HTTP does not tell them apart by case; a header that stands there twice is none, for nobody knows which was meant",
    applies: ({ request }) => {
      if (!isObject(request?.headers)) return false
      const isPlain = (name) => NAMES.includes(name) && isText(request.headers[name])
      const names = Object.keys(request.headers).filter((name) => NAMES.includes(name.toLowerCase()))
      return request.headers instanceof Headers || !names.every(isPlain)
    },
    as: (input) => withRequest(input, ({ headers }) => ({ headers: plainHeaders(headers) })),
  }),
  of(["webhook"], {
    name: "content types with a charset",
    where: "its content type may carry a charset",
    why: "proxies and frameworks add one",
    applies: ({ request }) => {
      const type = plainHeaders(request?.headers)["content-type"]
      return type !== "application/json" && /^\s*application\/json\s*(;|$)/i.test(type)
    },
    as: (input) =>
      withRequest(input, ({ headers }) => ({
        headers: { ...plainHeaders(headers), "content-type": "application/json" },
      })),
    ...withoutMembers("contentType"),
  }),
  of(["webhook"], {
    name: "malformed webhooks",
    where: "A webhook without a signature",
    why: "whatever anybody sends to an open endpoint must be an answer, not an exception",
    applies: ({ request, token }) =>
      !isObject(request) ||
      !isObject(request.headers) ||
      !isText(plainHeaders(request.headers)["x-pusher-signature"]) ||
      !isText(plainHeaders(request.headers)["x-pusher-key"]) ||
      !isReadable(request.rawBody) ||
      !isTokenLike(token),
    check: isInvalid,
  }),
  of(["webhook"], {
    name: "further tokens that are none",
    where: "A webhook without a signature",
    why: "a token that is not configured counts for nothing",
    applies: ({ extra }) => !isAbsent(extra) && ![extra].flat().every(isTokenLike),
    as: (input) => ({ ...input, extra: [input.extra].flat().filter(isTokenLike) }),
  }),
  of(["webhook"], {
    name: "bodies of bytes",
    where: "its body may be bytes",
    why: "bytes are what is signed, and what most frameworks give",
    applies: ({ request }) => isBytes(request?.rawBody) && isUtf8(request.rawBody),
    as: (input) => withRequest(input, ({ rawBody }) => ({ rawBody: Buffer.from(rawBody).toString() })),
    ...withoutMembers("body"),
  }),
  of(["webhook"], {
    name: "times that are no numbers",
    where: "A webhook without a signature",
    why: "the protocol has none; what else a date can be made of is not to be guessed",
    applies: ({ request }) =>
      isObject(request) &&
      isReadable(request.rawBody) &&
      /"time_ms":[^-\d]/.test(Buffer.from(request.rawBody).toString()),
    theirsAs: untimely,
    oursAs: untimely,
  }),
  of(["webhook"], {
    name: "a body of `null`",
    where: "A webhook without a signature",
    why: "reading its events is no TypeError",
    applies: ({ request }) =>
      isObject(request) && isReadable(request.rawBody) && Buffer.from(request.rawBody).toString().trim() === "null",
    check: ({ value }) => {
      if (value.isContentTypeValid) assert.deepEqual([value.getData, value.getEvents], [null, undefined])
      else assert.equal(value.getEvents.name, "PusherWebHookError")
    },
  }),
]

// --- what generated inputs do not bear on

const never = () => false
const shownOnly = [
  {
    name: "the timeout covers the body",
    where: "it covers the answer's body",
    why: "a body that never ends holds a program up as well",
  },
  {
    name: "large events",
    where: "larger than 10 240 bytes",
    why: "the server refuses them, after they have travelled",
  },
  {
    name: "a call's own options",
    where: "`signal` and `idempotencyKey` are not part of the body",
    why: "they are for the call, not for the event",
  },
  {
    name: "inherited parameters",
    where: "any name that is not reserved will do",
    why: "what is on `Object.prototype` is not the caller's",
  },
  {
    name: "the caller's batch",
    where: "The list given to `triggerBatch` is not changed",
    why: "sent again, `pusher` encrypts it twice",
  },
  { name: "a frozen `config`", where: "`config` is frozen", why: "what was checked once stays as it was" },
  {
    name: "what is printed",
    where: "Secrets and signatures stay out of what is printed",
    why: "what is printed ends up in logs",
  },
  { name: "the host's error", where: "what the host's `fetch` threw", why: "the requests go out through it" },
].map((difference) => ({ ...difference, applies: never }))

export const differences = [
  ...shownOnly,
  ...constructing,
  ...ofArguments,
  ...ofBatches,
  ...ofQueries,
  ...ofAnswers,
  ...ofSecrets,
  ...ofWebhooks,
]
