import { pick, record, thrownBy } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherValidationError }) => {
  const recordTrigger = async (...args) => {
    const { calls, pusher } = record(Pusher)
    await pusher.trigger(...args)
    return calls[0]
  }

  test("posts an event as its name, data and channels", async (t) => {
    const { url, init } = await recordTrigger(["project-3"], "foo", { some: "data" })
    t.strictEqual(init.method, "POST")
    t.strictEqual(url.pathname, "/apps/3/events")
    t.strictEqual(init.body, '{"name":"foo","data":"{\\"some\\":\\"data\\"}","channels":["project-3"]}')
  })

  test("calls `fetch(url, init)` with plain values that any function of that shape accepts", async (t) => {
    const { init } = await recordTrigger("a", "event", "data")
    t.strictEqual(Object.getPrototypeOf(init), Object.prototype)
    t.strictEqual(typeof init.body, "string")
    t.strictEqual(init.redirect, "manual")
    t.strictEqual(init.headers["content-type"], "application/json")
    t.true(/^pusher-http-wasm \d+\.\d+\.\d+$/.test(init.headers["x-pusher-library"]))
  })

  test("sends one channel as a list of one", async (t) => {
    t.deepEqual((await recordTrigger("one", "event", "")).body.channels, ["one"])
    t.deepEqual((await recordTrigger(["one", "two"], "event", "")).body.channels, ["one", "two"])
  })

  test("sends strings unchanged and anything else as JSON", async (t) => {
    const data = [
      "text",
      "",
      '{"already":"JSON"}',
      { some: "data " },
      [1, 2, 4],
      0,
      false,
      null,
      new Date(0),
      { toJSON: () => "mine" },
      { none: undefined, nested: { none: undefined, list: [undefined] } },
      '\u00e9\u{1f600}\u2028"\\\n\t\u0000\u007f',
      { text: '\u00e9\u{1f600}\u2028"\\\n\t\u0000\u007f' },
      { lone: "\ud800" },
    ]
    for (const value of data) {
      t.strictEqual(
        (await recordTrigger("a", "event", value)).body.data,
        typeof value === "string" ? value : JSON.stringify(value),
      )
    }
  })

  test("sends data that is left out as `null`", async (t) => {
    const expected = { name: "event", data: "null", channels: ["a"] }
    t.deepEqual((await recordTrigger("a", "event")).body, expected)
    t.deepEqual((await recordTrigger("a", "event", undefined, {})).body, expected)
    const { calls, pusher } = record(Pusher)
    await pusher.sendToUser("1", "event")
    t.strictEqual(calls[0].body.data, "null")
  })

  test("appends params to the event's own members, in the caller's order", async (t) => {
    const { init } = await recordTrigger("a", "event", "x", {
      socket_id: "123.567",
      info: "user_count",
      later: { z: 1, a: [2] },
    })
    t.strictEqual(
      init.body,
      '{"name":"event","data":"x","channels":["a"],"socket_id":"123.567","info":"user_count","later":{"z":1,"a":[2]}}',
    )
  })

  test("takes a string in place of params as the socket id", async (t) => {
    const { init } = await recordTrigger("a", "event", "x", "123.456")
    t.strictEqual(init.body, '{"name":"event","data":"x","channels":["a"],"socket_id":"123.456"}')
  })

  test("joins `info` if it is a list", async (t) => {
    const { body } = await recordTrigger("a", "event", "x", { info: ["user_count", "subscription_count"] })
    t.strictEqual(body.info, "user_count,subscription_count")
  })

  test("never lets params overwrite the event", async (t) => {
    const params = { name: "other", data: "other", channels: ["private-encrypted-a"], info: "user_count" }
    const { body } = await recordTrigger("a", "event", "x", params)
    t.deepEqual(body, { name: "event", data: "x", channels: ["a"], info: "user_count" })
  })

  test("never lets a `toJSON` write the event's own members", async (t) => {
    const toJSON = () => ({ name: "other", data: "other", channels: ["private-encrypted-a"] })
    const expected = '{"name":"event","data":"x","channels":["a"],"info":"user_count"}'
    t.strictEqual((await recordTrigger("a", "event", "x", { info: "user_count", toJSON })).init.body, expected)
    Object.prototype.toJSON = toJSON
    let call
    try {
      call = recordTrigger("a", "event", "x", { info: "user_count" })
    } finally {
      delete Object.prototype.toJSON
    }
    t.strictEqual((await call).init.body, expected)
    const { body } = await recordTrigger("a", "event", "x", { toJSON: "text" })
    t.strictEqual(body.toJSON, "text", "a member like any other")
  })

  test("reads each of the params once", async (t) => {
    const reads = []
    const params = {
      socket_id: "1.2",
      info: "user_count",
      signal: undefined,
      idempotencyKey: "key",
      retry: {},
      later: 1,
    }
    const names = [...Object.keys(params), "idempotencyKeys"]
    const observed = new Proxy(params, {
      get(target, name) {
        reads.push(name)
        return target[name]
      },
    })
    await recordTrigger("a", "event", "x", observed)
    t.deepEqual(reads.sort(), names.sort())
  })

  test("takes nothing of a call's options from `Object.prototype`", async (t) => {
    const polluted = {
      socket_id: "x",
      info: "user_count",
      idempotencyKey: "a b",
      signal: 1,
      retry: 1,
      prefix: 1,
      params: 1,
      body: 1,
    }
    const { calls, pusher } = record(Pusher)
    Object.assign(Object.prototype, polluted)
    let answers
    try {
      answers = [
        pusher.trigger("a", "event", "x", {}),
        pusher.triggerBatch([{ channel: "a", name: "event", data: "x" }], {}),
        pusher.channels({}),
        pusher.get({ path: "/channels" }),
        pusher.post({ path: "/events" }),
      ]
      pusher.createSignedQueryString({ method: "GET", path: "/" })
    } finally {
      for (const name of Object.keys(polluted)) delete Object.prototype[name]
    }
    await Promise.all(answers)
    t.deepEqual(calls[0].body, { name: "event", data: "x", channels: ["a"] })
    t.deepEqual(calls[1].body, { batch: [{ channel: "a", name: "event", data: "x" }] })
    t.false(calls.some(({ url }) => url.searchParams.has("info")))
    t.false(calls.some(({ init }) => "x-idempotency-key" in init.headers))
  })

  test("leaves out `undefined` and `null` params", async (t) => {
    const { body } = await recordTrigger("a", "event", "x", { socket_id: undefined, info: null })
    t.deepEqual(body, { name: "event", data: "x", channels: ["a"] })
  })

  test("sends a member named __proto__ like any other", async (t) => {
    const { init } = await recordTrigger("a", "event", "x", JSON.parse('{"__proto__":{"polluted":1}}'))
    t.true(init.body.endsWith(',"__proto__":{"polluted":1}}'))
    t.strictEqual({}.polluted, undefined)
  })

  test("sends an idempotency key as a header, not in the body", async (t) => {
    const { body, init } = await recordTrigger("a", "event", "x", { idempotencyKey: "once" })
    t.deepEqual(body, { name: "event", data: "x", channels: ["a"] })
    t.strictEqual(init.headers["x-idempotency-key"], "once")
  })

  test("accepts the longest names and every character allowed in a channel's", async (t) => {
    await recordTrigger("x".repeat(200), "e".repeat(200), "x")
    await recordTrigger("azAZ09_-=@,.;", "event", "x")
    t.strictEqual(
      (await recordTrigger("a", "\u{1f600}".repeat(100), "x")).body.name.length,
      200,
      "counted in UTF-16 code units",
    )
  })

  test("turns list elements of `info` into text, and refuses those without one", async (t) => {
    for (const [info, text] of [
      [[], ""],
      [["a", 1, null], "a,1,null"],
      [["a"], "a"],
    ]) {
      t.strictEqual((await recordTrigger("a", "event", "x", { info })).body.info, text)
    }
    const error = thrownBy(() =>
      record(Pusher).pusher.trigger("a", "event", "x", { info: [{ toString: 1, valueOf: 1 }] }),
    )
    t.deepEqual(pick(error, "code", "field"), { code: "invalid_argument", field: "info" })
  })

  // The module's buffer of 65 536 bytes holds at least 21 842 code units, and three times as many if they are ASCII.
  for (const size of [21_700, 30_000, 65_400, 65_500, 65_600, 100_000, 1_000_000]) {
    test(`sends all ${size} bytes of an event`, async (t) => {
      const names = ["a", "b"]
      const channels = JSON.stringify(names)
      for (const character of ["x", "\u00e9", "\u20ac", "\u{1f600}", '"', "\ud800"]) {
        const data = character.repeat(size / new TextEncoder().encode(character).length)
        const body = `{"name":"event","data":${JSON.stringify(data.toWellFormed?.() ?? data.replaceAll("\ud800", "\ufffd"))},"channels":${channels}}`
        for (const options of [{ host: "localhost" }, { maxPayloadBytes: Infinity }]) {
          const { calls, pusher } = record(Pusher, options)
          await pusher.trigger(names, "event", data)
          t.true(calls[0].init.body === body, `${size} bytes of ${character}`)
          await pusher.triggerBatch([
            { channel: "a", name: "event", data },
            { channel: "b", name: "after", data: "x" },
          ])
          t.deepEqual(
            calls[1].body.batch.map(({ name, data }) => ({ name, length: data.length })),
            [
              { name: "event", length: data.length },
              { name: "after", length: 1 },
            ],
          )
          pusher.free()
        }
      }
    })
  }

  test("takes at most 100 channels", async (t) => {
    const channels = Array.from({ length: 101 }, (_, index) => `channel-${index}`)
    t.strictEqual((await recordTrigger(channels.slice(1), "event", "x")).body.channels.length, 100)
    const error = thrownBy(() => record(Pusher).pusher.trigger(channels, "event", "x"))
    t.strictEqual(error.message, "Can't trigger a message to more than 100 channels")
    t.strictEqual(error.code, "too_many_channels")
  })

  const refused = [
    ["an empty channel name", ["", "event"], "Invalid channel name: ''", "invalid_channel"],
    [
      "a character that channel names cannot have",
      ["abc$", "event"],
      "Invalid channel name: 'abc$'",
      "invalid_channel",
    ],
    ["a channel name beyond ASCII", ["\u00e9", "event"], "Invalid channel name: '\u00e9'", "invalid_channel"],
    ["a channel name that ends with a newline", ["a\n", "event"], "Invalid channel name: 'a%0A'", "invalid_channel"],
    [
      "a channel name of 201 characters",
      ["x".repeat(201), "event"],
      `Channel name too long: '${"x".repeat(201)}'`,
      "invalid_channel",
    ],
    [
      "a malformed channel name among valid ones",
      [["a", "b c"], "event"],
      "Invalid channel name: 'b c'",
      "invalid_channel",
    ],
    [
      "a number for a channel",
      [1, "event"],
      "Invalid channel name: it must be a string, not a number",
      "invalid_channel",
    ],
    [
      "a number among the channels",
      [["a", 1673738400000], "event"],
      "Invalid channel name: it must be a string, not a number",
      "invalid_channel",
    ],
    [
      "`undefined` for a channel",
      [undefined, "event"],
      "Invalid channel name: it must be a string, not undefined",
      "invalid_channel",
    ],
    [
      "an object for a channel",
      [{}, "event"],
      "Invalid channel name: it must be a string, not an object",
      "invalid_channel",
    ],
    ["no channel at all", [[], "event"], "No channel to trigger the event on", "invalid_channel"],
    [
      "an event name of 201 characters",
      ["a", "x".repeat(201)],
      `Too long event name: '${"x".repeat(201)}'`,
      "invalid_event",
    ],
    ["an empty event name", ["a", ""], "Invalid event name: ''", "invalid_event"],
    ["a number for an event name", ["a", 1], "Invalid event name: it must be a string, not a number", "invalid_event"],
    ["a missing event name", ["a"], "Invalid event name: it must be a string, not undefined", "invalid_event"],
    ["a list for an event name", ["a", []], "Invalid event name: it must be a string, not a list", "invalid_event"],
    ["a malformed socket id", ["a", "event", "x", { socket_id: "x" }], "Invalid socket id: 'x'", "invalid_socket_id"],
    ["an empty socket id", ["a", "event", "x", { socket_id: "" }], "Invalid socket id: ''", "invalid_socket_id"],
    [
      "a number for a socket id",
      ["a", "event", "x", { socket_id: 1.1 }],
      "Invalid socket id: it must be a string, not a number",
      "invalid_socket_id",
    ],
    ["a malformed socket id as params", ["a", "event", "x", "x"], "Invalid socket id: 'x'", "invalid_socket_id"],
    ["an empty socket id as params", ["a", "event", "x", ""], "Invalid socket id: ''", "invalid_socket_id"],
    [
      "a number for params",
      ["a", "event", "x", 1.1],
      "Invalid options: they must be an object, not a number",
      "invalid_argument",
    ],
    [
      "a signal that is not an AbortSignal",
      ["a", "event", "x", { signal: {} }],
      "Invalid signal: it must be an AbortSignal, not an object",
      "invalid_argument",
    ],
    [
      "an encrypted channel without a master key",
      ["private-encrypted-a", "event", "x"],
      "Set encryptionMasterKey before triggering events on encrypted channels",
      "missing_option",
    ],
    [
      "an encrypted channel among others",
      [["a", "private-encrypted-a"], "event", "x"],
      "You cannot trigger to multiple channels when using encrypted channels",
      "encrypted_channel_among_others",
    ],
  ]
  for (const [what, args, message, code] of refused) {
    test(`refuses ${what} at once, and sends nothing`, (t) => {
      const { calls, pusher } = record(Pusher)
      const error = thrownBy(() => pusher.trigger(...args))
      t.true(error instanceof PusherValidationError)
      t.deepEqual(pick(error, "message", "code"), { message, code })
      t.strictEqual(calls.length, 0)
    })
  }
}
