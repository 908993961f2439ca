// Endpoints in one line: the subpath `pusher-http-wasm/handlers`. Places that load it in another way than by `import` pass it as
// `environment.subpaths.handlers`.
import * as imported from "pusher-http-wasm/handlers"

import { docs, makeRevokedProxy, masterKey, pick, rejectionOf, thrownBy } from "./support.mjs"

const SOCKET_ID = "123.456"
const FORM = "application/x-www-form-urlencoded"

/** Makes a request with a form, or with a text of another type. */
const makeRequest = (body, { type = FORM, method = "POST", headers = {}, ...init } = {}) =>
  new Request("https://example.com/pusher/auth", {
    method,
    headers: { ...(type && { "content-type": type }), ...headers },
    body:
      typeof body === "object" && Object.getPrototypeOf(body) === Object.prototype ? new URLSearchParams(body) : body,
    ...init,
  })

const makeJsonRequest = (value, options) => makeRequest(JSON.stringify(value), { type: "application/json", ...options })

/** A request with a header that programs cannot set: browsers forbid some, and hosts trim values. */
const withHeader = (request, name, value) => ({
  method: request.method,
  headers: { get: (asked) => (asked === name ? value : request.headers.get(asked)) },
  body: request.body,
  bodyUsed: false,
  arrayBuffer: () => request.arrayBuffer(),
})

/** Marks a request as `pusher-http-wasm/node` does if a parser has read its body. */
const markParsed = (request, value = true) =>
  Object.defineProperty(request, Symbol.for("pusher-http-wasm.parsed"), { value })

/** Reads an answer: `{ status, body, headers }`, the body parsed. */
const read = async (response) => {
  const text = await response.text()
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text), headers: response.headers }
}

