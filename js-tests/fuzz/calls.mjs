// The calls: every export, with arguments that are often what it takes and often anything.
import fc from "fast-check"

import { any } from "./values.mjs"

/** An argument that is one of these texts, or anything. */
const oneOf = (...texts) =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(...texts).map((text) => (text === undefined ? ["undefined"] : ["text", text])),
    },
    { weight: 1, arbitrary: any },
  )

/** An argument that is an object of some of these members, each right or anything, or anything itself. */
const objectOf = (members, others = 1) => {
  const pairs = Object.entries(members).map(([name, value]) => value.map((value) => [name, value]))
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.subarray(pairs.map((_, at) => at)), fc.tuple(...pairs))
        .map(([chosen, all]) => ["object", all.filter((_, at) => chosen.includes(at))]),
    },
    { weight: others, arbitrary: any },
  )
}

const listOf = (item) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.array(item, { maxLength: 12 }).map((items) => ["list", items]) },
    { weight: 1, arbitrary: fc.array(item, { maxLength: 5 }).map((items) => ["async-iterable", items]) },
    { weight: 1, arbitrary: any },
  )

const numberOf = (...numbers) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...numbers).map((number) => ["number", String(number)]) },
    { weight: 1, arbitrary: any },
  )

const either = (...arbitraries) => fc.oneof(...arbitraries)
const functionOf = (...acts) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...acts).map((act) => ["function", act]) },
    { weight: 1, arbitrary: any.map((of) => ["returns", of]) },
    { weight: 1, arbitrary: any },
  )
const flag = either(fc.constantFrom(["true"], ["false"]), any)
const right = (recipe) => fc.oneof({ weight: 4, arbitrary: fc.constant(recipe) }, { weight: 1, arbitrary: any })

const MASTER_KEY = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="
const socketId = oneOf("1.1", "1234.5678", "x")
const channel = oneOf("private-a", "presence-a", "a", "private-encrypted-a", "not a name")
const event = oneOf("event", "e".repeat(201))
const info = either(oneOf("user_count", undefined), fc.constant(["list", [["text", "user_count"]]]), any)
const signal = either(
  fc.constantFrom(["host", "signal"], ["host", "aborted-signal"], ["host", "soon-signal"], ["undefined"]),
  any,
)
const retry = either(
  fc.constantFrom(["true"], ["false"], ["undefined"]),
  objectOf({
    attempts: numberOf(1, 2, 3),
    baseDelay: numberOf(0, 1),
    maxDelay: numberOf(0, 1),
    deadline: numberOf(0, 30),
  }),
)
const onward = { signal, idempotencyKey: oneOf("key", ""), retry }
const eventParams = { socket_id: socketId, info }
const act = functionOf("undefined", "throw", "throw-primitive", "reject", "call", "trigger", "free", "never", "echo")
const headers = either(
  fc.constantFrom(
    ["host", "headers"],
    ["object", [["x-own", ["text", "1"]]]],
    [
      "list",
      [
        [
          "list",
          [
            ["text", "x-own"],
            ["text", "1"],
          ],
        ],
      ],
    ],
  ),
  any,
)

/** What a server may answer: see `answers` in values.mjs. */
const answer = fc.oneof(
  { weight: 6, arbitrary: fc.constant(["answers", 200, "{}"]) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(200, 201, 204, 301, 400, 401, 413, 429, 500, 503),
        fc.constantFrom("{}", "", "null", "[]", '{"channels":[]}', "x", "x".repeat(9000)),
        fc.constantFrom("0", "1", "", "x"),
      )
      .map((all) => ["answers", ...all]),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("throw", "throw-primitive", "reject", "never", "call", "free")
      .map((act) => ["function", act]),
  },
  { weight: 1, arbitrary: any.map((of) => ["returns", of]) },
  {
    weight: 1,
    arbitrary: objectOf(
      { status: numberOf(200, 500), text: functionOf("text", "throw", "never", "reject"), headers, body: any },
      0,
    ).map((of) => ["returns", of]),
  },
)

