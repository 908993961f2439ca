// Options about sizes, how requests are sent, encoders and hooks; configuration.mjs tests those about the server's address.
import {
  connect,
  docs,
  http,
  makeChannelName,
  makeThrowingProxy,
  masterKey,
  pick,
  record,
  rejectionOf,
  thrownBy,
} from "./support.mjs"

export default ({ test, module }, { default: Pusher, PusherValidationError }, environment) => {
  module("maxPayloadBytes", () => {
    const isSent = async (data, options = {}, channel = "a") => {
      const { pusher } = record(Pusher, { encryptionMasterKeyBase64: masterKey, ...options })
      return (await pusher.trigger(channel, "event", data)).status === 200
    }
    const assertTooLarge = (t, data, sizes, options = {}, channel = "a") => {
      const { calls, pusher } = record(Pusher, { encryptionMasterKeyBase64: masterKey, ...options })
      const error = thrownBy(() => pusher.trigger(channel, "event", data))
      t.true(error instanceof PusherValidationError)
      t.deepEqual(pick(error, "code", "field"), { code: "payload_too_large", field: "data" })
      t.strictEqual(
        error.message,
        `The data of event 'event' is ${sizes[0]} bytes long, more than the ${sizes[1]} that are allowed`,
      )
      t.strictEqual(calls.length, 0)
    }

    test("allows 10 240 bytes of UTF-8 on Pusher's own hosts", async (t) => {
      for (const options of [{}, { cluster: "eu" }, { host: "api.staging.pusher.com" }]) {
        t.true(await isSent("x".repeat(10_240), options))
        t.true(await isSent("\u00e9".repeat(5_120), options))
        assertTooLarge(t, "x".repeat(10_241), [10_241, 10_240], options)
        assertTooLarge(t, "\u00e9".repeat(5_121), [10_242, 10_240], options)
        assertTooLarge(t, { x: "x".repeat(10_240) }, [10_248, 10_240], options)
      }
    })

    test("counts the bytes after encryption", async (t) => {
      // 7 619 bytes of JSON fit: 7 617 characters and two quotes.
      t.true(await isSent("x".repeat(7_617), {}, "private-encrypted-a"))
      assertTooLarge(t, "x".repeat(7_620), [10_244, 10_240], {}, "private-encrypted-a")
    })

    test("sets no limit on other hosts", async (t) => {
      t.true(await isSent("x".repeat(1_000_000), { host: "localhost" }))
      t.true(await isSent("x".repeat(1_000_000), { host: "pusher.com.example.org" }))
    })

    test("lets the caller choose the limit", async (t) => {
      t.true(await isSent("12345", { host: "localhost", maxPayloadBytes: 5 }))
      assertTooLarge(t, "123456", [6, 5], { host: "localhost", maxPayloadBytes: 5 })
      t.true(await isSent("x".repeat(20_000), { maxPayloadBytes: 20_000 }))
      t.true(await isSent("x".repeat(1_000_000), { maxPayloadBytes: Infinity }))
    })

    test("applies to each event of a batch, and the error names its index", (t) => {
      const { calls, pusher } = record(Pusher)
      const events = [1, 10_241].map((size) => ({ channel: "a", name: "event", data: "x".repeat(size) }))
      const error = thrownBy(() => pusher.triggerBatch(events))
      t.deepEqual(pick(error, "code", "index"), { code: "payload_too_large", index: 1 })
      t.strictEqual(calls.length, 0)
    })

    test("refuses a malformed limit", (t) => {
      for (const maxPayloadBytes of [0, -1, 1.5, NaN, "many", {}, true]) {
        const error = thrownBy(() => new Pusher({ ...docs, maxPayloadBytes }))
        t.deepEqual(pick(error, "code", "field"), { code: "invalid_option", field: "maxPayloadBytes" })
      }
    })
  })

  module("headers", () => {
    const sentWith = async (options, call = (pusher) => pusher.trigger("a", "event", "x")) => {
      const { calls, pusher } = record(Pusher, options)
      await call(pusher)
      return calls[0].init.headers
    }

    test("go out once each, with names in lower case", async (t) => {
      for (const headers of [
        { "X-Own": "1", "x-own": "2", "X-OTHER": "a b\t!~" },
        new Headers({ "X-Own": "2", "X-Other": "a b\t!~" }),
        new Map([
          ["X-Own", "2"],
          ["X-Other", "a b\t!~"],
        ]),
      ]) {
        for (const options of [
          { headers },
          { fetchOptions: { headers } },
          { fetchOptions: { headers: { "X-OWN": "0" } }, headers },
        ]) {
          const sent = await sentWith(options)
          t.deepEqual(pick(sent, "x-own", "x-other"), { "x-own": "2", "x-other": "a b\t!~" })
          t.deepEqual(
            Object.keys(sent),
            Object.keys(sent).map((name) => name.toLowerCase()),
          )
        }
      }
    })

    test("are those of the library where it sets them itself", async (t) => {
      const headers = {
        "Content-Type": "text/plain",
        "X-Pusher-Library": "mine",
        "Content-Length": "1",
        "X-Idempotency-Key": "mine",
      }
      for (const options of [{ headers }, { fetchOptions: { headers } }]) {
        const sent = await sentWith(options, (pusher) =>
          pusher.trigger("a", "event", "x", { idempotencyKey: "call's" }),
        )
        t.strictEqual(sent["content-type"], "application/json")
        t.true(sent["x-pusher-library"].startsWith("pusher-http-wasm "))
        t.strictEqual(sent["x-idempotency-key"], "call's")
        t.strictEqual(sent["content-length"], undefined, "the host counts")
        t.strictEqual((await sentWith(options))["x-idempotency-key"], "mine")
      }
    })

    test("that are `undefined` or `null` are left out", async (t) => {
      const sent = await sentWith({ headers: { a: undefined, b: null, c: "" } })
      t.false("a" in sent || "b" in sent)
      t.strictEqual(sent.c, "")
    })

    test("must have names and values that can be sent", (t) => {
      for (const [name, value] of [
        ["a b", "tofu"],
        ["", "tofu"],
        ["a:", "tofu"],
        ["a\n", "tofu"],
        ["\u00e9", "tofu"],
        ["x", "tofu\nb"],
        ["x", "tofu\r"],
        ["x", "tofu\0"],
        ["x", "tofu\u00e9"],
        ["x", "tofu\u{1f600}"],
        ["x", 5],
        ["x", true],
        ["x", ["tofu"]],
        ["x", { tofu: 1 }],
        ["x", Symbol("tofu")],
      ]) {
        for (const [options, field] of [
          [{ headers: { [name]: value } }, "headers"],
          [{ headers: new Map([[name, value]]) }, "headers"],
          [{ fetchOptions: { headers: { [name]: value } } }, "fetchOptions"],
        ]) {
          const error = thrownBy(() => new Pusher({ ...docs, ...options }))
          t.true(error instanceof PusherValidationError, error)
          t.deepEqual(pick(error, "code", "field"), { code: "invalid_option", field })
          t.true(error.message.startsWith(`Invalid header '${name.replace("\n", "%0A")}': `), error.message)
          t.false(error.message.includes("tofu"), error.message)
        }
      }
    })

    test("must be an object", (t) => {
      for (const headers of ["x: y", 1]) {
        t.strictEqual(thrownBy(() => new Pusher({ ...docs, headers })).field, "headers")
        t.strictEqual(thrownBy(() => new Pusher({ ...docs, fetchOptions: { headers } })).field, "headers")
      }
      t.strictEqual(thrownBy(() => new Pusher({ ...docs, headers: [1] })).field, "headers")
    })
  })

  test("maxResponseBytes may be any whole number above 0, digits, or Infinity", (t) => {
    for (const maxResponseBytes of [1, "1", 2 ** 24, 2 ** 40, Infinity, "Infinity", undefined, null])
      t.strictEqual(new Pusher({ ...docs, maxResponseBytes }).config.scheme, "https")
  })

  module("maxChannels", () => {
    const channels = (count) => Array.from({ length: count }, (_, index) => `channel-${index}`)

    test("raises or lowers the number of channels of a trigger", async (t) => {
      for (const maxChannels of [1, 101, "101"]) {
        const { calls, pusher } = record(Pusher, { maxChannels })
        await pusher.trigger(channels(Number(maxChannels)), "event", "x")
        t.strictEqual(calls[0].body.channels.length, Number(maxChannels))
        const error = thrownBy(() => pusher.trigger(channels(Number(maxChannels) + 1), "event", "x"))
        t.true(error instanceof PusherValidationError)
        t.deepEqual(pick(error, "code", "field", "message"), {
          code: "too_many_channels",
          field: "channels",
          message: `Can't trigger a message to more than ${maxChannels} channels`,
        })
        t.true(error.hint.includes("`maxChannels`"), error.hint)
      }
    })

    test("is 100 by default on every host", (t) => {
      for (const host of [undefined, "localhost"]) {
        const { pusher } = record(Pusher, { host })
        t.strictEqual(thrownBy(() => pusher.trigger(channels(101), "event", "x")).code, "too_many_channels")
      }
    })
  })

  module("maxBatchEvents", () => {
    const events = (count) => Array.from({ length: count }, () => ({ channel: "a", name: "event", data: "x" }))

    test("raises or lowers the number of events of a batch", async (t) => {
      for (const maxBatchEvents of [1, 11, "11"]) {
        const { calls, pusher } = record(Pusher, { maxBatchEvents })
        await pusher.triggerBatch(events(Number(maxBatchEvents)))
        t.strictEqual(calls[0].body.batch.length, Number(maxBatchEvents))
        const error = thrownBy(() => pusher.triggerBatch(events(Number(maxBatchEvents) + 1)))
        t.true(error instanceof PusherValidationError)
        t.deepEqual(pick(error, "code", "field", "message"), {
          code: "invalid_batch",
          field: "events",
          message: `Can't trigger a batch of more than ${maxBatchEvents} events`,
        })
        t.true(error.hint.includes("`maxBatchEvents`"), error.hint)
      }
    })

    test("is 10 by default on every host", (t) => {
      for (const host of [undefined, "localhost"]) {
        const { pusher } = record(Pusher, { host })
        t.strictEqual(thrownBy(() => pusher.triggerBatch(events(11))).code, "invalid_batch")
      }
    })
  })

  module("fetchOptions", () => {
    test("are merged into every request, except for what the library sets itself", async (t) => {
      const cf = { cacheTtl: 0 }
      const fetchOptions = {
        cf,
        keepalive: true,
        method: "PUT",
        body: "other",
        redirect: "follow",
        headers: { "x-own": "1" },
      }
      const { calls, pusher } = record(Pusher, { fetchOptions, headers: { "x-more": "2" } })
      await pusher.trigger("a", "event", "x")
      const { init } = calls[0]
      t.strictEqual(init.cf, cf)
      t.true(init.keepalive)
      t.deepEqual(pick(init, "method", "redirect"), { method: "POST", redirect: "manual" })
      t.true(init.body.startsWith('{"name":"event"'))
      t.deepEqual(pick(init.headers, "x-own", "x-more"), { "x-own": "1", "x-more": "2" })
      t.deepEqual(Object.keys(fetchOptions.headers), ["x-own"], "the caller's object is unchanged")
      t.strictEqual(fetchOptions.signal, undefined)
    })

    test("must be an object", (t) => {
      t.strictEqual(thrownBy(() => new Pusher({ ...docs, fetchOptions: "keepalive" })).field, "fetchOptions")
    })
  })

  module("json", () => {
    const json = {
      prefix: "mine:",
      stringify(value) {
        return this.prefix + JSON.stringify(value)
      },
      parse(text) {
        return JSON.parse(text.replace(this.prefix, ""), (key, value) => (key === "big" ? BigInt(value) : value))
      },
    }

    test("encodes data, and nothing else, with the caller's `stringify`", async (t) => {
      const { calls, pusher } = record(Pusher, { json })
      await pusher.trigger("a", "event", { some: "data" })
      t.deepEqual(calls[0].body, { name: "event", data: 'mine:{"some":"data"}', channels: ["a"] })
      await pusher.trigger("a", "event", "text")
      t.strictEqual(calls[1].body.data, "text")
      // The texts that servers read have to be JSON.
      const { pusher: spacious } = record(Pusher, { json: { stringify: (value) => JSON.stringify(value, null, 1) } })
      const member = spacious.authorizeChannel("1.1", "presence-a", { user_id: "1" })
      t.strictEqual(member.channel_data, '{\n "user_id": "1"\n}')
      t.strictEqual(spacious.authenticateUser("1.1", { id: "1" }).user_data, '{\n "id": "1"\n}')
      for (const call of [
        () => pusher.authorizeChannel("1.1", "presence-a", { user_id: "1" }),
        () => pusher.authenticateUser("1.1", { id: "1" }),
      ]) {
        t.strictEqual(thrownBy(call).code, "invalid_user_id")
      }
    })

    test("decodes answers and webhooks with the caller's `parse`", async (t) => {
      const { pusher } = record(
        Pusher,
        { json: { parse: json.parse, prefix: "" } },
        () => new Response('{"big":"12345678901234567890"}'),
      )
      t.strictEqual((await pusher.channels()).big, 12345678901234567890n)
      const rawBody = '{"time_ms":1,"events":[{"big":"1"}]}'
      const headers = {
        "x-pusher-key": docs.key,
        "x-pusher-signature": pusher.config.token.sign(rawBody),
        "content-type": "application/json",
      }
      const webhook = pusher.webhook({ headers, rawBody })
      t.true(webhook.isValid())
      t.strictEqual(webhook.getEvents()[0].big, 1n)
    })

    test("refuses data whose encoder throws, with its error as the cause, or returns no text", (t) => {
      const cause = new Error("mine")
      const failing = record(Pusher, {
        json: {
          stringify: () => {
            throw cause
          },
        },
      }).pusher
      t.strictEqual(thrownBy(() => failing.trigger("a", "event", {})).cause, cause)
      const numeric = record(Pusher, { json: { stringify: () => 1 } }).pusher
      t.strictEqual(thrownBy(() => numeric.trigger("a", "event", {})).code, "invalid_data")
    })

    test("must be an object of functions", (t) => {
      t.strictEqual(thrownBy(() => new Pusher({ ...docs, json: 1 })).field, "json")
      for (const name of ["stringify", "parse"]) {
        t.strictEqual(thrownBy(() => new Pusher({ ...docs, json: { [name]: 1 } })).field, name)
      }
    })
  })

  module("hooks", () => {
    const recordWithHooks = (answer, options = {}) => {
      const events = []
      const onRequest = (event) => events.push(["request", event])
      const onResponse = (event) => events.push(["response", event])
      return { events, ...record(Pusher, { onRequest, onResponse, ...options }, answer) }
    }
    const url = `https://api.pusherapp.com/apps/3/channels?auth_key=${docs.key}&auth_timestamp=1353088179&auth_version=1.0&auth_signature=(signature)`

    test("receive a request and its answer without the signature", async (t) => {
      const { events, pusher } = recordWithHooks(() => new Response("{}", { status: 202 }))
      await pusher.get({ path: "/channels" })
      t.strictEqual(events.length, 2)
      t.deepEqual(events[0], ["request", { method: "GET", url, attempt: 1 }])
      const { ms, ...event } = events[1][1]
      t.deepEqual(event, { method: "GET", url, attempt: 1, status: 202 })
      t.true(ms >= 0)
    })

    test("receive the status and code of failures", async (t) => {
      for (const [answer, status, code] of [
        [() => new Response("no", { status: 403 }), 403, "http"],
        [
          () => {
            throw new Error("no network")
          },
          undefined,
          "network",
        ],
      ]) {
        const { events, pusher } = recordWithHooks(answer)
        await rejectionOf(pusher.get({ path: "/channels" }))
        t.deepEqual(pick(events[1][1], "status", "code"), { status, code })
      }
    })

    test("cannot break a call", async (t) => {
      for (const hook of [
        () => {
          throw new Error("hook")
        },
        async () => {
          throw new Error("hook")
        },
      ]) {
        const { pusher } = record(Pusher, { onRequest: hook, onResponse: hook })
        t.strictEqual((await pusher.trigger("a", "event", "x")).status, 200)
      }
    })

    test("of the end of an attempt get what that of its begin returned", async (t) => {
      // Two calls whose requests are alike; the second is answered first.
      const answers = []
      const fetch = () => new Promise((resolve) => answers.push(resolve))
      const ends = []
      let begun = 0
      const { pusher } = record(Pusher, {
        fetch,
        retry: { attempts: 2, baseDelay: 0 },
        onRequest: ({ attempt }) => ({ number: begun++, attempt }),
        onResponse: ({ attempt, status }, returned) => ends.push([returned, attempt, status]),
      })
      const answer = (index, status) => answers[index](new Response("{}", { status }))
      const untilSent = async (count) => {
        while (answers.length < count) await new Promise((resolve) => setTimeout(resolve))
      }
      const calls = [pusher.channels(), pusher.channels()]
      answer(1, 500)
      await untilSent(3)
      answer(2, 200)
      await calls[1]
      answer(0, 500)
      await untilSent(4)
      answer(3, 200)
      await calls[0]
      t.deepEqual(ends, [
        [{ number: 1, attempt: 1 }, 1, 500],
        [{ number: 2, attempt: 2 }, 2, 200],
        [{ number: 0, attempt: 1 }, 1, 500],
        [{ number: 3, attempt: 2 }, 2, 200],
      ])
    })

    test("get whatever was returned as it is, and nothing where there is nothing", async (t) => {
      const promise = Promise.resolve({ headers: { "x-own": "late" } })
      for (const returned of [undefined, null, 0, "text", Symbol("own"), promise, Object.freeze({})]) {
        const seen = []
        const { calls, pusher } = record(Pusher, {
          onRequest: () => returned,
          onResponse: (...args) => seen.push(args),
        })
        await pusher.channels()
        t.strictEqual(seen.length, 1)
        t.strictEqual(seen[0][1], returned)
        t.deepEqual(Object.keys(calls[0].init.headers), ["x-pusher-library"])
      }
      const without = []
      const onRequest = () => {
        throw new Error("hook")
      }
      for (const options of [{}, { onRequest }]) {
        await record(Pusher, { ...options, onResponse: (_, returned) => without.push(returned) }).pusher.channels()
      }
      t.deepEqual(without, [undefined, undefined])
    })

    test("add headers to one attempt", async (t) => {
      const pairs = { "X-Own": "of the hook", TraceParent: "00-1" }
      for (const headers of [pairs, new Headers(pairs), new Map(Object.entries(pairs)), Object.entries(pairs)]) {
        const { calls, pusher } = record(
          Pusher,
          {
            retry: { attempts: 2, baseDelay: 0 },
            headers: { "x-own": "of the option", "x-other": "stays" },
            onRequest: ({ attempt }) => (attempt === 1 ? { headers } : undefined),
          },
          (count) => new Response("{}", { status: count === 1 ? 500 : 200 }),
        )
        await pusher.channels()
        t.deepEqual(
          calls.map(({ init }) => pick(init.headers, "x-own", "traceparent", "x-other")),
          [
            { "x-own": "of the hook", traceparent: "00-1", "x-other": "stays" },
            { "x-own": "of the option", traceparent: undefined, "x-other": "stays" },
          ],
        )
      }
    })

    test("add no header that the library or the host sets", async (t) => {
      const headers = {
        "Content-Type": "text/plain",
        "X-Pusher-Library": "mine",
        "Content-Length": "1",
        "X-Idempotency-Key": "mine",
      }
      const { calls, pusher } = record(Pusher, { onRequest: () => ({ headers }) })
      await pusher.trigger("a", "event", "x", { idempotencyKey: "call's" })
      const { "x-pusher-library": library, ...sent } = calls[0].init.headers
      t.true(library.startsWith("pusher-http-wasm "), library)
      t.deepEqual(sent, { "x-idempotency-key": "call's", "content-type": "application/json" })
    })

    test("add no header that cannot be sent", async (t) => {
      const throwing = Object.defineProperty({}, "headers", {
        get() {
          throw new Error("hook")
        },
      })
      for (const returned of [
        { headers: { "x own": "1" } },
        { headers: { "x-own": "1\r\nx-other: 2" } },
        { headers: { "x-own": "\u00e9" } },
        { headers: { "x-own": 1 } },
        { headers: [1] },
        { headers: 1 },
        { headers: "x-own: 1" },
        { headers: makeThrowingProxy() },
        { headers: null },
        { headers: { "x-own": undefined, "x-other": null } },
        throwing,
        makeThrowingProxy(),
      ]) {
        const { calls, pusher } = record(Pusher, { onRequest: () => returned })
        await pusher.channels()
        t.deepEqual(Object.keys(calls[0].init.headers), ["x-pusher-library"])
      }
    })

    test("must be functions", (t) => {
      for (const name of ["onRequest", "onResponse"]) {
        t.strictEqual(thrownBy(() => new Pusher({ ...docs, [name]: console })).field, name)
      }
    })
  })

  module("agent", () => {
    test("sends through node:http, or is refused where there is none", async (t) => {
      if (!http) {
        const error = thrownBy(() => connect(Pusher, environment, { agent: { destroy() {} } }))
        t.deepEqual(pick(error, "code", "field"), { code: "invalid_option", field: "agent" })
        t.true(error.message.includes("`fetch`"), error.message)
        return
      }
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
      try {
        const pusher = connect(Pusher, environment, { agent })
        t.strictEqual(pusher.config.agent, agent)
        const response = await pusher.trigger(makeChannelName(), "event", { hello: "\u00e9" })
        t.true(response instanceof Response)
        t.strictEqual(response.status, 200)
        t.deepEqual(await response.json(), {})
        t.strictEqual(
          (await rejectionOf(connect(Pusher, environment, { agent, secret: "other" }).channels())).status,
          401,
        )
        t.strictEqual(
          (await connect(Pusher, environment, { agent: () => agent }).get({ path: "/channels" })).status,
          200,
        )
        const refused = await rejectionOf(connect(Pusher, environment, { agent, port: 1 }).channels())
        t.strictEqual(refused.code, "network")
        const slow = connect(Pusher, environment, { agent: new http.Agent(), timeout: 50 })
        t.strictEqual((await rejectionOf(slow.trigger("a", "fault:hang", "x"))).code, "timeout")
        t.strictEqual((await rejectionOf(slow.trigger("a", "fault:hangBody", "x"))).code, "timeout")
        const reset = connect(Pusher, environment, { agent: new http.Agent() })
        t.strictEqual((await rejectionOf(reset.trigger("a", "fault:reset", "x"))).code, "network")
        t.strictEqual((await rejectionOf(reset.trigger("a", "fault:redirect", "x"))).status, 302)
      } finally {
        agent.destroy()
      }
    })

    test("gets its connection back after every request, however it ends and whether its body is read", async (t) => {
      if (!http) return t.true(true, "this host has no agents")
      const assertFreeAfter = async (end) => {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
        try {
          await end((options) => connect(Pusher, environment, { agent, ...options }))
          const response = await connect(Pusher, environment, { agent }).trigger(makeChannelName(), "event", "x")
          t.deepEqual(await response.clone().json(), {})
          t.deepEqual(await response.json(), {})
        } finally {
          agent.destroy()
        }
      }
      await assertFreeAfter((pusherWith) =>
        Promise.all(Array.from({ length: 5 }, () => pusherWith().trigger(makeChannelName(), "event", "x"))),
      )
      for (const channel of ["fault:hang", "fault:hangBody"]) {
        await assertFreeAfter(async (pusherWith) => {
          t.strictEqual((await rejectionOf(pusherWith({ timeout: 50 }).trigger("a", channel, "x"))).code, "timeout")
        })
        await assertFreeAfter(async (pusherWith) => {
          const controller = new AbortController()
          const call = pusherWith().trigger("a", channel, "x", { signal: controller.signal })
          setTimeout(() => controller.abort(), 20)
          t.strictEqual((await rejectionOf(call)).code, "aborted")
        })
      }
    })

    test("sends exactly the URL that was signed, whatever its characters", async (t) => {
      if (!http) return t.true(true, "this host has no agents")
      const agent = new http.Agent()
      const chooseAgent = (url) => {
        t.true(url instanceof URL)
        return agent
      }
      const pusher = connect(Pusher, environment, { agent: chooseAgent })
      const params = { filter_by_prefix: "no such&prefix=+%\u00e9'" }
      t.deepEqual(await (await pusher.get({ path: "/channels", params })).json(), { channels: {} })
      t.strictEqual((await pusher.get({ path: `/channels/${makeChannelName("a@b,c;")}` })).status, 200)
      for (const id of ["a/b", "a b", "\u00e9", "a%2fb", "a?b#c"])
        t.strictEqual((await pusher.terminateUserConnections(id)).status, 200, id)
    })

    test("must be an agent, and excludes `fetch`", (t) => {
      t.strictEqual(thrownBy(() => new Pusher({ ...docs, agent: {}, fetch: async () => {} })).field, "agent")
      t.strictEqual(thrownBy(() => new Pusher({ ...docs, agent: "agent" })).field, "agent")
    })
  })
}
