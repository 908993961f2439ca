// Values of every kind, as recipes: JSON that says what to make. So a failing call can be printed, made again, and shrunk.
import fc from "fast-check"

/** Another realm's constructors where the host has one; otherwise this realm's. */
const otherRealm = await import("node:vm")
  .then((vm) =>
    vm.runInNewContext(
      "({ Object, Array, Error, Function, Uint8Array, ArrayBuffer, Map, Promise, Date, JSON, String })",
    ),
  )
  .catch(() => globalThis)

/** Names that options, arguments and events have, so that made-up objects often mean something. */
const NAMES = [
  ...[
    "appId",
    "key",
    "secret",
    "cluster",
    "host",
    "port",
    "useTLS",
    "encrypted",
    "scheme",
    "pathPrefix",
    "signPathPrefix",
  ],
  ...[
    "timeout",
    "encryptionMasterKeyBase64",
    "encryptionMasterKey",
    "maxPayloadBytes",
    "maxChannels",
    "maxBatchEvents",
  ],
  ...[
    "maxResponseBytes",
    "retry",
    "idempotencyKeys",
    "fetch",
    "fetchOptions",
    "headers",
    "json",
    "onRequest",
    "onResponse",
  ],
  ...["onRetry", "now", "randomBytes", "stringify", "parse", "attempts", "baseDelay", "maxDelay", "deadline", "signal"],
  ...[
    "idempotencyKey",
    "socket_id",
    "info",
    "prefix",
    "path",
    "params",
    "body",
    "method",
    "channel",
    "channels",
    "userId",
  ],
  ...["name", "data", "user_id", "user_info", "id", "watchlist", "nonce", "ciphertext", "rawBody", "concurrency"],
  ...["onProgress", "stopOnError", "maxRequestBytes", "oversize", "length", "0", "1", "toString", "valueOf", "toJSON"],
  ...["then", "next", "done", "value", "status", "text", "events", "time_ms", "aborted", "addEventListener", "url"],
  ...["x-pusher-key", "x-pusher-signature", "content-type", "__proto__", "constructor", "message", "stack", "index"],
  ...["chunk", "final", "get", "instanceId", "secretKey", "web", "fcm", "apns", "aps", "times", "event", "reason"],
]

const TEXTS = [
  ...["", " ", "a", "1.1", "1234.1234", "private-a", "presence-a", "private-encrypted-a", "#server-to-user-1", "event"],
  ...[
    "/",
    "/channels",
    "/a/../b",
    "/a?b",
    "GET",
    "{}",
    "[]",
    "null",
    '"x"',
    '{"user_id":"1"}',
    "__proto__",
    "constructor",
  ],
  ...["\u0000", "\u00e9", "\u{1f600}", "\ud800", "\udc00a", "a\ud83d", "a,b", "a b", "localhost", "127.0.0.1", "[::1]"],
  ...["http", "https", "eu", "true", "Infinity", "NaN", "-0", "1e3", "0x10", "application/json", "text/plain", "chunk"],
  ...["https://key:secret@localhost/apps/1", "%", "%zz", "\r\n", "x: y", "private-encrypted-", ".", ".."],
]

const NUMBERS = [
  "0",
  "-0",
  "1",
  "-1",
  "0.5",
  "NaN",
  "Infinity",
  "-Infinity",
  "9007199254740992",
  "1e21",
  "80",
  "65536",
  "2147483648",
]

/** What a function does when it is called, and a trap when it is run. */
const ACTS = [
  "undefined",
  "throw",
  "throw-primitive",
  "reject",
  "never",
  "call",
  "free",
  "trigger",
  "echo",
  "number",
  "text",
]

const TRAPS = [
  "get",
  "has",
  "ownKeys",
  "getOwnPropertyDescriptor",
  "getPrototypeOf",
  "apply",
  "construct",
  "set",
  "defineProperty",
]