/** Options of a client, besides those that let it be made: most calls get few. */
const optionArbitraries = {
  appId: oneOf("3", "", ".."),
  key: oneOf("key", "", " key"),
  secret: oneOf("other secret", ""),
  cluster: oneOf("eu", "e.u"),
  host: oneOf("localhost", "[::1]", "a b"),
  port: either(numberOf(80, 65536), oneOf("80")),
  useTLS: flag,
  encrypted: flag,
  scheme: oneOf("http", "https", "ftp"),
  pathPrefix: oneOf("/ws", "..", ""),
  signPathPrefix: flag,
  timeout: numberOf(0, 5, 10_000),
  encryptionMasterKeyBase64: oneOf(MASTER_KEY, "AA=="),
  encryptionMasterKey: oneOf("0123456789abcdef0123456789abcdef"),
  maxPayloadBytes: numberOf(10, 10_240, Infinity),
  maxChannels: numberOf(1, 3),
  maxBatchEvents: numberOf(1, 3),
  maxResponseBytes: numberOf(1, 100),
  retry,
  idempotencyKeys: flag,
  fetch: answer,
  fetchOptions: either(objectOf({ signal, headers, body: any, method: any, redirect: any }), any),
  headers,
  json: objectOf({
    stringify: functionOf("throw", "text", "number", "call", "undefined"),
    parse: functionOf("throw", "echo", "call", "undefined"),
  }),
  onRequest: either(
    act,
    headers.map((headers) => ["returns", ["object", [["headers", headers]]]]),
  ),
  onResponse: act,
  onRetry: act,
  now: functionOf("number", "throw", "call", "undefined"),
  randomBytes: functionOf("throw", "undefined", "call"),
  other: any,
}
const options = fc.uniqueArray(
  fc.oneof(...Object.entries(optionArbitraries).map(([name, value]) => value.map((value) => [name, value]))),
  { maxLength: 3, selector: ([name]) => name },
)

const batchEvent = objectOf({ channel, name: event, data: any, ...eventParams })
const publishedEvent = objectOf({
  channel,
  channels: listOf(channel),
  userId: oneOf("1", ""),
  name: event,
  data: any,
  ...eventParams,
})
const token = objectOf({ key: oneOf("key"), secret: oneOf("secret", "") })
const message = fc.constantFrom(["text", "message"], ["text", ""])
const tokens = either(token, listOf(token), any)
const rawBody = oneOf('{"time_ms":1,"events":[{"name":"channel_occupied","channel":"a"}]}', "{}", "null", "[]", "{")
const webhookHeaders = either(
  objectOf({
    "x-pusher-key": oneOf("key"),
    "X-Pusher-Signature": oneOf("0".repeat(64)),
    "content-type": oneOf("application/json"),
  }),
  headers,
)
const webhookRequest = objectOf({ headers: webhookHeaders, rawBody })
const member = objectOf({ user_id: oneOf("1", ""), user_info: any })
const user = objectOf({ id: oneOf("1", ""), user_info: any, watchlist: listOf(oneOf("2")) })
const env = objectOf({
  PUSHER_URL: oneOf("https://key:secret@localhost/apps/3", "x"),
  PUSHER_APP_ID: oneOf("3"),
  PUSHER_KEY: oneOf("key"),
  PUSHER_SECRET: oneOf("secret"),
  PUSHER_CLUSTER: oneOf("eu"),
  PUSHER_ENCRYPTION_MASTER_KEY_BASE64: oneOf(MASTER_KEY),
})

/** Requests of the handlers: the kind, and a body. */
const request = either(
  fc
    .tuple(fc.constantFrom("form", "json", "webhook", "get", "stream", "used", "parsed"), rawBody, any)
    .map((all) => ["request", ...all]),
  any,
)
const source = either(fc.constant(["host", "pusher"]), fc.constant(["returns", ["host", "pusher"]]), any)
const corsOptions = objectOf({
  origins: either(oneOf("*"), listOf(oneOf("https://example.com")), act),
  credentials: flag,
  headers: listOf(oneOf("x-a")),
  maxAge: numberOf(1),
})
const onError = right(["function", "undefined"])
const verdict = either(
  functionOf("undefined", "throw", "reject", "call", "free"),
  any.map((of) => ["returns", of]),
  member.map((of) => ["returns", of]),
  fc.constant(["returns", ["true"]]),
)
const readOptions = objectOf({ tokens, maxAge: numberOf(0, Infinity) })
const beamsBody = objectOf({
  web: objectOf({ notification: any, data: any }),
  fcm: any,
  apns: objectOf({ aps: any }),
  webhookUrl: oneOf("https://example.com"),
})
const beamsCall = objectOf({ signal, retry })
/** What comes as JSON: from Lambda, and over pusher-js's connection. */
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => ["json", JSON.stringify(value)])
const jsonOf = (...texts) =>
  fc.oneof(
    fc.constantFrom(...texts).map((text) => ["text", text]),
    json,
  )
const lambdaEvent = fc.oneof(
  objectOf({
    httpMethod: jsonOf("POST", "GET"),
    path: jsonOf("/", "//a"),
    headers: json,
    multiValueHeaders: json,
    body: jsonOf("{}"),
    isBase64Encoded: json,
    queryStringParameters: json,
  }),
  objectOf({
    requestContext: right(["json", '{"http":{"method":"POST"}}']),
    rawPath: jsonOf("/"),
    rawQueryString: jsonOf("a=b"),
    cookies: json,
    headers: json,
    body: jsonOf("{}"),
    isBase64Encoded: json,
  }),
)
const part = fc
  .record({ id: jsonOf("a", "b"), index: json, chunk: jsonOf('"', "a", "{}"), final: json }, { requiredKeys: [] })
  .map((members) => ["object", Object.entries(members)])
