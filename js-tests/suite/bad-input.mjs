// No input may trap: a trap would leave the module unusable. After each of these the same client works on.
import { docs, recorded, thrownBy, vectors } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherError, PusherValidationError }) => {
  const circular = { name: "circular" }
  circular.self = circular
  const throwing = (message) => ({
    toJSON() {
      throw new Error(message)
    },
  })

  const odd = () => [
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
    throwing("odd"),
    new Uint8Array(3),
    new Error("odd"),
    {
      toString() {
        throw new Error("toString")
      },
    },
    new Proxy(
      {},
      {
        get() {
          throw new Error("get")
        },
        ownKeys() {
          throw new Error("ownKeys")
        },
      },
    ),
    new Proxy([], {
      get() {
        throw new Error("get")
      },
    }),
    revoked({}),
    revoked([]),
    revoked(() => {}),
    [Symbol("odd")],
    [{ toString: 1, valueOf: 1 }],
    { valueOf: 1, toString: 1 },
    detached(),
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

  const revoked = (target) => {
    const { proxy, revoke } = Proxy.revocable(target, {})
    revoke()
    return proxy
  }
  const detached = () => {
    const { buffer } = new Uint8Array(2)
    structuredClone(buffer, { transfer: [buffer] })
    return buffer
  }

  /** An error of ours, or what the caller's own getter or proxy throws. */
  const expected = (error) =>
    error instanceof PusherError ||
    ["get", "ownKeys"].includes(error.message) ||
    /revoked|detached|neutered/i.test(error.message)

  /**
   * An exception that passed through wasm's frames would leave the client borrowed for ever, and the module broken after some
   * hundreds of them.
   */
  const sound = (t, pusher) => {
    t.strictEqual(pusher.authorizeChannel("1234.1234", "private-foobar").auth, vectors.channel_auth[0].auth)
    pusher.free()
  }

  const methods = {
    trigger: [["a", "event", "data", {}], 4],
    triggerBatch: [[[{ channel: "a", name: "event", data: "x" }], {}], 2],
    sendToUser: [["user", "event", "data"], 3],
    terminateUserConnections: [["user"], 1],
    get: [[{ path: "/channels" }], 1],
    post: [[{ path: "/events", body: {} }], 1],
    authorizeChannel: [["1.1", "private-a", { user_id: "1" }], 3],
    authenticate: [["1.1", "private-a", { user_id: "1" }], 3],
    authenticateUser: [["1.1", { id: "1" }], 2],
    channelSharedSecret: [["private-encrypted-a"], 1],
    decrypt: [["private-encrypted-a", {}], 2],
    channels: [[{}], 1],
    channel: [["a", {}], 2],
    channelUsers: [["presence-a", {}], 2],
    createSignedQueryString: [[{ method: "GET", path: "/" }], 1],
    webhook: [[{ headers: {}, rawBody: "" }], 1],
  }

  for (const [method, [args, count]] of Object.entries(methods)) {
    test(`${method} survives odd arguments`, async (t) => {
      const { pusher } = recorded(Pusher, { encryptionMasterKeyBase64: vectors.encryption[0].master_key_base64 })
      for (let position = 0; position < count; position++) {
        for (const value of odd()) {
          try {
            await pusher[method](...args.slice(0, position), value, ...args.slice(position + 1))
          } catch (error) {
            if (!expected(error)) t.strictEqual(error, "a PusherError", `argument ${position}`)
          }
        }
      }
      sound(t, pusher)
    })
  }

  test("members of objects may be odd, too", async (t) => {
    const { pusher } = recorded(Pusher)
    for (const value of odd()) {
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
          "timeout",
          "fetch",
          "headers",
          "now",
          "randomBytes",
          "encryptionMasterKeyBase64",
          "maxPayloadBytes",
          "fetchOptions",
          "json",
          "agent",
          "onRequest",
        ].map((name) => () => new Pusher({ ...docs, [name]: value })),
        () => Pusher.forURL(value),
        () => Pusher.forCluster(value, docs),
        () => Pusher.fromEnv(value),
        () => Pusher.fromEnv({ PUSHER_URL: value }),
        () => pusher.channels({ prefix: value }),
        () => pusher.channels({ info: value }),
        () => pusher.decrypt("private-encrypted-a", value),
        () =>
          pusher
            .webhook({ headers: { "content-type": "application/json" }, rawBody: '{"time_ms":{"valueOf":1}}' })
            .getTime(value),
        () => Pusher.forCluster("eu", value),
        () => pusher.trigger("a", "event", "x", { socket_id: value }),
        () => pusher.trigger("a", "event", "x", { info: value }),
        () => pusher.trigger("a", "event", "x", { signal: value }),
        () => pusher.trigger("a", "event", "x", { idempotencyKey: value }),
        () => pusher.trigger("a", "event", "x", { other: value }),
        () => pusher.triggerBatch([value]),
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
        try {
          await call()
        } catch (error) {
          if (!expected(error)) t.strictEqual(error, "a PusherError", `${call}`)
        }
      }
    }
    t.strictEqual((await pusher.trigger("a", "event", "x")).status, 200)
    sound(t, pusher)
  })

  test("hundreds of exceptions of the caller's own code leave the module as it was", (t) => {
    const { pusher } = recorded(Pusher)
    const hostile = [
      () =>
        pusher.trigger(
          new Proxy([], {
            get() {
              throw new Error("get")
            },
          }),
          "event",
          "x",
        ),
      () => pusher.trigger(revoked([]), "event", "x"),
      () => pusher.trigger("a", "event", "x", { info: [{ toString: 1, valueOf: 1 }] }),
      () =>
        pusher.trigger("a", "event", "x", {
          get info() {
            throw new Error("get")
          },
        }),
      () => pusher.trigger("a", "event", throwing("get")),
      () => pusher.get({ path: "/", params: revoked({}) }),
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
    sound(t, pusher)
  })

  const unserialisable = [
    ["circular data", circular],
    ["a BigInt", { big: 1n }],
    ["data whose toJSON throws", throwing("of the caller")],
  ]
  for (const [what, data] of unserialisable) {
    test(`${what} is refused at once, with the exception as the cause`, (t) => {
      const { calls, pusher } = recorded(Pusher)
      const thrown = thrownBy(() => pusher.trigger("a", "event", data))
      t.true(thrown instanceof PusherValidationError)
      t.deepEqual([thrown.code, thrown.field], ["invalid_data", "data"])
      t.true(thrown.cause instanceof Error)
      t.true(thrown.message.includes(thrown.cause.message), thrown.message)
      t.strictEqual(calls.length, 0)
    })
  }

  test("functions and symbols are no data", (t) => {
    for (const data of [() => {}, Symbol("x")]) {
      t.strictEqual(thrownBy(() => recorded(Pusher).pusher.trigger("a", "event", data)).code, "invalid_data")
    }
  })

  test("whatever is no name is shown as text", (t) => {
    for (const [value, shown] of [
      [undefined, "undefined"],
      [null, "null"],
      [-0, "0"],
      [10n, "10"],
      [Symbol("a"), "Symbol(a)"],
      [{}, "[object Object]"],
      [[1, [2, undefined]], "1,2,"],
      [Object.create(null), "object"],
      [
        {
          toString() {
            throw new Error("toString")
          },
        },
        "object",
      ],
      [Object.assign(() => {}, { toString: undefined, valueOf: undefined }), "function"],
      [revoked({}), "object"],
      [{ toString: () => "x".repeat(2 ** 25 + 1) }, "(too long to show)"],
    ]) {
      const error = thrownBy(() => recorded(Pusher).pusher.trigger("a", value, "x"))
      t.strictEqual(error.message, `Invalid event name: '${shown}'`)
    }
  })

  test("what shows itself may use the client meanwhile", async (t) => {
    const { calls, pusher } = recorded(Pusher)
    let other
    const busy = { toString: () => ((other = pusher.trigger("b", "other", "y")), "busy") }
    t.strictEqual(thrownBy(() => pusher.trigger("a", busy, "x")).message, "Invalid event name: 'busy'")
    await other
    t.deepEqual(
      calls.map(({ body }) => body.name),
      ["other"],
    )
  })

  test("a signal is anything of its shape", async (t) => {
    for (const signal of [
      1,
      "a",
      {},
      { aborted: false },
      { aborted: 0, addEventListener() {} },
      new AbortController(),
    ]) {
      const error = thrownBy(() => recorded(Pusher).pusher.trigger("a", "event", "x", { signal }))
      t.deepEqual(
        [error.code, error.field, error.message],
        ["invalid_argument", "signal", "Invalid signal: it must be an AbortSignal"],
      )
    }
  })

  test("a lone surrogate in a string travels as U+FFFD", async (t) => {
    const { calls, pusher } = recorded(Pusher)
    await pusher.trigger("a", "ev\ud800", "\udc00x")
    t.deepEqual([calls[0].body.name, calls[0].body.data], ["ev\ufffd", "\ufffdx"])
  })

  test("data is the same where strings have no `toWellFormed`", async (t) => {
    const bodies = []
    const answer = { ok: true, status: 200 }
    // Nothing of the host's that may need the method runs before it is back.
    const fetch = (url, { body }) => {
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

  test("lists and texts that are too large all in all are refused, and harm nothing", (t) => {
    const { calls, pusher } = recorded(Pusher)
    const { auth } = pusher.authorizeChannel("1.1", "private-a")
    const long = "a".repeat(2 ** 25)
    t.strictEqual(
      thrownBy(() => pusher.trigger(Array(65_600).fill("a".repeat(21_845)), "event", "")).code,
      "too_many_channels",
    )
    t.strictEqual(thrownBy(() => pusher.trigger(Array(40_000).fill("a"), "event", "")).code, "too_many_channels")
    for (const count of [40, 200]) {
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

  test("a string too large for the module is refused", async (t) => {
    const { calls, pusher } = recorded(Pusher)
    const huge = "x".repeat(2 ** 25 + 1)
    t.strictEqual(thrownBy(() => pusher.trigger("a", "event", huge)).code, "invalid_data")
    t.strictEqual(thrownBy(() => pusher.trigger(huge, "event", "")).code, "invalid_channel")
    t.false(pusher.webhook({ headers: {}, rawBody: huge }).isValid())
    t.strictEqual(calls.length, 0)
  })
}