/** Objects of the host. */
const HOSTS = [
  ...["date", "invalid-date", "regexp", "map", "set", "error", "strange-error", "circular", "null-prototype", "class"],
  ...[
    "generator",
    "async-generator",
    "headers",
    "request",
    "response",
    "stream",
    "locked-stream",
    "search-params",
    "form",
  ],
  ...[
    "blob",
    "boxed-text",
    "boxed-number",
    "boxed-symbol",
    "weak-map",
    "url",
    "signal",
    "aborted-signal",
    "soon-signal",
  ],
  ...[
    "fake-signal",
    "rejected",
    "resolved",
    "never",
    "thenable",
    "thenable-throwing",
    "arguments",
    "long-list",
    "deep-list",
  ],
  ...["pusher", "freed-pusher", "token", "webhook", "derived-pusher", "own-error", "self-proxy"],
]

const BUFFERS = [
  ...["uint8", "buffer", "detached", "detached-view", "resizable", "shrunk-view", "shared", "shared-view", "data-view"],
  ...["float64", "other-realm", "fake-buffer", "large"],
]

const REALM = ["object", "list", "error", "function", "date", "map", "promise", "text"]

const leaf = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...TEXTS).map((text) => ["text", text]) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 12 }).map((text) => ["text", text]) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom("x", "\u00e9", "\ud800", '"', "a,"), fc.constantFrom(199, 201, 10_241, 70_000))
      .map(([text, count]) => ["repeat", text, count]),
  },
  { weight: 3, arbitrary: fc.constantFrom(...NUMBERS).map((number) => ["number", number]) },
  { weight: 3, arbitrary: fc.constantFrom("undefined", "null", "true", "false").map((name) => [name]) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("0", "10", "-1", "18446744073709551616").map((digits) => ["bigint", digits]),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("odd", "", "iterator", "asyncIterator", "toPrimitive").map((name) => ["symbol", name]),
  },
  { weight: 6, arbitrary: fc.constantFrom(...HOSTS).map((name) => ["host", name]) },
  { weight: 3, arbitrary: fc.constantFrom(...BUFFERS).map((name) => ["bytes", name]) },
  { weight: 3, arbitrary: fc.constantFrom(...ACTS).map((act) => ["function", act]) },
)

const name = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 5 }) },
)

/** A recipe of any value. */
export const { any } = fc.letrec((tie) => {
  const members = fc.array(fc.tuple(name, tie("any")), { maxLength: 4 })
  return {
    any: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      { weight: 12, arbitrary: leaf },
      { weight: 4, arbitrary: members.map((members) => ["object", members]) },
      { weight: 2, arbitrary: fc.array(tie("any"), { maxLength: 4 }).map((items) => ["list", items]) },
      { weight: 1, arbitrary: fc.array(tie("any"), { maxLength: 3 }).map((items) => ["holes", items]) },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom("freeze", "seal"), tie("any")).map(([how, of]) => [how, of]) },
      { weight: 1, arbitrary: tie("any").map((of) => ["revoked", of]) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.constantFrom(...TRAPS), fc.constantFrom(...ACTS), tie("any"))
          .map((all) => ["proxy", ...all]),
      },
      { weight: 2, arbitrary: fc.tuple(name, fc.constantFrom(...ACTS), members).map((all) => ["getter", ...all]) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(
            fc.constantFrom("toJSON", "valueOf", "toString", "toPrimitive", "then", "iterator", "asyncIterator"),
            fc.constantFrom(...ACTS),
            tie("any"),
          )
          .map((all) => ["method", ...all]),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom("iterable", "async-iterable"), fc.array(tie("any"), { maxLength: 4 }))
          .map((all) => all),
      },
      { weight: 1, arbitrary: tie("any").map((of) => ["resolves", of]) },
      { weight: 1, arbitrary: tie("any").map((of) => ["returns", of]) },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...REALM), members).map((all) => ["realm", ...all]) },
      { weight: 1, arbitrary: members.map((members) => ["inherits", members]) },
    ),
  }
})

/** What the caller's code has thrown, and what kinds of ingredients it was made of, in one call. */
export class Kitchen {
  thrown = new Set()
  used = new Set()
  count = 0
  /** Timers and promises that are the caller's own. */
  timers = []

  constructor({ library, base, webhook }) {
    Object.assign(this, { library, base, webhook })
  }

  makeClient(options = {}) {
    return new this.library.default({ ...this.base, ...options })
  }

  own(value) {
    this.thrown.add(value)
    return value
  }

  throwing(what) {
    return this.own(what ?? new Error(`of the caller, ${++this.count}`))
  }