const expected = objectOf({ channel, event, data: any })
const fakeOptions = objectOf({
  appId: oneOf("1"),
  key: oneOf("k"),
  secret: oneOf("s"),
  encryptionMasterKeyBase64: oneOf(MASTER_KEY),
  enabled: flag,
  now: functionOf("number"),
  limits: any,
})
const fault = objectOf({
  status: numberOf(200, 500),
  headers,
  body: any,
  delayMs: numberOf(0, 1),
  refuse: flag,
  reset: flag,
  hang: flag,
  hangBody: flag,
  takesRequest: flag,
})

/** Methods of a client, with their arguments. */
const methods = {
  trigger: [
    either(channel, listOf(channel)),
    event,
    any,
    either(objectOf({ ...eventParams, ...onward }), oneOf("1.1")),
    any,
  ],
  triggerBatch: [listOf(batchEvent), objectOf(onward), any],
  publish: [
    listOf(publishedEvent),
    objectOf({
      ...onward,
      concurrency: numberOf(1, 3),
      onProgress: act,
      stopOnError: flag,
      maxRequestBytes: numberOf(100, 10_000),
      idempotencyKeys: flag,
      oversize: oneOf("chunk", "error"),
    }),
  ],
  sendToUser: [oneOf("1", ""), event, any, objectOf(onward), any],
  terminateUserConnections: [oneOf("1", "", ".."), any],
  channels: [objectOf({ prefix: oneOf("presence-"), info, ...onward }), any],
  channel: [channel, objectOf({ info, ...onward }), any],
  channelUsers: [channel, objectOf(onward), any],
  get: [
    objectOf({ path: oneOf("/channels", "x", "/.."), params: objectOf({ a: any, auth_key: any }), ...onward }),
    any,
  ],
  post: [objectOf({ path: oneOf("/events", "/a?b"), params: any, body: any, ...onward }), any],
  createSignedQueryString: [
    objectOf({ method: oneOf("GET", "post"), path: oneOf("/", "x#"), params: objectOf({ a: any }), body: oneOf("{}") }),
  ],
  authorizeChannel: [socketId, channel, member],
  authenticate: [socketId, channel, member],
  authenticateUser: [socketId, user],
  channelSharedSecret: [channel],
  decrypt: [
    channel,
    objectOf({ nonce: oneOf("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH"), ciphertext: oneOf("AAAAAAAAAAAAAAAAAAAAAAAA") }),
  ],
  webhook: [webhookRequest],
  toJSON: [],
}

const webhookMethods = [
  "isValid",
  "verify",
  "isContentTypeValid",
  "isBodyValid",
  "getData",
  "getEvents",
  "getTime",
  "reason",
]

/**
 * The operations: `[weight, arguments]`, by name. Those of a client are called `Pusher.prototype.…`. A number in place of arguments tells how
 * many of any kind there are.
 */
