// Options beyond where requests go: sizes, how requests are sent, encoders, hooks.
import { connected, docs, recorded, rejectionOf, thrownBy, uniqueChannel } from "./support.mjs"

const masterKey = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="

export default ({ test, module }, { default: Pusher, PusherValidationError }, environment) => {
  module("maxPayloadBytes", () => {
    const sends = async (data, options = {}, channel = "a") => {
      const { pusher } = recorded(Pusher, { encryptionMasterKeyBase64: masterKey, ...options })
      return (await pusher.trigger(channel, "event", data)).status === 200
    }
    const refuses = (t, data, sizes, options = {}, channel = "a") => {
      const { calls, pusher } = recorded(Pusher, { encryptionMasterKeyBase64: masterKey, ...options })
      const error = thrownBy(() => pusher.trigger(channel, "event", data))
      t.true(error instanceof PusherValidationError)
      t.deepEqual([error.code, error.field], ["payload_too_large", "data"])
      t.strictEqual(
        error.message,
        `The data of event 'event' is ${sizes[0]} bytes long, more than the ${sizes[1]} that are allowed`,
      )
      t.strictEqual(calls.length, 0)
    }

    test("10 240 bytes of UTF-8 on Pusher's own hosts", async (t) => {
      for (const options of [{}, { cluster: "eu" }, { host: "api.staging.pusher.com" }]) {
        t.true(await sends("x".repeat(10_240), options))
        t.true(await sends("\u00e9".repeat(5_120), options))
        refuses(t, "x".repeat(10_241), [10_241, 10_240], options)
        refuses(t, "\u00e9".repeat(5_121), [10_242, 10_240], options)
        refuses(t, { x: "x".repeat(10_240) }, [10_248, 10_240], options)
      }
    })

    test("counted after encryption", async (t) => {
      // JSON.stringify adds two quotes to what is sealed; 7 619 bytes fit.
      t.true(await sends("x".repeat(7_617), {}, "private-encrypted-a"))
      refuses(t, "x".repeat(7_620), [10_244, 10_240], {}, "private-encrypted-a")
    })

    test("no limit on a host of one's own", async (t) => {
      t.true(await sends("x".repeat(1_000_000), { host: "localhost" }))
      t.true(await sends("x".repeat(1_000_000), { host: "pusher.com.example.org" }))
    })

    test("a limit of one's own", async (t) => {
      t.true(await sends("12345", { host: "localhost", maxPayloadBytes: 5 }))
      refuses(t, "123456", [6, 5], { host: "localhost", maxPayloadBytes: 5 })
      t.true(await sends("x".repeat(20_000), { maxPayloadBytes: 20_000 }))
      t.true(await sends("x".repeat(1_000_000), { maxPayloadBytes: Infinity }))
    })

    test("in a batch it is each event's, and the error names its index", (t) => {
      const { calls, pusher } = recorded(Pusher)
      const events = [1, 10_241].map((size) => ({ channel: "a", name: "event", data: "x".repeat(size) }))
      const error = thrownBy(() => pusher.triggerBatch(events))
      t.deepEqual([error.code, error.index], ["payload_too_large", 1])
      t.strictEqual(calls.length, 0)
    })

    test("a wrong limit is refused", (t) => {
      for (const maxPayloadBytes of [0, -1, 1.5, NaN, "many", {}, true]) {
        const error = thrownBy(() => new Pusher({ ...docs, maxPayloadBytes }))
        t.deepEqual([error.code, error.field], ["invalid_option", "maxPayloadBytes"])
      }
    })
  })

  module("fetchOptions", () => {
    test("are merged into every request, where they are not ours to say", async (t) => {
      const cf = { cacheTtl: 0 }
      const fetchOptions = {
        cf,
        keepalive: true,
        method: "PUT",
        body: "other",
        redirect: "follow",
        headers: { "x-own": "1" },
      }
      const { calls, pusher } = recorded(Pusher, { fetchOptions, headers: { "x-more": "2" } })
      await pusher.trigger("a", "event", "x")
      const { init } = calls[0]
      t.strictEqual(init.cf, cf)
      t.true(init.keepalive)
      t.deepEqual([init.method, init.redirect], ["POST", "manual"])
      t.true(init.body.startsWith('{"name":"event"'))
      t.deepEqual([init.headers["x-own"], init.headers["x-more"]], ["1", "2"])
      t.deepEqual(Object.keys(fetchOptions.headers), ["x-own"], "and stay as they are")
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

    test("an encoder of one's own writes data, and only data", async (t) => {
      const { calls, pusher } = recorded(Pusher, { json })
      await pusher.trigger("a", "event", { some: "data" })
      t.deepEqual(calls[0].body, { name: "event", data: 'mine:{"some":"data"}', channels: ["a"] })
      await pusher.trigger("a", "event", "text")
      t.strictEqual(calls[1].body.data, "text")
      t.strictEqual(pusher.authorizeChannel("1.1", "presence-a", { user_id: "1" }).channel_data, 'mine:{"user_id":"1"}')
      t.strictEqual(pusher.authenticateUser("1.1", { id: "1" }).user_data, 'mine:{"id":"1"}')
    })

    test("a decoder of one's own reads answers, webhooks and decrypted data", async (t) => {
      const { pusher } = recorded(
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

    test("what an encoder throws is the cause of the error, and what it returns must be text", (t) => {
      const cause = new Error("mine")
      const failing = recorded(Pusher, {
        json: {
          stringify: () => {
            throw cause
          },
        },
      }).pusher
      t.strictEqual(thrownBy(() => failing.trigger("a", "event", {})).cause, cause)
      const odd = recorded(Pusher, { json: { stringify: () => 1 } }).pusher
      t.strictEqual(thrownBy(() => odd.trigger("a", "event", {})).code, "invalid_data")
    })

    test("must be an object of functions", (t) => {
      t.strictEqual(thrownBy(() => new Pusher({ ...docs, json: 1 })).field, "json")
      for (const name of ["stringify", "parse"]) {
        t.strictEqual(thrownBy(() => new Pusher({ ...docs, json: { [name]: 1 } })).field, name)
      }
    })
  })

  module("hooks", () => {
    const hooked = (answer, options = {}) => {
      const events = []
      const onRequest = (event) => events.push(["request", event])
      const onResponse = (event) => events.push(["response", event])
      return { events, ...recorded(Pusher, { onRequest, onResponse, ...options }, answer) }
    }
    const url = `https://api.pusherapp.com/apps/3/channels?auth_key=${docs.key}&auth_timestamp=1353088179&auth_version=1.0&auth_signature=(signature)`

    test("are told of a request and its answer, and see no signature", async (t) => {
      const { events, pusher } = hooked(() => new Response("{}", { status: 202 }))
      await pusher.get({ path: "/channels" })
      t.strictEqual(events.length, 2)
      t.deepEqual(events[0], ["request", { method: "GET", url, attempt: 1 }])
      const { ms, ...told } = events[1][1]
      t.deepEqual(told, { method: "GET", url, attempt: 1, status: 202 })
      t.true(ms >= 0)
    })

    test("are told of failures", async (t) => {
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
        const { events, pusher } = hooked(answer)
        await rejectionOf(pusher.get({ path: "/channels" }))
        t.deepEqual([events[1][1].status, events[1][1].code], [status, code])
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
        const { pusher } = recorded(Pusher, { onRequest: hook, onResponse: hook })
        t.strictEqual((await pusher.trigger("a", "event", "x")).status, 200)
      }
    })

    test("must be functions", (t) => {
      for (const name of ["onRequest", "onResponse"]) {
        t.strictEqual(thrownBy(() => new Pusher({ ...docs, [name]: console })).field, name)
      }
    })
  })

  module("agent", () => {
    const http = globalThis.process?.getBuiltinModule?.("node:http")

    test("sends through node:http where there is one, else the error names `fetch`", async (t) => {
      if (typeof http?.request !== "function") {
        const error = thrownBy(() => connected(Pusher, environment, { agent: { destroy() {} } }))
        t.deepEqual([error.code, error.field], ["invalid_option", "agent"])
        t.true(error.message.includes("`fetch`"), error.message)
        return
      }
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
      try {
        const pusher = connected(Pusher, environment, { agent })
        t.strictEqual(pusher.config.agent, agent)
        const response = await pusher.trigger(uniqueChannel(), "event", { hello: "\u00e9" })
        t.true(response instanceof Response)
        t.strictEqual(response.status, 200)
        t.deepEqual(await response.json(), {})
        t.strictEqual(
          (await rejectionOf(connected(Pusher, environment, { agent, secret: "other" }).channels())).status,
          401,
        )
        t.strictEqual(
          (await connected(Pusher, environment, { agent: () => agent }).get({ path: "/channels" })).status,
          200,
        )
        const refused = await rejectionOf(connected(Pusher, environment, { agent, port: 1 }).channels())
        t.strictEqual(refused.code, "network")
        const slow = connected(Pusher, environment, { agent: new http.Agent(), timeout: 50 })
        t.strictEqual((await rejectionOf(slow.trigger("a", "fault:hang", "x"))).code, "timeout")
        t.strictEqual((await rejectionOf(slow.trigger("a", "fault:hangBody", "x"))).code, "timeout")
        const reset = connected(Pusher, environment, { agent: new http.Agent() })
        t.strictEqual((await rejectionOf(reset.trigger("a", "fault:reset", "x"))).code, "network")
        t.strictEqual((await rejectionOf(reset.trigger("a", "fault:redirect", "x"))).status, 302)
      } finally {
        agent.destroy()
      }
    })

    test("has its only connection free again after any end of an exchange, read or not", async (t) => {
      if (typeof http?.request !== "function") return t.true(true, "has no agents")
      const afterwards = async (end) => {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
        try {
          await end((options) => connected(Pusher, environment, { agent, ...options }))
          const response = await connected(Pusher, environment, { agent }).trigger(uniqueChannel(), "event", "x")
          t.deepEqual(await response.clone().json(), {})
          t.deepEqual(await response.json(), {})
        } finally {
          agent.destroy()
        }
      }
      await afterwards((pusherWith) =>
        Promise.all(Array.from({ length: 5 }, () => pusherWith().trigger(uniqueChannel(), "event", "x"))),
      )
      for (const channel of ["fault:hang", "fault:hangBody"]) {
        await afterwards(async (pusherWith) => {
          t.strictEqual((await rejectionOf(pusherWith({ timeout: 50 }).trigger("a", channel, "x"))).code, "timeout")
        })
        await afterwards(async (pusherWith) => {
          const controller = new AbortController()
          const call = pusherWith().trigger("a", channel, "x", { signal: controller.signal })
          setTimeout(() => controller.abort(), 20)
          t.strictEqual((await rejectionOf(call)).code, "aborted")
        })
      }
    })

    test("gets what is signed, odd names and parameters included", async (t) => {
      if (typeof http?.request !== "function") return t.true(true, "has no agents")
      const agent = new http.Agent()
      const pusher = connected(Pusher, environment, { agent: (url) => (t.true(url instanceof URL), agent) })
      const params = { filter_by_prefix: "no such&prefix=+%\u00e9'" }
      t.deepEqual(await (await pusher.get({ path: "/channels", params })).json(), { channels: {} })
      t.strictEqual((await pusher.get({ path: `/channels/${uniqueChannel("a@b,c;")}` })).status, 200)
      for (const id of ["a/b", "a b", "\u00e9", "a%2fb", "a?b#c"])
        t.strictEqual((await pusher.terminateUserConnections(id)).status, 200, id)
    })

    test("excludes `fetch`, and must be an agent", (t) => {
      t.strictEqual(thrownBy(() => new Pusher({ ...docs, agent: {}, fetch: async () => {} })).field, "agent")
      t.strictEqual(thrownBy(() => new Pusher({ ...docs, agent: "agent" })).field, "agent")
    })
  })
}
