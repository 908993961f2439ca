// No input may trap: a trap would leave the module unusable. After each of these, the same client still works.
import { docs, makeRevokedProxy, makeThrowingProxy, masterKey, pick, record, thrownBy, vectors } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherError, PusherValidationError }, { isThorough }) => {
  const circular = { name: "circular" }
  circular.self = circular
  const makeUnserialisable = (message) => ({
    toJSON() {
      throw new Error(message)
    },
  })
  const unprintable = {
    toString() {
      throw new Error("toString")
    },
  }
  const makeDetachedBuffer = () => {
    const { buffer } = new Uint8Array(2)
    structuredClone(buffer, { transfer: [buffer] })
    return buffer
  }

  /** Returns values of every kind, few of which fit anywhere. */
  const makeOddValues = () => [
    undefined,
    null,
    true,
    false,
    0,
    -1,
    NaN,
    Infinity,
    2 ** 53,
    10n,
    "",
    " ",
    "a",
    "\u0000",
    "\u00e9",
    "\u{1f600}",
    "\ud800",
    "\udc00a",
    "x".repeat(201),
    "x".repeat(100_000),
    [],
    [[]],
    [undefined],
    ["a", 1],
    {},
    { length: -1 },
    () => {},
    Symbol("odd"),
    new Date(NaN),
    /odd/,
    new Map(),
    new Proxy({}, {}),
    Object.create(null),
    circular,
    makeUnserialisable("odd"),
    new Uint8Array(3),
    new Error("odd"),
    unprintable,
    makeThrowingProxy(),
    makeThrowingProxy([]),
    makeRevokedProxy({}),
    makeRevokedProxy([]),
    makeRevokedProxy(() => {}),
    [Symbol("odd")],
    [{ toString: 1, valueOf: 1 }],
    { valueOf: 1, toString: 1 },
    makeDetachedBuffer(),
    {
      get odd() {
        throw new Error("get")
      },
    },
    {
      byteLength: 1,
      get length() {
        throw new Error("get")
      },
    },
  ]

  /** Accepts errors of the library, and those that the caller's own getters and proxies throw. */
  const isExpected = (error) =>
    error instanceof PusherError ||
    ["get", "ownKeys"].includes(error.message) ||
    /revoked|detached|neutered/i.test(error.message)

  const assertSurvives = async (t, call, message) => {
    try {
      await call()
    } catch (error) {
      if (!isExpected(error)) t.strictEqual(error, "a PusherError", message)
    }
  }

  /** Fails if an exception has unwound through the module: that leaves the client borrowed, and after some hundreds the module broken. */
  const assertStillWorks = (t, pusher) => {
    t.strictEqual(pusher.authorizeChannel("1234.1234", "private-foobar").auth, vectors.channel_auth[0].auth)
    pusher.free()
  }

  const makeTarget = {
    Pusher: () => Pusher,
    "Pusher.prototype": (pusher) => pusher,
    "Token.prototype": (pusher) => pusher.config.token,
    "WebHook.prototype": (pusher) => pusher.webhook({ headers: {}, rawBody: "" }),
  }
  /** Usable arguments of every method. Each argument is replaced by every odd value in turn. */
  const usableArguments = {
    Pusher: {
      forURL: ["http://key:secret@localhost/apps/1", {}],
      forCluster: ["eu", docs],
      fromEnv: [{ PUSHER_URL: "http://key:secret@localhost/apps/1" }, {}],
    },
    "Pusher.prototype": {
      trigger: ["a", "event", "data", {}],
      triggerBatch: [[{ channel: "a", name: "event", data: "x" }], {}],
      publish: [[{ channel: "a", name: "event", data: "x" }], {}],
      sendToUser: ["user", "event", "data", {}],
      terminateUserConnections: ["user"],
      get: [{ path: "/channels" }],
      post: [{ path: "/events", body: {} }],
      authorizeChannel: ["1.1", "private-a", { user_id: "1" }],
      authenticate: ["1.1", "private-a", { user_id: "1" }],
      authenticateUser: ["1.1", { id: "1" }],
      channelSharedSecret: ["private-encrypted-a"],
      decrypt: ["private-encrypted-a", {}],
      channels: [{}],
      channel: ["a", {}],
      channelUsers: ["presence-a", {}],
      createSignedQueryString: [{ method: "GET", path: "/" }],
      webhook: [{ headers: {}, rawBody: "" }],
    },
    "Token.prototype": { sign: ["text"], verify: ["text", "signature"] },
    "WebHook.prototype": {
      isValid: [[]],
      verify: [[]],
      isContentTypeValid: [],
      isBodyValid: [],
      getData: [],
      getEvents: [],
      getTime: [],
    },
  }
  /** Take no arguments, and are tested in lifetime.mjs and redaction.mjs. */
  const testedElsewhere = ["constructor", "free", "toJSON"]

  /** Lists the methods of an object, without getters and without classes such as `Pusher.Token`. */
  const listMethods = (object) =>
    Object.entries(Object.getOwnPropertyDescriptors(object))
      .filter(([name, { value }]) => typeof value === "function" && !isClass(value) && !testedElsewhere.includes(name))
      .map(([name]) => name)
  /** A class, unlike any other function, has a `prototype` that cannot be replaced. */
  const isClass = (value) => Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false

  test("has odd arguments for every method of the classes", (t) => {
    const { Token, WebHook } = Pusher
    const holders = {
      Pusher,
      "Pusher.prototype": Pusher.prototype,
      "Token.prototype": Token.prototype,
      "WebHook.prototype": WebHook.prototype,
    }
    for (const [name, holder] of Object.entries(holders))
      t.deepEqual(Object.keys(usableArguments[name]).sort(), listMethods(holder).sort(), name)
  })

  for (const [holder, methods] of Object.entries(usableArguments)) {
    for (const [method, args] of Object.entries(methods)) {
      if (args.length === 0) continue
      test(`${holder}.${method} survives odd arguments`, async (t) => {
        const { pusher } = record(Pusher, { encryptionMasterKeyBase64: masterKey })
        const target = makeTarget[holder](pusher)
        for (const position of args.keys()) {
          for (const value of makeOddValues())
            await assertSurvives(t, () => target[method](...args.with(position, value)), `argument ${position}`)
        }
        assertStillWorks(t, pusher)
      })
    }
  }

  test("survives odd options and members", async (t) => {
    const { pusher } = record(Pusher)
    for (const value of makeOddValues()) {
      for (const call of [
        () => new Pusher(value),
        ...[
          "appId",
          "key",
          "secret",
          "cluster",
          "host",
          "port",
          "scheme",
          "useTLS",
          "encrypted",
          "pathPrefix",
          "signPathPrefix",
          "timeout",
          "fetch",
          "headers",
          "now",
          "randomBytes",
          "encryptionMasterKeyBase64",
          "maxPayloadBytes",
          "maxChannels",
          "maxBatchEvents",
          "fetchOptions",
          "json",
          "agent",
          "onRequest",
        ].map((name) => () => new Pusher({ ...docs, [name]: value })),
        () => Pusher.fromEnv({ PUSHER_URL: value }),
        () => pusher.channels({ prefix: value }),
        () => pusher.channels({ info: value }),
        () => pusher.decrypt("private-encrypted-a", value),
        () =>
          pusher
            .webhook({ headers: { "content-type": "application/json" }, rawBody: '{"time_ms":{"valueOf":1}}' })
            .getTime(value),
        () => pusher.trigger("a", "event", "x", { socket_id: value }),
        () => pusher.trigger("a", "event", "x", { info: value }),
        () => pusher.trigger("a", "event", "x", { signal: value }),
        () => pusher.trigger("a", "event", "x", { idempotencyKey: value }),
        () => pusher.trigger("a", "event", "x", { other: value }),
        () => pusher.triggerBatch([value]),
        () => pusher.publish([value]),
        () => pusher.publish([{ channel: value, channels: value, userId: value, name: value, data: value }]),
        () => pusher.publish([], value),
        () => pusher.triggerBatch([{ channel: value, name: "event" }]),
        () => pusher.triggerBatch([{ channel: "a", name: value }]),
        () => pusher.triggerBatch([{ channel: "a", name: "event", data: value }]),
        () => pusher.get({ path: value }),
        () => pusher.get({ path: "/", params: value }),
        () => pusher.get({ path: "/", params: { value } }),
        () => pusher.post({ path: "/", body: value }),
        () => pusher.createSignedQueryString({ method: value, path: "/" }),
        () => pusher.createSignedQueryString({ method: "GET", path: value }),
        () => pusher.createSignedQueryString({ method: "GET", path: "/", body: value }),
        () => pusher.webhook({ headers: value, rawBody: "{}" }).isValid(value),
        () => pusher.webhook({ headers: { "content-type": "application/json" }, rawBody: value }).isValid(value),
        () => new Pusher.WebHook(value, value).isValid(value),
        () => new Pusher.Token("key", "secret").verify(value, value),
      ]) {
        await assertSurvives(t, call, String(call))
      }
    }
    t.strictEqual((await pusher.trigger("a", "event", "x")).status, 200)
    assertStillWorks(t, pusher)
  })

  test("survives thousands of exceptions from the caller's code", (t) => {
    const { pusher } = record(Pusher)
    const hostile = [
      () => pusher.trigger(makeThrowingProxy([]), "event", "x"),
      () => pusher.trigger(makeRevokedProxy([]), "event", "x"),
      () => pusher.trigger("a", "event", "x", { info: [{ toString: 1, valueOf: 1 }] }),
      () =>
        pusher.trigger("a", "event", "x", {
          get info() {
            throw new Error("get")
          },
        }),
      () => pusher.trigger("a", "event", makeUnserialisable("get")),
      () => pusher.get({ path: "/", params: makeRevokedProxy({}) }),
      () =>
        new Pusher({
          get key() {
            throw new Error("get")
          },
        }),
    ]
    for (const call of hostile) {
      for (let round = 0; round < 1000; round++) thrownBy(call)
    }
    assertStillWorks(t, pusher)
  })

  const unserialisable = [
    ["circular data", circular],
    ["a BigInt", { big: 1n }],
    ["data whose toJSON throws", makeUnserialisable("of the caller")],
  ]
  for (const [what, data] of unserialisable) {
    test(`refuses ${what} at once, with the exception as the cause`, (t) => {
      const { calls, pusher } = record(Pusher)
      const thrown = thrownBy(() => pusher.trigger("a", "event", data))
      t.true(thrown instanceof PusherValidationError)
      t.deepEqual(pick(thrown, "code", "field"), { code: "invalid_data", field: "data" })
      t.true(thrown.cause instanceof Error)
      t.true(thrown.message.includes(thrown.cause.message), thrown.message)
      t.strictEqual(calls.length, 0)
    })
  }

  test("refuses functions and symbols as data", (t) => {
    for (const data of [() => {}, Symbol("x")]) {
      t.strictEqual(thrownBy(() => record(Pusher).pusher.trigger("a", "event", data)).code, "invalid_data")
    }
  })

  test("shows a value that is no string as text, whatever it is, where npm `pusher` does", (t) => {
    for (const [value, shown] of [
      [undefined, "undefined"],
      [null, "null"],
      [-0, "0"],
      [10n, "10"],
      [Symbol("a"), "Symbol(a)"],
      [{}, "[object Object]"],
      [[1, [2, undefined]], "1,2,"],
      [Object.create(null), "object"],
      [unprintable, "object"],
      [Object.assign(() => {}, { toString: undefined, valueOf: undefined }), "function"],
      [makeRevokedProxy({}), "object"],
    ]) {
      const error = thrownBy(() => record(Pusher).pusher.authorizeChannel(value, "private-a"))
      t.strictEqual(error.message, `Invalid socket id: '${shown}'`)
    }
  })

  test("names the type of a value that is no string", (t) => {
    for (const [value, type] of [
      [undefined, "undefined"],
      [null, "null"],
      [NaN, "a number"],
      [10n, "a bigint"],
      [true, "a boolean"],
      [Symbol("a"), "a symbol"],
      [{}, "an object"],
      [["a"], "a list"],
      [Object.create(null), "an object"],
      [unprintable, "an object"],
      [() => {}, "a function"],
      [makeRevokedProxy({}), "an object"],
      [makeRevokedProxy(() => {}), "a function"],
    ]) {
      const { pusher } = record(Pusher)
      for (const [call, name] of [
        [() => pusher.trigger("a", value, "x"), "event name"],
        [() => pusher.trigger(["a", value], "event", "x"), "channel name"],
        [() => pusher.sendToUser("1", value, "x"), "event name"],
        [() => pusher.triggerBatch([{ channel: value, name: "event" }]), "channel name"],
        [() => pusher.triggerBatch([{ channel: "a", name: value }]), "event name"],
        [() => pusher.channel(value), "channel name"],
        [() => pusher.channelUsers(value), "channel name"],
        [() => pusher.channelSharedSecret(value), "channel name"],
        [() => pusher.decrypt(value, {}), "channel name"],
        [() => pusher.get({ path: value }), "path"],
        [() => pusher.post({ path: value }), "path"],
        [() => pusher.createSignedQueryString({ method: value, path: "/" }), "method"],
        [() => pusher.createSignedQueryString({ method: "GET", path: value }), "path"],
      ]) {
        const { message, hint } = thrownBy(call)
        t.strictEqual(message.replace(/ \(event \d.*/, ""), `Invalid ${name}: it must be a string, not ${type}`)
        t.strictEqual(hint, undefined)
      }
      for (const call of [
        () => pusher.authorizeChannel(value, "private-a"),
        () => pusher.authorizeChannel("1.1", value),
        () => pusher.authenticateUser(value, { id: "1" }),
        () => pusher.sendToUser(value, "event", "x"),
        () => pusher.terminateUserConnections(value),
      ]) {
        t.strictEqual(thrownBy(call).hint, `It must be a string, not ${type}.`)
      }
    }
  })

  test("names the type of options and members that are wrong", (t) => {
    const { pusher } = record(Pusher)
    for (const [call, message] of [
      [() => pusher.trigger("a", "event", "x", 1), "Invalid options: they must be an object, not a number"],
      [() => pusher.triggerBatch([], "x"), "Invalid options: they must be an object, not a string"],
      [() => pusher.triggerBatch({}), "Invalid events: they must be a list, not an object"],
      [() => pusher.sendToUser("1", "event", "x", "1.1"), "Invalid options: they must be an object, not a string"],
      [() => pusher.get("/channels"), "Invalid options: they must be an object, not a string"],
      [() => pusher.get({ path: "/", params: "a=b" }), "Invalid params: they must be an object, not a string"],
      [() => pusher.channels({ prefix: 1 }), "Invalid prefix: it must be a string, not a number"],
      [() => pusher.channels({ filter_by_prefix: {} }), "Invalid prefix: it must be a string, not an object"],
      [() => pusher.channel("a", { info: 1 }), "Invalid info: it must be a string or a list of strings, not a number"],
      [() => pusher.trigger("a", "e", "x", { signal: "s" }), "Invalid signal: it must be an AbortSignal, not a string"],
      [
        () => pusher.trigger("a", "e", "x", { idempotencyKey: 1 }),
        "Invalid idempotencyKey: it must be a string, not a number",
      ],
      [
        () => pusher.createSignedQueryString({ method: "POST", path: "/", body: {} }),
        "Invalid body: it must be a string, not an object",
      ],
    ]) {
      t.strictEqual(thrownBy(call).message, message)
    }
  })

  test("lets the `toString` of a malformed name use the client", async (t) => {
    const { calls, pusher } = record(Pusher)
    let other
    const busy = {
      toString() {
        other = pusher.trigger("b", "other", "y")
        return "busy"
      },
    }
    t.strictEqual(thrownBy(() => pusher.authorizeChannel(busy, "private-a")).message, "Invalid socket id: 'busy'")
    await other
    t.deepEqual(
      calls.map(({ body }) => body.name),
      ["other"],
    )
  })

  test("refuses a callback, which it would never call", (t) => {
    const { calls, pusher } = record(Pusher)
    const callback = () => {}
    for (const call of [
      () => pusher.trigger("a", "event", "x", callback),
      () => pusher.trigger("a", "event", "x", "1.1", callback),
      () => pusher.trigger("a", "event", "x", null, callback),
      () => pusher.trigger("a", "event", "x", {}, callback),
      () => pusher.triggerBatch([{ channel: "a", name: "event" }], callback),
      () => pusher.triggerBatch([{ channel: "a", name: "event" }], {}, callback),
      () => pusher.publish([], callback),
      () => pusher.sendToUser("1", "event", "x", callback),
      () => pusher.terminateUserConnections("1", callback),
      () => pusher.get({ path: "/channels" }, callback),
      () => pusher.post({ path: "/events", body: {} }, callback),
      () => pusher.channels(callback),
      () => pusher.channels({}, callback),
      () => pusher.channel("a", callback),
      () => pusher.channel("a", {}, callback),
      () => pusher.channelUsers("a", callback),
      () => pusher.channelUsers("a", undefined, callback),
    ]) {
      t.deepEqual(pick(thrownBy(call), "message", "code", "field"), {
        message: "Invalid callback: the method returns a promise",
        code: "invalid_argument",
        field: "callback",
      })
    }
    t.strictEqual(calls.length, 0)
  })

  test("names the member that a mistyped one of a call's options was meant to be", async (t) => {
    const { calls, pusher } = record(Pusher)
    const event = { channel: "a", name: "event", data: "x" }
    for (const [call, name, meant] of [
      [() => pusher.trigger("a", "event", "x", { socketId: "1.1" }), "socketId", "socket_id"],
      [() => pusher.trigger("a", "event", "x", { infos: "user_count" }), "infos", "info"],
      [() => pusher.trigger("a", "event", "x", { idempotency_key: "k" }), "idempotency_key", "idempotencyKey"],
      [() => pusher.trigger("a", "event", "x", { Signal: undefined }), "Signal", "signal"],
      [() => pusher.triggerBatch([event], { idempotencykey: "k" }), "idempotencykey", "idempotencyKey"],
      [() => pusher.sendToUser("1", "event", "x", { signl: undefined }), "signl", "signal"],
      [() => pusher.channels({ filterByPrefix: "a" }), "filterByPrefix", "filter_by_prefix"],
      [() => pusher.channels({ perfix: "a" }), "perfix", "prefix"],
      [() => pusher.channel("a", { Info: "user_count" }), "Info", "info"],
      [() => pusher.channelUsers("a", { sginal: undefined }), "sginal", "signal"],
      [() => pusher.get({ path: "/channels", parms: {} }), "parms", "params"],
      [() => pusher.post({ path: "/events", bdy: {} }), "bdy", "body"],
      [() => pusher.createSignedQueryString({ method: "GET", paths: "/" }), "paths", "path"],
    ]) {
      t.deepEqual(pick(thrownBy(call), "message", "code", "field"), {
        message: `Unknown option '${name}': did you mean '${meant}'?`,
        code: "invalid_argument",
        field: name,
      })
    }
    t.strictEqual(calls.length, 0)
    await pusher.trigger("a", "event", "x", { later: 1, name: "other" })
    t.deepEqual(calls[0].body, { name: "event", data: "x", channels: ["a"], later: 1 })
  })

  test("takes visible ASCII as an idempotency key, and nothing else", async (t) => {
    const { calls, pusher } = record(Pusher)
    for (const idempotencyKey of ["", " ", "a b", "a\nb", "a\n", "\u00e9", "\u007f", "a\u0000"]) {
      for (const call of [
        () => pusher.trigger("a", "event", "x", { idempotencyKey }),
        () => pusher.triggerBatch([{ channel: "a", name: "event" }], { idempotencyKey }),
        () => pusher.sendToUser("1", "event", "x", { idempotencyKey }),
        () => pusher.post({ path: "/events", idempotencyKey }),
      ]) {
        t.deepEqual(pick(thrownBy(call), "message", "code", "field"), {
          message: "Invalid idempotencyKey: it must be visible ASCII characters",
          code: "invalid_argument",
          field: "idempotencyKey",
        })
      }
    }
    t.strictEqual(calls.length, 0)
    await pusher.trigger("a", "event", "x", { idempotencyKey: "!~" })
    await pusher.sendToUser("1", "event", "x", { idempotencyKey: "once" })
    await pusher.trigger("a", "event", "x", { idempotencyKey: null })
    t.deepEqual(
      calls.map(({ init }) => init.headers["x-idempotency-key"]),
      ["!~", "once", undefined],
    )
  })

  test("refuses a signal without the members of an AbortSignal", async (t) => {
    const types = { number: "a number", string: "a string", object: "an object" }
    for (const signal of [
      1,
      "a",
      {},
      { aborted: false },
      { aborted: 0, addEventListener() {} },
      new AbortController(),
    ]) {
      const error = thrownBy(() => record(Pusher).pusher.trigger("a", "event", "x", { signal }))
      t.deepEqual(pick(error, "code", "field", "message"), {
        code: "invalid_argument",
        field: "signal",
        message: `Invalid signal: it must be an AbortSignal, not ${types[typeof signal]}`,
      })
    }
  })

  test("sends a lone surrogate as U+FFFD", async (t) => {
    const { calls, pusher } = record(Pusher)
    await pusher.trigger("a", "ev\ud800", "\udc00x")
    t.deepEqual(pick(calls[0].body, "name", "data"), { name: "ev\ufffd", data: "\ufffdx" })
  })

  test("sends the same data on hosts without `toWellFormed`", async (t) => {
    const bodies = []
    const answer = { ok: true, status: 200 }
    // Not a Response: the host might need `toWellFormed` to make one.
    const fetch = (_url, { body }) => {
      bodies.push(body)
      return answer
    }
    const pusher = new Pusher({ ...docs, fetch })
    const data = '\ufeff\udc00 \u0000\u007f\u2028"\\\ud83d\ude00'
    const method = Object.getOwnPropertyDescriptor(String.prototype, "toWellFormed")
    await pusher.trigger("a", "event", data)
    delete String.prototype.toWellFormed
    let call
    try {
      call = pusher.trigger("a", "event", data)
    } finally {
      if (method) Object.defineProperty(String.prototype, "toWellFormed", method)
    }
    await call
    const expected = data.replace("\udc00", "\ufffd")
    t.deepEqual(
      bodies.map((body) => JSON.parse(body).data),
      [expected, expected],
    )
  })

  test("refuses lists and texts that are too large in total, and still works", (t) => {
    const { calls, pusher } = record(Pusher)
    const { auth } = pusher.authorizeChannel("1.1", "private-a")
    const long = "a".repeat(2 ** 25)
    t.strictEqual(
      thrownBy(() => pusher.trigger(Array(65_600).fill("a".repeat(21_845)), "event", "")).code,
      "too_many_channels",
    )
    t.strictEqual(thrownBy(() => pusher.trigger(Array(40_000).fill("a"), "event", "")).code, "too_many_channels")
    // 40 take two seconds; 200 are more than 32 bits can count, and take ten. Once on each runtime is enough.
    for (const count of isThorough ? [40, 200] : []) {
      const params = Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, long]))
      t.strictEqual(
        thrownBy(() => pusher.createSignedQueryString({ method: "GET", path: "/", params })).code,
        "invalid_argument",
      )
    }
    t.strictEqual(thrownBy(() => new Pusher.Token("key", `${long}a`)).code, "invalid_argument")
    t.strictEqual(thrownBy(() => pusher.post({ path: "/events", body: `${long}a` })).code, "invalid_data")
    t.strictEqual(
      thrownBy(() => pusher.createSignedQueryString({ method: "POST", path: "/", body: `${long}a` })).code,
      "invalid_data",
    )
    t.strictEqual(pusher.authorizeChannel("1.1", "private-a").auth, auth)
    t.strictEqual(calls.length, 0)
  })

  test("refuses a string too large for the module", async (t) => {
    const { calls, pusher } = record(Pusher)
    const huge = "x".repeat(2 ** 25 + 1)
    t.strictEqual(thrownBy(() => pusher.trigger("a", "event", huge)).code, "invalid_data")
    t.strictEqual(thrownBy(() => pusher.trigger(huge, "event", "")).code, "invalid_channel")
    t.false(pusher.webhook({ headers: {}, rawBody: huge }).isValid())
    t.strictEqual(calls.length, 0)
  })
}
