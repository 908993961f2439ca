import { recorded, thrownBy } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherValidationError }) => {
  const triggered = async (...args) => {
    const { calls, pusher } = recorded(Pusher)
    await pusher.trigger(...args)
    return calls[0]
  }

  test("an event is posted as its name, data and channels", async (t) => {
    const { url, init } = await triggered(["project-3"], "foo", { some: "data" })
    t.strictEqual(init.method, "POST")
    t.strictEqual(url.pathname, "/apps/3/events")
    t.strictEqual(init.body, '{"name":"foo","data":"{\\"some\\":\\"data\\"}","channels":["project-3"]}')
  })

  test("a plain `fetch(url, init)`: any function of that shape can take it", async (t) => {
    const { init } = await triggered("a", "event", "data")
    t.strictEqual(Object.getPrototypeOf(init), Object.prototype)
    t.strictEqual(typeof init.body, "string")
    t.strictEqual(init.redirect, "manual")
    t.strictEqual(init.headers["content-type"], "application/json")
    t.true(/^pusher-http-wasm \d+\.\d+\.\d+$/.test(init.headers["x-pusher-library"]))
  })

  test("one channel is a list of one", async (t) => {
    t.deepEqual((await triggered("one", "event", "")).body.channels, ["one"])
    t.deepEqual((await triggered(["one", "two"], "event", "")).body.channels, ["one", "two"])
  })

  test("strings travel as they are, everything else as JSON.stringify gives it", async (t) => {
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
        (await triggered("a", "event", value)).body.data,
        typeof value === "string" ? value : JSON.stringify(value),
      )
    }
  })

  test("data may be left out", async (t) => {
    t.deepEqual((await triggered("a", "event")).body, { name: "event", channels: ["a"] })
    t.deepEqual((await triggered("a", "event", undefined, {})).body, { name: "event", channels: ["a"] })
  })

  test("params go behind the event's own members, in their order", async (t) => {
    const { init } = await triggered("a", "event", "x", {
      socket_id: "123.567",
      info: "user_count",
      later: { z: 1, a: [2] },
    })
    t.strictEqual(
      init.body,
      '{"name":"event","data":"x","channels":["a"],"socket_id":"123.567","info":"user_count","later":{"z":1,"a":[2]}}',
    )
  })

  test("`info` may be a list", async (t) => {
    const { body } = await triggered("a", "event", "x", { info: ["user_count", "subscription_count"] })
    t.strictEqual(body.info, "user_count,subscription_count")
  })

  test("params cannot overwrite the event", async (t) => {
    const params = { name: "other", data: "other", channels: ["private-encrypted-a"], info: "user_count" }
    const { body } = await triggered("a", "event", "x", params)
    t.deepEqual(body, { name: "event", data: "x", channels: ["a"], info: "user_count" })
  })

  test("`undefined` and `null` params are left out", async (t) => {
    const { body } = await triggered("a", "event", "x", { socket_id: undefined, info: null })
    t.deepEqual(body, { name: "event", data: "x", channels: ["a"] })
  })

  test("a member named __proto__ is a member like others", async (t) => {
    const { init } = await triggered("a", "event", "x", JSON.parse('{"__proto__":{"polluted":1}}'))
    t.true(init.body.endsWith(',"__proto__":{"polluted":1}}'))
    t.strictEqual({}.polluted, undefined)
  })

  test("an idempotency key becomes a header, and not part of the body", async (t) => {
    const { body, init } = await triggered("a", "event", "x", { idempotencyKey: "once" })
    t.deepEqual(body, { name: "event", data: "x", channels: ["a"] })
    t.strictEqual(init.headers["x-idempotency-key"], "once")
  })

  test("the longest names, and all characters that a channel's may have", async (t) => {
    await triggered("x".repeat(200), "e".repeat(200), "x")
    await triggered("azAZ09_-=@,.;", "event", "x")
    t.strictEqual(
      (await triggered("a", "\u{1f600}".repeat(100), "x")).body.name.length,
      200,
      "counted in UTF-16 code units",
    )
  })

  test("`info` of anything that has a text", async (t) => {
    for (const [info, text] of [
      [[], ""],
      [["a", 1, null], "a,1,null"],
      [["a"], "a"],
    ]) {
      t.strictEqual((await triggered("a", "event", "x", { info })).body.info, text)
    }
    const error = thrownBy(() =>
      recorded(Pusher).pusher.trigger("a", "event", "x", { info: [{ toString: 1, valueOf: 1 }] }),
    )
    t.deepEqual([error.code, error.field], ["invalid_argument", "info"])
  })

  // A frame of the module's buffer, 65 536 bytes, takes 21 842 code units for sure, and up to three times as many if they are ASCII.
  for (const size of [21_700, 30_000, 65_400, 65_500, 65_600, 100_000, 1_000_000]) {
    test(`an event of ${size} bytes arrives whole`, async (t) => {
      const names = ["a", "b"]
      const channels = JSON.stringify(names)
      for (const character of ["x", "\u00e9", "\u20ac", "\u{1f600}", '"', "\ud800"]) {
        const data = character.repeat(size / new TextEncoder().encode(character).length)
        const body = `{"name":"event","data":${JSON.stringify(data.toWellFormed?.() ?? data.replaceAll("\ud800", "\ufffd"))},"channels":${channels}}`
        for (const options of [{ host: "localhost" }, { maxPayloadBytes: Infinity }]) {
          const { calls, pusher } = recorded(Pusher, options)
          await pusher.trigger(names, "event", data)
          t.true(calls[0].init.body === body, `${size} bytes of ${character}`)
          await pusher.triggerBatch([
            { channel: "a", name: "event", data },
            { channel: "b", name: "after", data: "x" },
          ])
          t.deepEqual(
            calls[1].body.batch.map(({ name, data }) => [name, data.length]),
            [
              ["event", data.length],
              ["after", 1],
            ],
          )
          pusher.free()
        }
      }
    })
  }

  test("100 channels are the most", async (t) => {
    const channels = Array.from({ length: 101 }, (_, index) => `channel-${index}`)
    t.strictEqual((await triggered(channels.slice(1), "event", "x")).body.channels.length, 100)
    const error = thrownBy(() => recorded(Pusher).pusher.trigger(channels, "event", "x"))
    t.strictEqual(error.message, "Can't trigger a message to more than 100 channels")
    t.strictEqual(error.code, "too_many_channels")
  })

  const refused = [
    ["an empty channel name", ["", "event"], "Invalid channel name: ''", "invalid_channel"],
    ["a character that no channel's name has", ["abc$", "event"], "Invalid channel name: 'abc$'", "invalid_channel"],
    ["a channel name beyond ASCII", ["\u00e9", "event"], "Invalid channel name: '\u00e9'", "invalid_channel"],
    ["a channel name with a newline at its end", ["a\n", "event"], "Invalid channel name: 'a\n'", "invalid_channel"],
    [
      "a channel name of 201 characters",
      ["x".repeat(201), "event"],
      `Channel name too long: '${"x".repeat(201)}'`,
      "invalid_channel",
    ],
    ["a wrong name among right ones", [["a", "b c"], "event"], "Invalid channel name: 'b c'", "invalid_channel"],
    ["a number for a channel", [1, "event"], "Invalid channel name: '1'", "invalid_channel"],
    ["nothing for a channel", [undefined, "event"], "Invalid channel name: 'undefined'", "invalid_channel"],
    ["an object for a channel", [{}, "event"], "Invalid channel name: '[object Object]'", "invalid_channel"],
    ["no channel at all", [[], "event"], "No channel to trigger the event on", "invalid_channel"],
    [
      "an event name of 201 characters",
      ["a", "x".repeat(201)],
      `Too long event name: '${"x".repeat(201)}'`,
      "invalid_event",
    ],
    ["an empty event name", ["a", ""], "Invalid event name: ''", "invalid_event"],
    ["a number for an event name", ["a", 1], "Invalid event name: '1'", "invalid_event"],
    ["no event name", ["a"], "Invalid event name: 'undefined'", "invalid_event"],
    ["a wrong socket id", ["a", "event", "x", { socket_id: "x" }], "Invalid socket id: 'x'", "invalid_socket_id"],
    ["an empty socket id", ["a", "event", "x", { socket_id: "" }], "Invalid socket id: ''", "invalid_socket_id"],
    [
      "a string for params",
      ["a", "event", "x", "1.1"],
      "Invalid params '1.1': they must be an object",
      "invalid_argument",
    ],
    [
      "a signal that is none",
      ["a", "event", "x", { signal: {} }],
      "Invalid signal: it must be an AbortSignal",
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
    test(`${what} is refused at once, and nothing is sent`, (t) => {
      const { calls, pusher } = recorded(Pusher)
      const error = thrownBy(() => pusher.trigger(...args))
      t.true(error instanceof PusherValidationError)
      t.deepEqual([error.message, error.code], [message, code])
      t.strictEqual(calls.length, 0)
    })
  }
}