export const operations = {
  "new Pusher": [
    20,
    [fc.oneof({ weight: 2, arbitrary: options.map((members) => ["options", members]) }, { weight: 1, arbitrary: any })],
  ],
  "Pusher.forURL": [
    4,
    [
      oneOf("https://key:secret@localhost/apps/3", "https://key@h/apps/1", "x"),
      options.map((members) => ["object", members]),
    ],
  ],
  "Pusher.forCluster": [3, [oneOf("eu", ""), options.map((members) => ["object", members])]],
  "Pusher.fromEnv": [4, [env, options.map((members) => ["object", members])]],
  ...Object.fromEntries(
    Object.entries(methods).map(([name, args]) => [
      `Pusher.prototype.${name}`,
      [["trigger", "triggerBatch", "publish"].includes(name) ? 16 : 7, args],
    ]),
  ),
  // `toJSON` reads `config` of whatever it is called on.
  "Pusher.prototype of any": [
    3,
    [
      fc.constantFrom(...Object.keys(methods).filter((name) => name !== "toJSON")).map((name) => ["text", name]),
      any,
      any,
      any,
    ],
  ],
  "new Token": [4, [oneOf("key", ""), oneOf("secret", " secret")]],
  "Token.prototype.sign": [4, [any]],
  "Token.prototype.verify": [4, [any, oneOf("0".repeat(64))]],
  ...Object.fromEntries(
    webhookMethods.map((name) => [`WebHook.prototype.${name}`, [5, [token, webhookRequest, tokens]]]),
  ),
  // A message is text: anything else is for the host's own `Error` to refuse.
  "new PusherError": [1, [message, oneOf("code"), any]],
  "new PusherRequestError": [2, [message, any, any, any, any]],
  "new PusherWebHookError": [1, [message, any, any, any, any, any]],
  "handlers.channelAuthHandler": [
    8,
    [source, verdict, objectOf({ cors: corsOptions, onError: either(onError, act) }), request, any],
  ],
  "handlers.userAuthHandler": [
    6,
    [source, verdict, objectOf({ cors: corsOptions, onError: either(onError, act) }), request, any],
  ],
  "handlers.webhookHandler": [
    8,
    [
      source,
      objectOf({ channel_occupied: act, "*": act, client_event: act }),
      objectOf({
        tokens,
        maxAge: numberOf(0, Infinity),
        dedupe: objectOf({ has: act, add: act }),
        waitUntil: flag,
        onError: either(onError, act),
      }),
      request,
      any,
    ],
  ],
  "handlers.readWebhook": [6, [source, request, readOptions]],
  "node.nodeHandler": [3, [right(["function", "echo"]), any, any, any]],
  "node.lambdaHandler": [4, [functionOf("undefined", "throw", "reject", "echo"), lambdaEvent, any]],
  "new Beams": [
    4,
    [
      objectOf({
        instanceId: oneOf("a-1"),
        secretKey: oneOf("secret"),
        host: oneOf("localhost"),
        fetch: answer,
        timeout: numberOf(0, 5),
        retry,
      }),
    ],
  ],
  "Beams.prototype.publishToInterests": [5, [listOf(oneOf("a", "not a name")), beamsBody, beamsCall, answer]],
  "Beams.prototype.publishToUsers": [5, [listOf(oneOf("user")), beamsBody, beamsCall, answer]],
  "Beams.prototype.generateToken": [3, [oneOf("user")]],
  "Beams.prototype.deleteUser": [3, [oneOf("user"), beamsCall, answer]],
  "Beams.prototype.tokenHandler": [
    4,
    [verdict, objectOf({ cors: corsOptions, onError: either(onError, act) }), request, any],
  ],
  "chunks.bindChunked": [
    6,
    [
      right(["undefined"]), // a channel that keeps its callbacks
      event,
      functionOf("undefined", "echo"),
      objectOf({
        maxBytes: numberOf(100, 10_000),
        maxEvents: numberOf(1, 5),
        timeout: numberOf(5),
        onAbandon: functionOf("undefined"),
      }),
      fc.array(fc.oneof(part, part, json), { maxLength: 8 }).map((items) => ["list", items]),
    ],
  ],
  "testing.fakeChannels": [3, [fakeOptions]],
  "testing.failNext": [2, [fault]],
  "testing.respondWith": [2, [either(fault, functionOf("undefined", "throw", "reject"))]],
  "testing.connect": [3, [channel, objectOf({ member, userId: oneOf("1"), socketId, auth: any })]],
  "testing.webhookRequest": [
    2,
    [
      either(objectOf({ name: oneOf("channel_occupied"), channel }), listOf(any)),
      headers,
      objectOf({ url: oneOf("https://example.com/"), time: numberOf(1) }),
    ],
  ],
  "testing.authRequest": [
    2,
    [channel, objectOf({ socketId, params: any, headers, url: oneOf("https://example.com/") })],
  ],
  "testing.userAuthRequest": [2, [objectOf({ socketId, params: any, headers, url: oneOf("https://example.com/") })]],
  "testing.expectTriggered": [3, [expected, objectOf({ times: numberOf(0, 1) })]],
  "testing.fetch": [
    3,
    [
      oneOf("https://api.pusherapp.com/apps/app-id/channels", "x"),
      objectOf({ method: oneOf("POST"), body: rawBody, headers, signal }),
    ],
  ],
  "testing.channels.set": [1, [channel, objectOf({ users: listOf(oneOf("1")), userCount: numberOf(1), cache: any })]],
  "testing.startLocalChannels": [
    1,
    [
      objectOf({
        apps: any,
        port: numberOf(0),
        pathPrefix: oneOf("/ws"),
        manners: oneOf("soketi", "x"),
        now: functionOf("number"),
        limits: any,
        log: functionOf("throw", "undefined"),
      }),
    ],
  ],
}

/** A call: an operation, options of the client that it is made with, and its arguments. */
export const anyCall = fc.oneof(
  ...Object.entries(operations).map(([name, [weight, args]]) => ({
    weight,
    arbitrary: fc
      .tuple(fc.constant(name), options, fc.tuple(...args))
      .map(([name, options, args]) => ({ name, options, args })),
  })),
)