  /** Does what a function or a trap does. */
  act(act, args = []) {
    // A proxy that calls the library, which asks the proxy, and so on, has an end.
    if (++this.count > 60) return undefined
    switch (act) {
      case "throw":
        throw this.throwing()
      case "throw-primitive":
        throw this.throwing(`thrown ${++this.count}`)
      case "reject":
        return this.rejected()
      case "never":
        this.used.add("never")
        return new Promise(() => {})
      case "echo":
        return args[0]
      case "resolve":
        return args[0]("resolved")
      case "number":
        return this.count
      case "text":
        return "text"
      case "call":
        this.client?.authorizeChannel("1.1", "private-inner")
        this.library.default.forCluster("eu", { appId: "1", key: "k", secret: "s" }).free()
        return undefined
      case "trigger":
        this.client?.trigger("inner", "inner", "x").catch(() => {})
        return undefined
      case "free":
        this.used.add("free")
        this.client?.free()
        return undefined
      default:
        return undefined
    }
  }

  rejected() {
    const promise = Promise.reject(this.throwing())
    // Its own rejection is the caller's to care for; any promise that the library makes of it is the library's.
    promise.catch(() => {})
    return promise
  }

  make(recipe) {
    const [kind, ...rest] = recipe
    return this[kind](...rest)
  }

  undefined() {
    return undefined
  }
  null() {
    return null
  }
  true() {
    return true
  }
  false() {
    return false
  }
  text(text) {
    return text
  }
  repeat(text, count) {
    return text.repeat(count)
  }
  number(digits) {
    return Number(digits)
  }
  bigint(digits) {
    return BigInt(digits)
  }
  json(text) {
    return JSON.parse(text)
  }
  symbol(name) {
    return Symbol[name] ?? Symbol(name)
  }

  /** Makes an object of pairs, whose names may be any: also `__proto__`, as `JSON.parse` makes it. */
  object(members, target = {}) {
    for (const [name, value] of members) {
      const made = this.make(value)
      Object.defineProperty(target, name, { value: made, enumerable: true, writable: true, configurable: true })
    }
    return target
  }
  inherits(members) {
    return Object.create(this.object(members))
  }
  list(items) {
    return items.map((item) => this.make(item))
  }
  holes(items) {
    const list = Array(items.length * 2)
    for (const [at, item] of items.entries()) list[at * 2 + 1] = this.make(item)
    return list
  }
  freeze(of) {
    return this.close(Object.freeze, of)
  }
  seal(of) {
    return this.close(Object.seal, of)
  }
  close(how, of) {
    const { default: Pusher } = this.library
    this.used.add("closed")
    const made = this.make(of)
    try {
      // Not what other calls use.
      return made instanceof Pusher ? made : how(made)
    } catch {
      // Bytes cannot be frozen, and traps may refuse.
      return made
    }
  }

  targetOf(of) {
    const made = this.make(of)
    return (typeof made === "object" && made !== null) || typeof made === "function" ? made : {}
  }
  revoked(of) {
    this.used.add("revoked")
    const { proxy, revoke } = Proxy.revocable(this.targetOf(of), {})
    revoke()
    return proxy
  }
  proxy(trap, act, of) {
    this.used.add("proxy")
    const target = this.targetOf(of)
    const isSoft = act === "call" || act === "free" || act === "trigger"
    return new Proxy(target, {
      [trap]: (...args) => {
        const acted = this.act(act, args)
        // What acts goes on as usual.
        return isSoft ? Reflect[trap](...args) : acted
      },
    })
  }
  getter(name, act, members) {
    const kitchen = this
    return Object.defineProperty(this.object(members), name, {
      get() {
        return kitchen.act(act, [this])
      },
      enumerable: true,
      configurable: true,
    })
  }
  method(name, act, of) {
    const target = this.targetOf(of)
    const isSymbol = ["toPrimitive", "iterator", "asyncIterator"].includes(name)
    if (name === "then") this.used.add("never")
    if (isSymbol) this.used.add("proxy")
    try {
      Object.defineProperty(target, isSymbol ? Symbol[name] : name, {
        value: (...args) => this.act(act, args),
        configurable: true,
      })
    } catch {}
    return target
  }
  function(act) {
    return (...args) => this.act(act, args)
  }
  returns(of) {
    return () => this.make(of)
  }
  resolves(of) {
    const promise = Promise.resolve().then(() => this.make(of))
    promise.catch((error) => this.own(error))
    return promise
  }
  iterable(items) {
    const made = this.list(items)
    return { [Symbol.iterator]: () => made[Symbol.iterator]() }
  }
  "async-iterable"(items) {
    const made = this.list(items)
    return {
      async *[Symbol.asyncIterator]() {
        yield* made
      },
    }
  }
  realm(kind, members) {
    const { Object: Objects, Array: Arrays, Error: Errors, Function: Functions, Date: Dates } = otherRealm
    if (kind === "object") return this.object(members, new Objects())
    if (kind === "list") return Arrays.from(members.map(([, value]) => this.make(value)))
    if (kind === "error") return this.object(members, new Errors("another realm's"))
    if (kind === "function") return otherRealm === globalThis ? () => {} : new Functions("return this")
    if (kind === "date") return new Dates(0)
    if (kind === "map") return new otherRealm.Map(members.map(([name, value]) => [name, this.make(value)]))
    if (kind === "promise") return otherRealm.Promise.resolve(members.length)
    return new otherRealm.String("text")
  }