/** A stream of so many bytes, in pieces; endless for `Infinity`. Tells how many were asked of it, and whether it was cancelled. */
const makeStream = (size, byte = 97) => {
  const state = { pulled: 0, isCancelled: false }
  const stream = new ReadableStream(
    {
      pull(controller) {
        const piece = Math.min(16_384, size - state.pulled)
        if (piece <= 0) return controller.close()
        state.pulled += piece
        controller.enqueue(new Uint8Array(piece).fill(byte))
      },
      cancel() {
        state.isCancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, state }
}

export default (QUnit, library, environment) => {
  const { test } = QUnit
  const { default: Pusher, PusherValidationError, PusherWebHookError } = library
  const handlers = environment.subpaths?.handlers ?? imported
  const { channelAuthHandler, userAuthHandler, webhookHandler, readWebhook } = handlers
  const pusher = new Pusher({ ...docs, encryptionMasterKeyBase64: masterKey })
  const allow = () => true
  const member = { user_id: "1", user_info: { name: "Zo\u00eb" } }

  /** Makes a function that keeps what it is called with. */
  const makeSpy = (result) => {
    const calls = []
    const spy = (...args) => {
      calls.push(args)
      return typeof result === "function" ? result(...args) : result
    }
    return Object.assign(spy, { calls })
  }

  QUnit.module("channelAuthHandler", () => {
    for (const [kind, channel, verdict] of [
      ["private", "private-a", true],
      ["private", "private-cache-a", true],
      ["encrypted", "private-encrypted-a", true],
      ["presence", "presence-a", member],
    ]) {
      test(`answers what pusher-js expects for \`${channel}\`, asked by a form or JSON`, async (t) => {
        const authorize = makeSpy(verdict)
        const handler = channelAuthHandler(pusher, authorize)
        const env = { ROOMS: 1 }
        const ctx = { waitUntil() {} }
        const params = { socket_id: SOCKET_ID, channel_name: channel, token: "t&=\u00e9" }
        for (const request of [makeRequest(params), makeJsonRequest(params)]) {
          const { status, body, headers } = await read(await handler(request, env, ctx))
          t.strictEqual(status, 200)
          t.deepEqual(body, pusher.authorizeChannel(SOCKET_ID, channel, kind === "presence" ? member : undefined))
          t.strictEqual(headers.get("content-type"), "application/json")
          t.strictEqual(headers.get("cache-control"), "no-store")
          t.strictEqual(headers.get("access-control-allow-origin"), null)
          const [[question]] = authorize.calls.splice(0)
          t.deepEqual({ ...question.params }, params)
          t.deepEqual(pick(question, "socketId", "channel", "kind"), { socketId: SOCKET_ID, channel, kind })
          t.true(question.request === request && question.env === env && question.ctx === ctx)
          t.deepEqual(Object.keys(question).sort(), ["channel", "ctx", "kind", "params", "request", "socketId"])
        }
      })
    }

    for (const verdict of [false, null, undefined]) {
      test(`answers 403 if the callback returns ${verdict}`, async (t) => {
        for (const channel_name of ["private-a", "private-encrypted-a", "presence-a"]) {
          const handler = channelAuthHandler(pusher, async () => verdict)
          const answer = await read(await handler(makeRequest({ socket_id: SOCKET_ID, channel_name })))
          t.deepEqual(pick(answer, "status", "body"), { status: 403, body: { error: "Forbidden" } })
        }
      })
    }

    for (const [channel_name, ...verdicts] of [
      ["private-a", member, "yes", 1, {}],
      ["private-encrypted-a", member],
      [
        "presence-a",
        true,
        {},
        "user",
        { user_id: "" },
        { user_id: 1 },
        { user_id: "x".repeat(129) },
        { user_id: "1", user_info: "x".repeat(1024) },
        { user_id: "1", toJSON: () => ({ user_id: 1 }) },
        { user_id: "1", toJSON: () => ({ user_id: "x".repeat(129) }) },
        [],
      ],
    ]) {
      test(`answers 500 if the callback returns what \`${channel_name}\` cannot have, and reports it`, async (t) => {
        for (const verdict of verdicts) {
          const onError = makeSpy()
          const handler = channelAuthHandler(pusher, () => verdict, { onError })
          const request = makeRequest({ socket_id: SOCKET_ID, channel_name })
          const answer = await read(await handler(request, "env", "ctx"))
          t.deepEqual(pick(answer, "status", "body"), { status: 500, body: { error: "Internal error" } })
          const [[error, context]] = onError.calls
          t.true(error instanceof Error && /callback must return|allowed/.test(error.message), error.message)
          t.true(context.request === request && context.env === "env" && context.ctx === "ctx")
        }
      })
    }

    test("says what to write if a member's or a user's id is a number, and only then", async (t) => {
      const userHandler = (_, callback, options) => userAuthHandler(pusher, callback, options)
      for (const [makeHandler, idName] of [
        [channelAuthHandler, "user_id"],
        [userHandler, "id"],
      ]) {
        for (const id of [7, 7n, "", null, undefined]) {
          const onError = makeSpy()
          const handler = makeHandler(pusher, () => ({ [idName]: id }), { onError })
          await handler(makeRequest({ socket_id: SOCKET_ID, channel_name: "presence-a" }))
          const [[{ message }]] = onError.calls
          t.true(message.includes(`\`${idName}\` is a `), message)
          t.strictEqual(message.endsWith(": String(user.id)"), id === 7, message)
        }
      }
    })

    test("takes a member of exactly 128 characters, and of exactly 1024 bytes", async (t) => {
      const empty = JSON.stringify({ user_id: "1", user_info: "" }).length
      for (const verdict of [
        { user_id: "\u{1f600}".repeat(128) },
        { user_id: "1", user_info: "x".repeat(1024 - empty) },
      ]) {
        const handler = channelAuthHandler(pusher, () => verdict)
        const { status } = await handler(makeRequest({ socket_id: SOCKET_ID, channel_name: "presence-a" }))
        t.strictEqual(status, 200)
      }
    })

    test("says nothing of what the callback throws, and reports it, even where the report fails", async (t) => {
      const failure = new Error("database password: hunter2")
      const request = () => makeRequest({ socket_id: SOCKET_ID, channel_name: "private-a" })
      const onError = makeSpy(() => {
        throw new Error("the report failed")
      })
      const { error: log } = console
      const logged = []
      console.error = (...args) => logged.push(args)
      try {
        for (const authorize of [
          () => {
            throw failure
          },
          async () => {
            throw failure
          },
        ]) {
          const handler = channelAuthHandler(pusher, authorize, { onError })
          const answer = await read(await handler(request()))
          t.deepEqual(pick(answer, "status", "body"), { status: 500, body: { error: "Internal error" } })
          t.strictEqual(onError.calls.pop()[0], failure)
          t.strictEqual(logged.pop()[0].message, "the report failed")
          // Without `onError`, it is printed: not the context, in which are an environment's secrets and a request's cookies.
          t.strictEqual((await channelAuthHandler(pusher, authorize)(request(), { PUSHER_SECRET: "x" })).status, 500)
          t.strictEqual(logged.length, 1)
          const printed = logged.pop()
          t.strictEqual(printed.length, 1)
          t.strictEqual(printed[0], failure)
          // Nor by those who pass `console.error` themselves.
          const printing = channelAuthHandler(pusher, authorize, { onError: (...args) => console.error(...args) })
          t.strictEqual((await printing(request(), { PUSHER_SECRET: "x" })).status, 500)
          const [, context] = logged.pop()
          t.deepEqual(Object.keys(context), [])
          t.strictEqual(context.env.PUSHER_SECRET, "x")
        }
      } finally {
        console.error = log
      }
    })

    const socket = `socket_id=${SOCKET_ID}`
    for (const [what, body, reason] of [
      ["nothing", "", "`socket_id` is missing"],
      ["no socket id", "channel_name=private-a", "`socket_id` is missing"],
      ["no channel", socket, "`channel_name` is missing"],
      ["a repeated socket id", `${socket}&${socket}&channel_name=private-a`, "`socket_id` must be one string"],
      [
        "a repeated channel",
        `${socket}&channel_name=private-a&channel_name=private-b`,
        "`channel_name` must be one string",
      ],
      ["a truncated form", "socket_id=123.456&channel_na", "`channel_name` is missing"],
      ["a truncated socket id", "channel_name=private-a&socket_id=123.", "Invalid socket id: '123.'"],
      ["a socket id with a newline", "socket_id=1.1%0A&channel_name=private-a", "Invalid socket id: '1.1%0A'"],
      [
        "a public channel",
        `${socket}&channel_name=news`,
        "Only private, presence and encrypted channels are authorised",
      ],
      [
        "a user",
        `${socket}&channel_name=:user::{"id":"admin"}`,
        "Only private, presence and encrypted channels are authorised",
      ],
      [
        "a user's channel",
        `${socket}&channel_name=%23server-to-user-1`,
        "Only private, presence and encrypted channels are authorised",
      ],
      ["a channel that breaks the rule", `${socket}&channel_name=private-a:b`, "Invalid channel name: 'private-a:b'"],
      ["a channel with spaces", `${socket}&channel_name=presence-a%20b`, "Invalid channel name: 'presence-a b'"],
      ["an empty channel", `${socket}&channel_name=`, "Only private, presence and encrypted channels are authorised"],
      [
        "one channel and a list",
        `${socket}&channel_name=private-a&channel_name[0]=private-b`,
        "`channel_name` must be one channel or a list, not both",
      ],
    ]) {
      test(`answers 400 to ${what}, and does not ask`, async (t) => {
        const authorize = makeSpy(true)
        const answer = await read(await channelAuthHandler(pusher, authorize)(makeRequest(body)))
        t.deepEqual(pick(answer, "status", "body"), { status: 400, body: { error: reason } })
        t.deepEqual(authorize.calls, [])
      })
    }

    test("answers 400 to bad JSON", async (t) => {
      const handler = channelAuthHandler(pusher, allow)
      for (const [body, reason] of [
        ["", "The body is not JSON"],
        ['{"socket_id":', "The body is not JSON"],
        ["[]", "The body must be a JSON object"],
        ["null", "The body must be a JSON object"],
        ['"text"', "The body must be a JSON object"],
        ["{}", "`socket_id` is missing"],
        ['{"socket_id":["1.1"],"channel_name":"private-a"}', "`socket_id` must be one string"],
        ['{"socket_id":"1.1","channel_name":["private-a"]}', "`channel_name` must be one string"],
        ['{"socket_id":"1.1","channel_name":null}', "`channel_name` must be one string"],
        ['{"__proto__":{"socket_id":"1.1","channel_name":"private-a"}}', "`socket_id` is missing"],
        ['{"socket_id":1.1,"channel_name":"private-a"}', "`socket_id` must be one string"],
        ['{"socket_id":"1.1","channel_name[0]":1}', "Channels must be strings"],
      ]) {
        const answer = await read(await handler(makeRequest(body, { type: "application/json; charset=UTF-8" })))
        t.deepEqual(pick(answer, "status", "body"), { status: 400, body: { error: reason } }, body)
      }
    })

    test("takes parameters of any name, such as `__proto__`", async (t) => {
      const authorize = makeSpy(true)
      const handler = channelAuthHandler(pusher, authorize)
      const body = `${socket}&channel_name=private-a&__proto__=x&constructor=y&tag=1&tag=2&tag=3`
      t.strictEqual((await handler(makeRequest(body))).status, 200)
      const [[{ params }]] = authorize.calls
      t.strictEqual(Object.getPrototypeOf(params), null)
      t.deepEqual(
        Object.entries(params).filter(([name]) => name !== "socket_id" && name !== "channel_name"),
        [
          ["__proto__", "x"],
          ["constructor", "y"],
          ["tag", ["1", "2", "3"]],
        ],
      )
    })

    test("answers 400 to a body that is not UTF-8, and takes a mark of the byte order for text", async (t) => {
      const handler = channelAuthHandler(pusher, allow)
      const bytes = (...values) => makeRequest(new Uint8Array(values))
      const answer = await read(await handler(bytes(0xff, 0xfe)))
      t.deepEqual(pick(answer, "status", "body"), { status: 400, body: { error: "The body is not UTF-8" } })
    })

    test("answers 415 to other types and other encodings of text", async (t) => {
      const handler = channelAuthHandler(pusher, allow)
      const body = `${socket}&channel_name=private-a`
      for (const type of [
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded-not",
        `${FORM}; charset=iso-8859-1`,
        `${FORM};charset="utf-16"`,
      ]) {
        const { status, body: answer } = await read(await handler(makeRequest(body, { type })))
        t.strictEqual(status, 415, type)
        t.true(answer.error.startsWith("The body must be application/x-www-form-urlencoded or application/json"))
      }
      for (const type of [
        `${FORM}; charset=UTF-8`,
        `${FORM};charset="utf-8"`,
        FORM.toUpperCase(),
        `${FORM}; charset=utf8`,
      ])
        t.strictEqual((await handler(makeRequest(body, { type }))).status, 200, type)
      const bare = makeRequest(new TextEncoder().encode(body), { type: "" })
      t.strictEqual((await handler(bare)).status, 415)
    })

    test("answers 405 to other methods, with `Allow`", async (t) => {
      const handler = channelAuthHandler(pusher, allow)
      for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
        const request = new Request("https://example.com/pusher/auth", { method })
        const { status, headers } = await handler(request)
        t.strictEqual(status, 405, method)
        t.strictEqual(headers.get("allow"), "POST")
      }
    })

    test("reads bodies of 65,536 bytes, and no more", async (t) => {
      const handler = channelAuthHandler(pusher, allow)
      const start = `${socket}&channel_name=private-a&more=`
      const fill = (size) => start + "x".repeat(size - start.length)
      t.strictEqual((await handler(makeRequest(fill(65_536)))).status, 200)
      const answer = await read(await handler(makeRequest(fill(65_537))))
      t.deepEqual(pick(answer, "status", "body"), {
        status: 413,
        body: { error: "The body has more than 65536 bytes" },
      })
    })

    test("is not held up by what is made to be slow to read", async (t) => {
      const handler = channelAuthHandler(pusher, allow)
      const measure = async (name, type = FORM) => {
        const parts = Array.from({ length: 10_000 }, (_, index) => name(index)).join("&")
        const request = makeRequest(`${parts}&${socket}&channel_name=private-a`)
        const start = performance.now()
        const { status } = await handler(withHeader(request, "content-type", type))
        return { status, took: performance.now() - start }
      }
      const plain = await measure((index) => index)
      t.strictEqual(plain.status, 200)
      const repeated = await measure(() => "a")
      t.strictEqual(repeated.status, 200)
      const spaces = await measure((index) => index, `${FORM}${" ".repeat(100_000)}x`)
      t.strictEqual(spaces.status, 415)
      // Where time grows with the square of the length, these take a thousand times as long, and more. Some hosts' clocks stand still.
      const most = 300 * plain.took + 1000
      t.true(repeated.took < most, `${repeated.took} ms, and ${plain.took} ms for a plain request`)
      t.true(spaces.took < most, `${spaces.took} ms, and ${plain.took} ms for a plain request`)
    })

    // Firefox and old Safari send no stream.
    const canStream = (() => {
      try {
        return (
          new Request("https://example.com", { method: "POST", body: makeStream(1).stream, duplex: "half" }).body !==
          undefined
        )
      } catch {
        return false
      }
    })()
    test("gives up an endless body when it is too long", async (t) => {
      if (!canStream) return t.false(canStream)
      const { stream, state } = makeStream(Infinity)
      const request = makeRequest(stream, { duplex: "half" })
      t.strictEqual((await channelAuthHandler(pusher, allow)(request)).status, 413)
      t.true(state.pulled <= 2 * 65_536, `${state.pulled}`)
      t.true(state.isCancelled)
    })

    test("answers 400 if the body breaks off, and 500 if it was read before", async (t) => {
      const onError = makeSpy()
      const handler = channelAuthHandler(pusher, allow, { onError })
      if (canStream) {
        const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) })
        const answer = await read(await handler(makeRequest(broken, { duplex: "half" })))
        t.deepEqual(pick(answer, "status", "body"), { status: 400, body: { error: "The body could not be read" } })
      }
      const request = makeRequest({ socket_id: SOCKET_ID, channel_name: "private-a" })
      await request.text()
      t.strictEqual((await handler(request)).status, 500)
      t.true(onError.calls[0][0].message.includes("was read before"))
    })

    test("answers 500 where the application's credentials are missing, and reports which", async (t) => {
      const onError = makeSpy()
      const handler = channelAuthHandler(new Pusher({ ...docs, secret: undefined }), allow, { onError })
      const { status } = await handler(makeRequest({ socket_id: SOCKET_ID, channel_name: "private-a" }))
      t.strictEqual(status, 500)
      t.strictEqual(onError.calls[0][0].code, "missing_option")
    })

    test("authorises several channels as the plugin pusher-js-auth asks for them, each by itself", async (t) => {
      const failure = new Error("failed")
      const onError = makeSpy()
      const authorize = makeSpy(({ channel, kind }) => {
        if (channel === "private-broken") throw failure
        if (channel === "private-no") return false
        return kind === "presence" ? member : true
      })
      const channels = ["private-a", "presence-b", "private-no", "private-broken", "news", "private-a:b", "private-a"]
      const list = channels.map((channel, index) => `channel_name[${index}]=${encodeURIComponent(channel)}`)
      const handler = channelAuthHandler(pusher, authorize, { onError })
      const { status, body } = await read(await handler(makeRequest(`&${socket}&${list.join("&")}`)))
      t.strictEqual(status, 200)
      t.deepEqual(body, {
        "private-a": { status: 200, data: pusher.authorizeChannel(SOCKET_ID, "private-a") },
        "presence-b": { status: 200, data: pusher.authorizeChannel(SOCKET_ID, "presence-b", member) },
        "private-no": { status: 403 },
        "private-broken": { status: 500 },
        news: { status: 400 },
        "private-a:b": { status: 400 },
      })
      t.deepEqual(onError.calls.length, 1)
      t.strictEqual(onError.calls[0][0], failure)
      t.deepEqual(
        authorize.calls.map(([{ channel }]) => channel),
        ["private-a", "presence-b", "private-no", "private-broken"],
      )
    })

    test("authorises several channels also where a body parser has made a list of them", async (t) => {
      const handler = channelAuthHandler(pusher, allow)
      const ask = async (channel_name, isParsed = true) => {
        const request = makeJsonRequest({ socket_id: SOCKET_ID, channel_name })
        // Express and Koa write `channel_name[0]=a` as a list; one of more than 20, as an object.
        return read(await handler(markParsed(request, isParsed)))
      }
      const signed = (channel) => ({ status: 200, data: pusher.authorizeChannel(SOCKET_ID, channel) })
      for (const list of [["private-a", "private-b", "news"], { 0: "private-a", 20: "private-b", 21: "news" }]) {
        const { status, body } = await ask(list)
        t.strictEqual(status, 200)
        t.deepEqual(body, {
          "private-a": signed("private-a"),
          "private-b": signed("private-b"),
          news: { status: 400 },
        })
        t.strictEqual((await ask(list, false)).status, 400)
      }
      t.deepEqual((await ask("private-a")).body, signed("private-a").data)
      for (const list of [null, 1, [], {}, ["private-a", { x: "private-b" }], [["private-a"]], Array(101).fill(0)])
        t.strictEqual((await ask(list)).status, 400, JSON.stringify(list))
    })

    test("authorises up to 100 channels at once", async (t) => {
      const handler = channelAuthHandler(pusher, allow)
      const ask = (count) => {
        const list = Array.from({ length: count }, (_, index) => `channel_name[${index}]=private-${index}`)
        return handler(makeRequest(`${socket}&${list.join("&")}`))
      }
      const { status, body } = await read(await ask(100))
      t.strictEqual(status, 200)
      t.strictEqual(Object.keys(body).length, 100)
      t.strictEqual((await ask(101)).status, 400)
    })
  })

  QUnit.module("userAuthHandler", () => {
    test("answers what pusher-js expects", async (t) => {
      const user = { id: "1", user_info: { name: "Zo\u00eb" }, watchlist: ["2"] }
      const authenticate = makeSpy(user)
      const handler = userAuthHandler(pusher, authenticate)
      for (const request of [
        makeRequest({ socket_id: SOCKET_ID, extra: "1" }),
        makeJsonRequest({ socket_id: SOCKET_ID, extra: "1" }),
      ]) {
        const { status, body, headers } = await read(await handler(request, "env", "ctx"))
        t.strictEqual(status, 200)
        t.deepEqual(body, pusher.authenticateUser(SOCKET_ID, user))
        t.strictEqual(headers.get("cache-control"), "no-store")
        const [[question]] = authenticate.calls.splice(0)
        t.deepEqual(
          { ...question, params: { ...question.params } },
          {
            request,
            socketId: SOCKET_ID,
            params: { socket_id: SOCKET_ID, extra: "1" },
            ctx: "ctx",
          },
        )
        t.strictEqual(question.env, "env", "not enumerable: whoever logs the question logs no variables")
      }
    })

    test("answers 403 if there is no user", async (t) => {
      for (const user of [null, undefined, false]) {
        const { status } = await userAuthHandler(pusher, async () => user)(makeRequest({ socket_id: SOCKET_ID }))
        t.strictEqual(status, 403)
      }
    })

    test("answers 400 to a bad socket id, and does not ask", async (t) => {
      const authenticate = makeSpy({ id: "1" })
      for (const [body, reason] of [
        [{}, "`socket_id` is missing"],
        [{ socket_id: "abc" }, "Invalid socket id: 'abc'"],
      ]) {
        const answer = await read(await userAuthHandler(pusher, authenticate)(makeRequest(body)))
        t.deepEqual(pick(answer, "status", "body"), { status: 400, body: { error: reason } })
      }
      t.deepEqual(authenticate.calls, [])
    })

    test("answers 500 if the callback returns no user, and reports it", async (t) => {
      for (const user of [true, {}, { id: 1 }, { id: "" }, "user"]) {
        const onError = makeSpy()
        const answer = await userAuthHandler(pusher, () => user, { onError })(makeRequest({ socket_id: SOCKET_ID }))
        t.strictEqual(answer.status, 500, JSON.stringify(user))
        const [[error]] = onError.calls
        t.true(error instanceof Error && error.message.startsWith("The callback must return"), error.message)
      }
    })
  })

  QUnit.module("cors", () => {
    const origin = "https://app.example.com"
    const ask = (cors, headers = { origin }) =>
      channelAuthHandler(pusher, allow, { cors })(
        makeRequest({ socket_id: SOCKET_ID, channel_name: "private-a" }, { headers }),
      )
    const preflight = (cors, from = origin) =>
      channelAuthHandler(pusher, allow, { cors })({
        // Browsers let no program set `origin`.
        method: "OPTIONS",
        headers: new Map([["origin", from]]),
      })
    const fromPage = (from = origin) =>
      withHeader(makeRequest({ socket_id: SOCKET_ID, channel_name: "private-a" }), "origin", from)
    const listCors = (headers) =>
      Object.fromEntries([...headers].filter(([name]) => name === "vary" || name.startsWith("access-control-")))

    test("lets pages of the listed origins read the answer, also a refusal", async (t) => {
      const expected = { vary: "Origin", "access-control-allow-origin": origin }
      for (const origins of [
        [origin],
        ["https://other.example.com", origin],
        (given) => given === origin,
        async () => true,
      ]) {
        for (const authorize of [allow, () => false]) {
          const handler = channelAuthHandler(pusher, authorize, { cors: { origins } })
          const { status, headers } = await handler(fromPage())
          t.strictEqual(status, authorize === allow ? 200 : 403)
          t.deepEqual(listCors(headers), expected)
          t.strictEqual(headers.get("cache-control"), "no-store")
        }
      }
    })

    test("knows the origins of apps and extensions", async (t) => {
      for (const from of ["capacitor://localhost", "tauri://localhost", "chrome-extension://abcdef"]) {
        const { headers } = await channelAuthHandler(pusher, allow, { cors: { origins: [from] } })(fromPage(from))
        t.strictEqual(headers.get("access-control-allow-origin"), from)
      }
    })

    test("lets pages of all origins read it for `*`", async (t) => {
      const { headers } = await channelAuthHandler(pusher, allow, { cors: { origins: "*" } })(fromPage())
      t.deepEqual(listCors(headers), { "access-control-allow-origin": "*" })
    })

    test("lets no other page read it, and says that the answer depends on the origin", async (t) => {
      for (const origins of [["https://other.example.com"], () => false, () => "yes", () => 1]) {
        for (const from of [origin, "null", null, `${origin}.evil.example`]) {
          const { status, headers } = await channelAuthHandler(pusher, allow, { cors: { origins } })(fromPage(from))
          t.strictEqual(status, 200)
          t.deepEqual(listCors(headers), { vary: "Origin" })
        }
      }
      t.deepEqual(listCors((await ask(undefined, {})).headers), {})
    })

    test("answers preflights", async (t) => {
      const cors = { origins: [origin], credentials: true, headers: ["X-CSRF-Token", "authorization"], maxAge: 600 }
      const response = await preflight(cors)
      t.strictEqual(response.status, 204)
      t.strictEqual(await response.text(), "")
      t.deepEqual(listCors(response.headers), {
        vary: "Origin",
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "content-type, X-CSRF-Token, authorization",
        "access-control-max-age": "600",
      })
      const refused = await preflight(cors, "https://other.example.com")
      t.strictEqual(refused.status, 204)
      t.deepEqual(listCors(refused.headers), { vary: "Origin" })
    })

    test("names OPTIONS among the methods, where it is answered", async (t) => {
      const handler = channelAuthHandler(pusher, allow, { cors: { origins: "*" } })
      const { headers } = await handler(new Request("https://example.com"))
      t.strictEqual(headers.get("allow"), "POST, OPTIONS")
    })

    test("answers 500 if the function throws, and reports it", async (t) => {
      const failure = new Error("failed")
      const onError = makeSpy()
      const origins = () => {
        throw failure
      }
      const { status } = await channelAuthHandler(pusher, allow, { cors: { origins }, onError })(fromPage())
      t.strictEqual(status, 500)
      t.strictEqual(onError.calls[0][0], failure)
    })
  })

  QUnit.module("webhooks", () => {
    const now = Date.now()
    const sign = (body, { key = docs.key, secret = docs.secret, type = "application/json", ...init } = {}) => {
      const signature = new Pusher.Token(key, secret).sign(body)
      const headers = { "x-pusher-key": key, "x-pusher-signature": signature, "content-type": type }
      return new Request("https://example.com/webhooks", { method: "POST", headers, body, ...init })
    }
    const makeWebhook = (events, { time_ms = now, ...options } = {}) =>
      sign(JSON.stringify({ time_ms, events }), options)
    const occupied = { name: "channel_occupied", channel: "a" }
    const vacated = { name: "channel_vacated", channel: "a" }

    test("calls the callback of each event, in order, one after the other", async (t) => {
      const log = []
      const note = (name) => async (event, context) => {
        log.push([name, event])
        await new Promise((resolve) => setTimeout(resolve))
        log.push([name, "done"])
        t.deepEqual(context.time, new Date(now))
        t.deepEqual(context.events, events)
        t.deepEqual(pick(context, "env", "ctx"), { env: "env", ctx: "ctx" })
        // Whoever logs the context logs no variables.
        t.deepEqual(Object.keys(context).sort(), ["ctx", "events", "request", "time"])
        t.true(context.request === request)
      }
      const events = [
        occupied,
        { name: "member_added", channel: "presence-a", user_id: "1" },
        { name: "new_kind", more: 1 },
        vacated,
      ]
      const request = makeWebhook(events)
      const handler = webhookHandler(pusher, {
        channel_occupied: note("occupied"),
        member_added: note("added"),
        "*": note("any"),
      })
      const answer = await read(await handler(request, "env", "ctx"))
      t.deepEqual(pick(answer, "status", "body"), { status: 200, body: {} })
      const names = ["occupied", "added", "any", "any"]
      t.deepEqual(
        log,
        events.flatMap((event, index) => [
          [names[index], event],
          [names[index], "done"],
        ]),
      )
    })

    test("calls no callback that is inherited", async (t) => {
      const inherited = makeSpy()
      const handler = webhookHandler(pusher, { channel_vacated() {} })
      // As another library may do.
      Object.defineProperty(Object.prototype, "channel_occupied", { value: inherited, configurable: true })
      try {
        t.strictEqual((await handler(makeWebhook([occupied]))).status, 200)
      } finally {
        delete Object.prototype.channel_occupied
      }
      t.deepEqual(inherited.calls, [])
    })

    test("leaves events without a callback alone", async (t) => {
      const handler = webhookHandler(pusher, { channel_vacated: () => t.true(true) })
      t.strictEqual((await handler(makeWebhook([occupied, vacated, null, 1, { name: "constructor" }]))).status, 200)
    })

    test("gives what clients sent parsed, and decrypted on encrypted channels", async (t) => {
      const channel = "private-encrypted-a"
      const secret = pusher.channelSharedSecret(channel)
      t.strictEqual(secret.length, 32)
      let sealed
      const fetch = async (_url, { body }) => {
        sealed = JSON.parse(body).data
        return new Response("{}")
      }
      const sender = new Pusher({ ...docs, encryptionMasterKeyBase64: masterKey, fetch })
      await sender.trigger(channel, "client-a", { text: "secret" })
      const event = {
        name: "client_event",
        channel: "private-a",
        event: "client-a",
        socket_id: SOCKET_ID,
        user_id: "1",
      }
      const given = [
        { ...event, data: '{"text":"plain"}' },
        { ...event, data: "no JSON" },
        { ...event, data: { parsed: true } },
        { ...event, channel, data: sealed },
        { ...event, channel, data: sealed.replace(/.{4}"}$/, 'AAA="}') },
        { ...event, channel, data: "no JSON" },
        { name: "subscription_count", channel: "a", subscription_count: "12" },
      ]
      const { events, time } = await readWebhook(pusher, makeWebhook(given))
      t.deepEqual(time, new Date(now))
      t.deepEqual(events.slice(0, 4), [
        { ...event, data: { text: "plain" } },
        given[1],
        given[2],
        { ...event, channel, data: { text: "secret" } },
      ])
      for (const failed of [4, 5]) {
        t.deepEqual({ ...events[failed], error: undefined }, { ...given[failed], error: undefined })
        t.strictEqual(events[failed].error.code, "decryption_failed")
      }
      t.strictEqual(events[6].subscription_count, 12)
      const handed = []
      const handler = webhookHandler(pusher, { client_event: (one) => handed.push(one) })
      t.strictEqual((await handler(makeWebhook(given))).status, 200)
      t.strictEqual(handed.length, 6)
      t.strictEqual(handed[4].error.code, "decryption_failed")
    })

    test("hands over events of odd members, and loses none", async (t) => {
      const odd = '{"toString":1,"valueOf":1}'
      const body = `{"time_ms":${now},"events":[
        {"name":"client_event","channel":${odd},"data":"1"},
        {"name":"subscription_count","subscription_count":${odd}},
        {"name":${odd}},
        {"name":["client_event"]},
        {"name":"client_event","channel":"a","data":"1"}
      ]}`
      const log = []
      const handler = webhookHandler(pusher, {
        client_event: ({ data, error }) => log.push([data, error instanceof Error]),
        subscription_count: ({ error }) => log.push(["count", error instanceof Error]),
        "*": ({ name }) => log.push(name),
      })
      t.strictEqual((await handler(sign(body))).status, 200)
      t.deepEqual(log, [["1", true], ["count", true], JSON.parse(odd), ["client_event"], [1, false]])
    })

    const flip = (text) => (text[0] === "0" ? "1" : "0") + text.slice(1)
    for (const [what, change, status, reason] of [
      ["not signed", (headers) => headers.delete("x-pusher-signature"), 401, "not_signed"],
      ["without a key", (headers) => headers.delete("x-pusher-key"), 401, "not_signed"],
      ["of another app", (headers) => headers.set("x-pusher-key", "other"), 401, "unknown_key"],
      [
        "with another signature",
        (headers) => headers.set("x-pusher-signature", flip(headers.get("x-pusher-signature"))),
        401,
        "bad_signature",
      ],
      ["of another type", (headers) => headers.set("content-type", "text/plain"), 415, "content_type"],
    ]) {
      test(`answers ${status} to a webhook ${what}, and calls nothing`, async (t) => {
        const callback = makeSpy()
        const request = makeWebhook([occupied])
        change(request.headers)
        const again = request.clone()
        const answer = await read(await webhookHandler(pusher, { "*": callback })(request))
        t.strictEqual(answer.status, status)
        t.true(answer.body.error.includes(reason), answer.body.error)
        t.deepEqual(callback.calls, [])
        const error = await rejectionOf(readWebhook(pusher, again))
        t.true(error instanceof PusherWebHookError)
        t.deepEqual(pick(error, "status", "reason"), { status, reason })
      })
    }

    test("parses nothing that is not authentic", async (t) => {
      const parse = makeSpy((text) => JSON.parse(text))
      const own = new Pusher({ ...docs, json: { parse, stringify: JSON.stringify } })
      const request = makeWebhook([occupied])
      request.headers.set("x-pusher-signature", flip(request.headers.get("x-pusher-signature")))
      await rejectionOf(readWebhook(own, request))
      t.deepEqual(parse.calls, [])
      await readWebhook(own, makeWebhook([occupied]))
      t.strictEqual(parse.calls.length, 1)
    })

    test("answers 400 to an authentic body that is no webhook", async (t) => {
      const handler = webhookHandler(pusher, { "*": () => {} })
      for (const [body, reason] of [
        ["{", "not_json"],
        ["[]", "no_events"],
        ["null", "no_events"],
        ["{}", "no_events"],
        [`{"time_ms":${now},"events":{}}`, "no_events"],
        [`{"time_ms":"${now}","events":[]}`, "no_events"],
      ]) {
        t.strictEqual((await handler(sign(body))).status, 400, body)
        t.strictEqual((await rejectionOf(readWebhook(pusher, sign(body)))).reason, reason, body)
      }
      t.strictEqual((await handler(sign(""))).status, 401)
      t.strictEqual((await handler(new Request("https://example.com"))).status, 405)
    })

    test("refuses webhooks that are older than `maxAge`", async (t) => {
      const handle = (age, options) =>
        webhookHandler(pusher, { "*": () => {} }, options)(makeWebhook([], { time_ms: Date.now() - age }))
      t.strictEqual((await handle(590_000)).status, 200)
      const answer = await read(await handle(610_000))
      t.deepEqual(pick(answer, "status", "body"), {
        status: 400,
        body: { error: "The webhook is older than 600000 milliseconds" },
      })
      t.strictEqual((await handle(610_000, { maxAge: Infinity })).status, 200)
      t.strictEqual((await handle(10_000, { maxAge: 1_000 })).status, 400)
      t.strictEqual((await handle(-10_000)).status, 200)
      const old = makeWebhook([], { time_ms: now - 700_000 })
      t.strictEqual((await rejectionOf(readWebhook(pusher, old))).reason, "too_old")
    })

    test("accepts webhooks of further tokens", async (t) => {
      const token = { key: "new-key", secret: "new-secret" }
      t.strictEqual((await webhookHandler(pusher, { "*": () => {} })(makeWebhook([], token))).status, 401)
      t.strictEqual(
        (await webhookHandler(pusher, { "*": () => {} }, { tokens: [token] })(makeWebhook([], token))).status,
        200,
      )
      t.deepEqual((await readWebhook(pusher, makeWebhook([], token), { tokens: [token] })).events, [])
      const mixed = makeWebhook([], { key: docs.key, secret: token.secret })
      t.strictEqual((await rejectionOf(readWebhook(pusher, mixed, { tokens: [token] }))).reason, "bad_signature")
    })

    test("answers 500 if a callback fails, so that Channels sends it again, and calls the others", async (t) => {
      const failure = new Error("failed")
      const onError = makeSpy()
      const called = []
      const handler = webhookHandler(
        pusher,
        {
          channel_occupied: async () => {
            throw failure
          },
          channel_vacated: (event) => called.push(event),
        },
        { onError },
      )
      const answer = await read(await handler(makeWebhook([occupied, vacated])))
      t.deepEqual(pick(answer, "status", "body"), { status: 500, body: { error: "Internal error" } })
      t.deepEqual(called, [vacated])
      t.deepEqual(
        onError.calls.map(([error]) => error),
        [failure],
      )
    })

    test("deals once with a webhook that is sent twice, and again with one that failed", async (t) => {
      const keys = new Set()
      const failures = [new Error("first")]
      const callback = makeSpy(() => {
        if (failures.length > 0) throw failures.pop()
      })
      const handler = webhookHandler(pusher, { "*": callback }, { dedupe: keys, onError() {} })
      const statuses = []
      for (let index = 0; index < 3; index++) statuses.push((await handler(makeWebhook([occupied]))).status)
      t.deepEqual(statuses, [500, 200, 200])
      t.strictEqual(callback.calls.length, 2)
      t.deepEqual([...keys], [makeWebhook([occupied]).headers.get("x-pusher-signature")])
      t.strictEqual((await handler(makeWebhook([vacated]))).status, 200)
      t.strictEqual(keys.size, 2)
    })

    test("reports a store that fails, and answers 500 only if nothing was done yet", async (t) => {
      const failure = new Error("store")
      const fail = async () => {
        throw failure
      }
      for (const [dedupe, status] of [
        [{ has: fail, add() {} }, 500],
        // Everything was done, and would be done again if Channels sent it again.
        [{ has: () => false, add: fail }, 200],
      ]) {
        const onError = makeSpy()
        const handler = webhookHandler(pusher, { "*": () => {} }, { dedupe, onError })
        t.strictEqual((await handler(makeWebhook([occupied]))).status, status)
        t.strictEqual(onError.calls[0][0], failure)
      }
    })

    test("answers before the callbacks have ended only where it is asked for and the host can", async (t) => {
      let release
      const gate = new Promise((resolve) => (release = resolve))
      const kept = []
      const ctx = { waitUntil: (promise) => kept.push(promise) }
      const failure = new Error("late")
      const onError = makeSpy()
      const callbacks = {
        "*": async () => {
          await gate
          throw failure
        },
      }
      const handler = webhookHandler(pusher, callbacks, { waitUntil: true, onError })
      t.strictEqual((await handler(makeWebhook([occupied]), {}, ctx)).status, 200)
      t.deepEqual(onError.calls, [])
      release()
      await Promise.all(kept)
      t.strictEqual(kept.length, 1)
      t.strictEqual(onError.calls[0][0], failure)
      t.strictEqual((await handler(makeWebhook([occupied]), {}, {})).status, 500)
      const plain = webhookHandler(pusher, callbacks, { onError })
      t.strictEqual((await plain(makeWebhook([occupied]), {}, ctx)).status, 500)
      t.strictEqual(kept.length, 1)
      // Where the host refuses, it waits: else Channels would send again what has succeeded.
      const refusal = new Error("too late")
      const refuse = () => {
        throw refusal
      }
      const lucky = webhookHandler(pusher, { "*"() {} }, { waitUntil: true, onError })
      t.strictEqual((await lucky(makeWebhook([occupied]), {}, { waitUntil: refuse })).status, 200)
      t.strictEqual(onError.calls.at(-1)[0], refusal)
    })

    test("refuses a body above 4 MiB, one that breaks off, and one that a parser has read", async (t) => {
      const large = sign(`{"time_ms":${now},"events":[],"more":"${"x".repeat(2 ** 22)}"}`)
      const error = await rejectionOf(readWebhook(pusher, large.clone()))
      t.deepEqual(pick(error, "status", "reason"), { status: 413, reason: "too_large" })
      t.strictEqual((await webhookHandler(pusher, { "*": () => {} })(large)).status, 413)
      const broken = makeWebhook([occupied])
      const failing = {
        getReader: () => ({
          read: async () => {
            throw new Error("the connection broke")
          },
        }),
      }
      const cut = { method: "POST", headers: broken.headers, bodyUsed: false, body: failing }
      t.deepEqual(pick(await rejectionOf(readWebhook(pusher, cut)), "name", "status", "reason"), {
        name: "PusherWebHookError",
        status: 400,
        reason: "unreadable",
      })
      t.strictEqual((await webhookHandler(pusher, { "*": () => {} })(cut)).status, 400)
      const parsed = markParsed(makeWebhook([occupied]))
      const onError = makeSpy()
      t.strictEqual((await webhookHandler(pusher, { "*": () => {} }, { onError })(parsed)).status, 500)
      t.true(onError.calls[0][0].message.includes("A body parser has read the webhook"))
    })
  })

  QUnit.module("clients", () => {
    const variables = {
      PUSHER_APP_ID: docs.appId,
      PUSHER_KEY: docs.key,
      PUSHER_SECRET: docs.secret,
      PUSHER_CLUSTER: "eu",
    }
    const ask = (handler, ...rest) => handler(makeRequest({ socket_id: SOCKET_ID, channel_name: "private-a" }), ...rest)

    test("come from a function, which gets what the host passed", async (t) => {
      const make = makeSpy(pusher)
      for (const source of [make, async (...args) => make(...args)]) {
        const { status, body } = await read(await ask(channelAuthHandler(source, allow), "env", "ctx"))
        t.strictEqual(status, 200)
        t.deepEqual(body, pusher.authorizeChannel(SOCKET_ID, "private-a"))
        const [[env, ctx, request]] = make.calls.splice(0)
        t.deepEqual([env, ctx, request instanceof Request], ["env", "ctx", true])
      }
    })

    test("come from `Pusher.fromEnv`, once for each environment", async (t) => {
      const handler = channelAuthHandler(Pusher.fromEnv, allow)
      const { status, body } = await read(await ask(handler, variables, { waitUntil() {} }))
      t.strictEqual(status, 200)
      t.deepEqual(body, pusher.authorizeChannel(SOCKET_ID, "private-a"))
      const other = { ...variables, PUSHER_KEY: "other" }
      t.true((await read(await ask(handler, other))).body.auth.startsWith("other:"))
      t.true((await read(await ask(handler, variables))).body.auth.startsWith(`${docs.key}:`))
    })

    test("come from the process's own variables where the host passes something else", async (t) => {
      const onError = makeSpy()
      const handler = channelAuthHandler(Pusher.fromEnv, allow, { onError })
      // No variables here: the error is that of `fromEnv()`, not one about what was passed.
      for (const env of [undefined, null, { remoteAddr: {}, completed: 1 }, "env"]) {
        t.strictEqual((await ask(handler, env)).status, 500)
        t.true(onError.calls.pop()[0] instanceof PusherValidationError)
      }
    })

    test("that are none, or cannot be made, give 500", async (t) => {
      for (const source of [
        () => undefined,
        () => ({}),
        () => {
          throw new Error("failed")
        },
      ]) {
        const onError = makeSpy()
        t.strictEqual((await ask(channelAuthHandler(source, allow, { onError }))).status, 500)
        t.strictEqual(onError.calls.length, 1)
      }
    })

    test("may be proxies and objects derived from one", async (t) => {
      for (const client of [new Proxy(pusher, {}), Object.create(pusher)])
        t.strictEqual((await ask(channelAuthHandler(client, allow))).status, 200)
    })
  })

  QUnit.module("mistakes", () => {
    const makers = {
      channelAuthHandler: (options, source = pusher) => channelAuthHandler(source, allow, options),
      userAuthHandler: (options, source = pusher) => userAuthHandler(source, allow, options),
      webhookHandler: (options, source = pusher) => webhookHandler(source, { "*"() {} }, options),
    }
    const check = (t, make, field) => {
      const error = thrownBy(make)
      t.true(error instanceof PusherValidationError, `${error}`)
      t.deepEqual(pick(error, "code", "field"), { code: "invalid_option", field })
    }

    for (const [name, make] of Object.entries(makers)) {
      test(`are told when it is made: ${name}`, (t) => {
        for (const source of [null, {}, "client", 1, Pusher]) check(t, () => make({}, source), "pusher")
        for (const options of [null, [], "text", 1, { onErorr() {} }, { retries: 1 }])
          check(t, () => make(options), "options")
        for (const onError of [null, "log", {}]) check(t, () => make({ onError }), "onError")
      })
    }

    test("in `cors` are told when it is made", (t) => {
      for (const make of [makers.channelAuthHandler, makers.userAuthHandler]) {
        for (const cors of [true, null, "*", [], { origin: "*" }]) check(t, () => make({ cors }), "cors")
        for (const origins of [
          undefined,
          [],
          "https://example.com",
          ["https://example.com/"],
          ["https://example.com/path"],
          ["https://*.example.com"],
          ["capacitor://localhost/"],
          ["localhost:3000"],
          ["null"],
          ["example.com"],
          ["*"],
          [1],
          /x/,
        ]) {
          check(t, () => make({ cors: { origins } }), "cors.origins")
        }
        check(t, () => make({ cors: { origins: "*", credentials: true } }), "cors.credentials")
        check(t, () => make({ cors: { origins: "*", credentials: 1 } }), "cors.credentials")
        for (const headers of ["x", [""], ["a b"], ["a\n"], [1, null]])
          check(t, () => make({ cors: { origins: "*", headers } }), "cors.headers")
        for (const maxAge of [-1, 1.5, "1", NaN, Infinity])
          check(t, () => make({ cors: { origins: "*", maxAge } }), "cors.maxAge")
      }
      check(t, () => makers.webhookHandler({ cors: { origins: "*" } }), "cors")
    })

    test("in callbacks are told when it is made", (t) => {
      for (const callback of [undefined, null, true, {}, "x"]) {
        check(t, () => channelAuthHandler(pusher, callback), "authorize")
        check(t, () => userAuthHandler(pusher, callback), "authenticate")
      }
      for (const callbacks of [undefined, null, () => {}, [], { channel_ocupied() {} }, {}]) {
        check(t, () => webhookHandler(pusher, callbacks), "callbacks")
      }
      check(t, () => webhookHandler(pusher, { channel_occupied: true }), "callbacks.channel_occupied")
    })

    test("where an object belongs name the members it may have", (t) => {
      const error = thrownBy(() => webhookHandler(pusher, () => {}))
      t.true(/must be an object with .*channel_occupied/.test(error.message), error.message)
      t.true(/must be an object with .*origins/.test(thrownBy(() => makers.userAuthHandler({ cors: true })).message))
    })

    test("in what a handler is called with are told at once, with the name of the adapter", async (t) => {
      const onError = makeSpy()
      for (const [what, request] of Object.entries({
        nothing: undefined,
        "Node's or Express's": { method: "POST", url: "/", headers: { "content-type": "application/json" }, body: {} },
        "Lambda's": { version: "2.0", rawPath: "/", headers: {}, requestContext: { http: { method: "POST" } } },
        "Hono's": { req: { raw: makeRequest({}) } },
        "SvelteKit's": { request: makeRequest({}) },
      })) {
        const handlersOfAll = Object.values(makers).map((make) => make({ onError }))
        for (const ask of [...handlersOfAll, (unread) => readWebhook(pusher, unread)]) {
          const error = await rejectionOf(ask(request))
          t.true(error instanceof PusherValidationError, `${what}: ${error}`)
          t.deepEqual(pick(error, "code", "field"), { code: "invalid_argument", field: "request" })
          t.true(error.message.includes("nodeHandler") && error.message.includes("lambdaHandler"), error.message)
        }
      }
      t.deepEqual(onError.calls, [])
    })

    test("in options of webhooks are told when it is made, or read", async (t) => {
      for (const [field, ...values] of [
        ["tokens", null, {}, [1], [{ key: "key" }], [null]],
        ["maxAge", 0, -1, NaN, "1", null],
      ]) {
        for (const value of values) {
          check(t, () => makers.webhookHandler({ [field]: value }), field)
          const error = await rejectionOf(readWebhook(pusher, new Request("https://example.com"), { [field]: value }))
          t.strictEqual(error.field, field)
        }
      }
      for (const dedupe of [null, {}, { has() {} }, new Map()])
        check(t, () => makers.webhookHandler({ dedupe }), "dedupe")
      for (const waitUntil of [null, 1, () => {}]) check(t, () => makers.webhookHandler({ waitUntil }), "waitUntil")
      t.strictEqual((await rejectionOf(readWebhook(null, new Request("https://example.com")))).field, "pusher")
    })

    test("of hostile values trap nothing", async (t) => {
      const proxy = makeRevokedProxy({})
      for (const make of Object.values(makers)) {
        t.true(thrownBy(() => make(proxy)) instanceof Error)
        t.true(thrownBy(() => make({}, proxy)) instanceof Error)
      }
      const { status } = await channelAuthHandler(pusher, () => proxy, { onError() {} })(
        makeRequest({ socket_id: SOCKET_ID, channel_name: "presence-a" }),
      )
      t.strictEqual(status, 500)
    })
  })

  test("the subpath's names are these", (t) => {
    const { default: _, ...named } = handlers
    t.deepEqual(Object.keys(named).sort(), ["channelAuthHandler", "readWebhook", "userAuthHandler", "webhookHandler"])
  })
}