  host(name) {
    const { default: Pusher, PusherValidationError } = this.library
    const { Headers, Request, Response, ReadableStream, FormData, Blob, AbortController } = globalThis
    const later = (run) => this.timers.push(setTimeout(run))
    switch (name) {
      case "date":
        return new Date(0)
      case "invalid-date":
        return new Date(NaN)
      case "regexp":
        return /odd/g
      case "map":
        return new Map([["a", 1]])
      case "set":
        return new Set(["a"])
      case "error":
        return new Error("odd")
      case "strange-error": {
        return Object.defineProperties(new Error("strange"), {
          message: { get: () => this.act("throw") },
          stack: { get: () => this.act("throw") },
          cause: { get: () => this.act("throw") },
        })
      }
      case "circular": {
        const circular = { name: "circular" }
        circular.self = circular
        circular.list = [circular]
        circular.cause = circular
        return circular
      }
      case "null-prototype":
        return Object.assign(Object.create(null), { a: 1 })
      case "class":
        return class Odd {}
      case "generator":
        return (function* () {
          yield 1
        })()
      case "async-generator":
        return (async function* () {
          yield 1
        })()
      case "headers":
        return new Headers({ "content-type": "application/json", "x-pusher-key": "key" })
      case "request":
        return new Request("https://example.com/", {
          method: "POST",
          body: "a=b",
          headers: { "content-type": "application/x-www-form-urlencoded" },
        })
      case "response":
        return new Response("{}")
      case "stream":
        return new ReadableStream({
          start(controller) {
            controller.enqueue("a")
            controller.close()
          },
        })
      case "locked-stream": {
        const stream = new ReadableStream()
        stream.getReader()
        return stream
      }
      case "search-params":
        return new URLSearchParams("a=b")
      case "form":
        return new FormData()
      case "blob":
        return new Blob(["a"])
      case "boxed-text":
        return Object("private-a")
      case "boxed-number":
        return Object(1)
      case "boxed-symbol":
        return Object(Symbol("odd"))
      case "weak-map":
        return new WeakMap()
      case "url":
        return new URL("https://key:secret@example.com/apps/1")
      case "signal":
        return new AbortController().signal
      case "aborted-signal":
        return AbortSignal.abort(this.throwing())
      case "soon-signal": {
        const controller = new AbortController()
        later(() => {
          try {
            controller.abort(this.throwing())
          } catch {
            // It was frozen.
          }
        })
        return controller.signal
      }
      case "fake-signal":
        return {
          aborted: false,
          addEventListener: () => this.act("throw"),
          removeEventListener: () => this.act("throw"),
        }
      case "rejected":
        return this.rejected()
      case "resolved":
        return Promise.resolve("resolved")
      case "never":
        this.used.add("never")
        return new Promise(() => {})
      case "thenable":
        return this.method("then", "resolve", ["object", []])
      case "thenable-throwing":
        return this.method("then", "throw", ["object", []])
      case "arguments":
        return (function () {
          // biome-ignore lint/complexity/noArguments: the object itself is meant
          return arguments
        })("a", "b")
      case "long-list":
        return Array(300).fill("a")
      case "deep-list": {
        this.used.add("deep")
        let list = []
        for (let depth = 0; depth < 2000; depth++) list = [list]
        return list
      }
      case "pusher":
        return this.makeClient()
      case "freed-pusher": {
        const pusher = this.makeClient()
        pusher.free()
        this.used.add("free")
        return pusher
      }
      case "token":
        return new Pusher.Token("key", "secret")
      case "webhook":
        return new Pusher.WebHook({ key: "key", secret: "secret" }, { headers: {}, rawBody: "{}" })
      case "derived-pusher":
        return Object.create(this.makeClient())
      case "own-error":
        return new PusherValidationError("made by the caller", "invalid_data", { field: "data" })
      default: {
        // A proxy all of whose members are itself.
        const proxy = new Proxy({}, { get: () => proxy, ownKeys: () => [] })
        this.used.add("proxy")
        return proxy
      }
    }
  }

  bytes(name) {
    const detach = (buffer) => {
      this.used.add("detached")
      structuredClone(buffer, { transfer: [buffer] })
      return buffer
    }
    const resizable = () => {
      try {
        return new ArrayBuffer(8, { maxByteLength: 64 })
      } catch {
        return new ArrayBuffer(8)
      }
    }
    const shared = () => (typeof SharedArrayBuffer === "function" ? new SharedArrayBuffer(8) : new ArrayBuffer(8))
    switch (name) {
      case "uint8":
        return new Uint8Array([123, 125])
      case "buffer":
        return new Uint8Array([123, 125]).buffer
      case "detached":
        return detach(new ArrayBuffer(8))
      case "detached-view": {
        const view = new Uint8Array(8)
        detach(view.buffer)
        return view
      }
      case "resizable":
        return resizable()
      case "shrunk-view": {
        const buffer = resizable()
        const view = new Uint8Array(buffer, 4)
        this.used.add("detached")
        buffer.resize?.(1)
        return view
      }
      case "shared":
        return shared()
      case "shared-view":
        return new Uint8Array(shared(), 2)
      case "data-view":
        return new DataView(new ArrayBuffer(4), 1)
      case "float64":
        return new Float64Array([NaN, -0])
      case "other-realm":
        return new otherRealm.Uint8Array([123, 125])
      case "fake-buffer":
        return { [Symbol.toStringTag]: "ArrayBuffer", byteLength: 5 }
      default:
        // `publish` takes each byte for an event, and makes an error of it in 30 µs.
        return new Uint8Array(20_000).fill(97)
    }
  }

  /** A `fetch` that answers. */
  answers(status, body, retryAfter) {
    const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter, date: "Thu, 01 Jan 1970 00:00:00 GMT" }
    return async () => new Response(status === 204 ? null : body, { status, headers })
  }

  /** Options that make a client, but for these members. */
  options(members) {
    return this.object(members, { ...this.base })
  }

  /** A request to a handler. */
  request(kind, body, extra) {
    const { webhook } = this
    const form = "channel_name=private-a&socket_id=1.1"
    const texts = { form, json: '{"channel_name":"presence-a","socket_id":"1.1"}', webhook: webhook.body }
    const types = { form: "application/x-www-form-urlencoded" }
    const made = this.make(body)
    const init = {
      method: kind === "get" ? "GET" : "POST",
      headers: { "content-type": types[kind] ?? "application/json", ...(kind === "webhook" && webhook.headers) },
      body: kind === "get" ? undefined : (texts[kind] ?? (typeof made === "string" ? made : "{}")),
    }
    if (kind === "stream") {
      init.body = new ReadableStream({ start: (controller) => controller.error(this.throwing()) })
      init.duplex = "half"
    }
    const request = new Request(`https://example.com/${kind === "get" ? "?user_id=1" : ""}`, init)
    if (kind === "used") request.text().catch(() => {})
    if (kind === "parsed")
      Object.defineProperty(request, Symbol.for("pusher-http-wasm.parsed"), { value: this.make(extra) })
    return request
  }

  /** Ends what the call has started. */
  clean() {
    for (const timer of this.timers) clearTimeout(timer)
  }
}
