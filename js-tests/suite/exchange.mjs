// From a request to its answer, with a stand-in for `fetch`. server.mjs tests the same over real sockets.
import { docs, makeRevokedProxy, makeThrowingProxy, pick, record, rejectionOf } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherRequestError }) => {
  const triggerAnswered = (answer, options) => record(Pusher, options, answer).pusher.trigger("a", "event", "x")
  const never = () => new Promise(() => {})

  test("resolves to a Response whose body can be read", async (t) => {
    const headers = { "content-type": "application/json", "x-served-by": "test" }
    const response = await triggerAnswered(
      () => new Response('{"channels":{}}', { status: 202, headers, statusText: "Accepted" }),
    )
    t.true(response instanceof Response)
    t.deepEqual(pick(response, "status", "statusText", "ok"), { status: 202, statusText: "Accepted", ok: true })
    t.strictEqual(response.headers.get("x-served-by"), "test")
    t.deepEqual(await response.json(), { channels: {} })
  })

  test("returns a body that can be read in every way, with the server's bytes", async (t) => {
    const bytes = [0xef, 0xbb, 0xbf, 0xff, 0]
    const answer = (body = new Uint8Array(bytes)) =>
      triggerAnswered(() => new Response(body, { headers: { "content-type": "text/x-test" } }))
    const toBytes = async (source) => [...new Uint8Array(await source)]
    t.strictEqual(await (await answer('"\u00e9"')).text(), '"\u00e9"')
    t.strictEqual(await (await answer('"\u00e9"')).json(), "\u00e9")
    t.deepEqual(await toBytes((await answer()).arrayBuffer()), bytes)
    const blob = await (await answer()).blob()
    t.strictEqual(blob.type, "text/x-test")
    t.deepEqual(await toBytes(blob.arrayBuffer()), bytes)
    t.deepEqual(await toBytes(new Response((await answer()).body).arrayBuffer()), bytes)
    const again = await answer()
    const copy = again.clone()
    t.false(again.bodyUsed)
    t.strictEqual(await again.text(), await copy.text())
    t.true(again.bodyUsed)
    t.true((await rejectionOf(again.text())) instanceof TypeError)
    const passedOn = new Response((await answer()).body, await answer())
    t.strictEqual(passedOn.status, 200)
    t.strictEqual(passedOn.headers.get("content-type"), "text/x-test")
    t.deepEqual(await toBytes(passedOn.arrayBuffer()), bytes)
  })

  test("copies status and headers of a test double into the Response", async (t) => {
    const double = {
      status: 201,
      statusText: "Made",
      headers: [
        ["x-a", "1"],
        ["x-a", "2"],
      ],
      arrayBuffer: () => new ArrayBuffer(2),
    }
    const response = await triggerAnswered(() => double)
    t.true(response instanceof Response)
    t.deepEqual(pick(response, "status", "statusText"), { status: 201, statusText: "Made" })
    t.strictEqual(response.headers.get("x-a"), "1, 2")
    t.strictEqual((await response.arrayBuffer()).byteLength, 2)
    t.strictEqual(
      await (await triggerAnswered(() => ({ status: 204, arrayBuffer: () => new ArrayBuffer(0) }))).text(),
      "",
    )
    for (const broken of [
      { headers: { "no name": "x" } },
      {
        get headers() {
          throw new Error("headers")
        },
      },
    ]) {
      const error = await rejectionOf(
        triggerAnswered(() => Object.defineProperties({ ...double }, Object.getOwnPropertyDescriptors(broken))),
      )
      t.deepEqual(pick(error, "code", "status"), { code: "network", status: 201 })
    }
  })

  test("accepts an answer without a body", async (t) => {
    const response = await triggerAnswered(() => new Response(null, { status: 204 }))
    t.strictEqual(response.status, 204)
    t.strictEqual(await response.text(), "")
  })

  test("returns a test double without a body unchanged", async (t) => {
    const double = { ok: true, status: 200, json: async () => ({}) }
    t.strictEqual(await triggerAnswered(() => double), double)
  })

  for (const status of [301, 302, 307, 400, 401, 403, 404, 413, 429, 500, 503]) {
    test(`rejects status ${status} with the server's words`, async (t) => {
      const headers = { location: "/elsewhere" }
      const error = await rejectionOf(triggerAnswered(() => new Response("the server's words", { status, headers })))
      t.true(error instanceof PusherRequestError)
      t.true(error instanceof Error)
      t.strictEqual(error.message, `Unexpected status code ${status}`)
      t.deepEqual(pick(error, "code", "status", "body", "error"), {
        code: "http",
        status,
        body: "the server's words",
        error: undefined,
      })
      t.true(/^https:\/\/api\.pusherapp\.com\/apps\/3\/events\?auth_key=/.test(error.url))
      if (status !== 400) t.strictEqual(typeof error.hint, "string")
    })
  }

  test("gives the hint at redirects only", async (t) => {
    for (const [status, isRedirect] of [
      [301, true],
      [304, false],
      [308, true],
    ]) {
      const { hint } = await rejectionOf(triggerAnswered(() => new Response(null, { status })))
      t.strictEqual(hint !== undefined, isRedirect, String(status))
    }
  })

  test("refuses a status that is none", async (t) => {
    for (const status of [-200, 200.5, 65_736, NaN, Infinity, "200", 200n, {}, Symbol("200")]) {
      const error = await rejectionOf(triggerAnswered(() => ({ status })))
      t.deepEqual(pick(error, "code", "status"), { code: "network", status: undefined }, String(status))
    }
  })

  test("leaves out a reason phrase that the host's Response does not take", async (t) => {
    for (const statusText of ["Tr\u00e8s bien \u2713", "\u0000", "two\nlines"]) {
      const response = await triggerAnswered(() => ({ status: 201, statusText, arrayBuffer: () => new ArrayBuffer(2) }))
      t.strictEqual(response.status, 201)
      t.strictEqual((await response.arrayBuffer()).byteLength, 2)
    }
  })

  test("says that each call needs a Response of its own", async (t) => {
    for (const init of [{}, { headers: { "content-length": "2" } }]) {
      const one = new Response("{}", init)
      const pusher = new Pusher({ ...docs, fetch: async () => one })
      t.strictEqual((await pusher.trigger("a", "event", "x")).status, 200)
      for (const call of [() => pusher.trigger("a", "event", "x"), () => pusher.channels()]) {
        const { code, hint } = await rejectionOf(call())
        t.strictEqual(code, "network")
        t.strictEqual(hint, "`fetch` resolved to a Response that was read before")
      }
    }
    const shared = new Response("{}")
    const pusher = new Pusher({ ...docs, fetch: async () => shared })
    const [first, second] = await Promise.allSettled([pusher.channels(), pusher.channels()])
    t.strictEqual(first.status, "fulfilled")
    t.true(second.reason.hint.includes("was read before"), second.reason.hint)
  })

  for (const [method, read] of [
    ["trigger", async (pusher) => (await pusher.trigger("a", "event", "x")).text()],
    ["channels", async (pusher) => JSON.stringify(await pusher.channels())],
  ]) {
    test(`reads at most \`maxResponseBytes\` of an answer of unknown length: ${method}`, async (t) => {
      const text = JSON.stringify({ channels: { ["\u00e9".repeat(40)]: {} } })
      const bytes = new TextEncoder().encode(text)
      const isCancelled = []
      /** Makes a body of chunks of so many bytes, which splits characters. */
      const makeBody = (step, isEndless) => {
        let at = 0
        return new ReadableStream({
          pull(controller) {
            if (at >= bytes.length && !isEndless) return controller.close()
            controller.enqueue(at < bytes.length ? bytes.slice(at, at + step) : new Uint8Array(step))
            at += step
          },
          cancel: () => {
            isCancelled.push(true)
            throw new Error("cannot cancel")
          },
        })
      }
      const headers = { "content-length": String(bytes.length), "content-encoding": "gzip" }
      for (const step of [1, 7, bytes.length]) {
        for (const init of [{}, { headers }]) {
          const readWith = (maxResponseBytes, isEndless) =>
            read(record(Pusher, { maxResponseBytes }, () => new Response(makeBody(step, isEndless), init)).pusher)
          t.strictEqual(await readWith(bytes.length), text)
          t.strictEqual(await readWith(Infinity), text)
          isCancelled.length = 0
          for (const isEndless of [false, true]) {
            const { code, hint } = await rejectionOf(readWith(bytes.length - 1, isEndless))
            t.strictEqual(code, "network")
            t.strictEqual(hint, `The answer is longer than \`maxResponseBytes\`, ${bytes.length - 1}`)
          }
          // The other one had ended.
          t.true(isCancelled.length > 0)
        }
      }
    })
  }

  test("leaves the body of a test double to its own methods where it is no stream", async (t) => {
    for (const body of ["{}", null, {}, new Uint8Array(2)]) {
      const double = { status: 200, body, text: async () => '{"channels":{}}', arrayBuffer: () => new ArrayBuffer(3) }
      const { pusher } = record(Pusher, {}, () => double)
      t.deepEqual(await pusher.channels(), { channels: {} })
      t.strictEqual((await (await pusher.trigger("a", "event", "x")).arrayBuffer()).byteLength, 3)
    }
  })

  test("rejects a body with something other than bytes in it", async (t) => {
    const body = () => new ReadableStream({ pull: (controller) => controller.enqueue("text") })
    t.strictEqual((await rejectionOf(triggerAnswered(() => new Response(body())))).code, "network")
  })

  test("rejects when `fetch` fails, with its error as `error` and a copy of it as the cause", async (t) => {
    const cause = Object.assign(new TypeError("connection refused"), { code: "ECONNREFUSED" })
    const error = await rejectionOf(
      triggerAnswered(() => {
        throw cause
      }),
    )
    t.true(error instanceof PusherRequestError)
    t.deepEqual(pick(error, "message", "code", "status"), {
      message: "Request failed with an error",
      code: "network",
      status: undefined,
    })
    t.strictEqual(error.error, cause)
    t.true(error.cause instanceof Error && error.cause !== cause)
    t.deepEqual(pick(error.cause, "name", "message", "code", "stack"), pick(cause, "name", "message", "code", "stack"))
  })

  test("rejects when `fetch` throws at once or returns no Response", async (t) => {
    const triggerWith = (fetch) => new Pusher({ ...docs, fetch }).trigger("a", "event", "x")
    t.strictEqual(
      (
        await rejectionOf(
          triggerWith(() => {
            throw new Error("at once")
          }),
        )
      ).error.message,
      "at once",
    )
    for (const nothing of [undefined, null, 1, "response", {}]) {
      t.strictEqual((await rejectionOf(triggerWith(() => nothing))).code, "network", String(nothing))
    }
    t.strictEqual((await triggerWith(() => new Response("{}"))).status, 200, "a Response without a promise will do")
  })

  test("rejects whatever `fetch` rejects with", async (t) => {
    for (const reason of [
      makeRevokedProxy({}),
      makeThrowingProxy(),
      undefined,
      null,
      "text",
      Symbol("reason"),
      Object.freeze(new Error("frozen")),
    ]) {
      const error = await rejectionOf(
        new Pusher({ ...docs, timeout: 0, fetch: () => Promise.reject(reason) }).trigger("a", "event", "x"),
      )
      t.strictEqual(error.code, "network")
      t.strictEqual(error.error, reason)
    }
  })

  test("rejects when the body breaks off", async (t) => {
    const body = () => new ReadableStream({ start: (controller) => controller.error(new Error("broken off")) })
    const error = await rejectionOf(triggerAnswered(() => new Response(body(), { status: 200 })))
    // Browsers replace the message.
    t.strictEqual(error.code, "network")
    t.true(error.error instanceof Error)
  })

  test("sends nothing when a hook aborts", async (t) => {
    const controller = new AbortController()
    const { calls, pusher } = record(Pusher, { onRequest: () => controller.abort("enough") })
    const error = await rejectionOf(pusher.trigger("a", "event", "x", { signal: controller.signal }))
    t.deepEqual(pick(error, "code", "error"), { code: "aborted", error: "enough" })
    t.strictEqual(calls.length, 0)
  })

  test("calls `fetch` before the call returns its promise", async (t) => {
    for (const [method, ...args] of [
      ["trigger", "a", "event", "x"],
      ["triggerBatch", [{ channel: "a", name: "event" }]],
      ["sendToUser", "1", "event", "x"],
      ["terminateUserConnections", "1"],
      ["channels"],
      ["channel", "a"],
      ["channelUsers", "presence-a"],
      ["get", { path: "/channels" }],
      ["post", { path: "/events" }],
    ]) {
      const { calls, pusher } = record(Pusher)
      const call = pusher[method](...args)
      t.strictEqual(calls.length, 1, method)
      await call
    }
  })

  test("rejects when a signal dispatches `abort`, whatever its members say", async (t) => {
    const listeners = []
    // A polyfill may set `aborted` only afterwards.
    const signal = {
      aborted: false,
      reason: "no longer needed",
      addEventListener: (_type, listener) => listeners.push(listener),
      removeEventListener: () => {},
    }
    const fetch = () => new Promise(() => {})
    const call = new Pusher({ ...docs, fetch, timeout: 0 }).trigger("a", "event", "x", { signal })
    for (const listener of listeners) listener({ type: "abort" })
    t.deepEqual(pick(await rejectionOf(call), "code", "error"), { code: "aborted", error: "no longer needed" })
  })

  test("rejects on timeout and aborts the host's `fetch`", async (t) => {
    const signals = []
    const fetch = (_url, { signal }) => {
      signals.push(signal)
      return never()
    }
    const error = await rejectionOf(new Pusher({ ...docs, fetch, timeout: 1 }).trigger("a", "event", "x"))
    t.true(error instanceof PusherRequestError)
    t.deepEqual(pick(error, "message", "code", "status"), {
      message: "Request failed with an error",
      code: "timeout",
      status: undefined,
    })
    t.strictEqual(error.error.name, "AbortError")
    t.true(signals[0].aborted)
  })

  test("applies the timeout to the body, too", async (t) => {
    const stuck = () => new Response(new ReadableStream({ pull: never }))
    t.strictEqual((await rejectionOf(triggerAnswered(stuck, { timeout: 1 }))).code, "timeout")
    const stuckError = () => new Response(new ReadableStream({ pull: never }), { status: 500 })
    t.strictEqual((await rejectionOf(triggerAnswered(stuckError, { timeout: 1 }))).code, "timeout")
  })

  test("ends a request once: ignores an answer that comes after the timeout", async (t) => {
    for (const late of [
      () => new Response("{}"),
      () => new Response("", { status: 500 }),
      () => Promise.reject(new Error("late")),
    ]) {
      const events = []
      let answer
      const fetch = () =>
        new Promise((resolve) => {
          answer = resolve
        })
      const onResponse = (event) => events.push(pick(event, "code", "status"))
      const pusher = new Pusher({ ...docs, fetch, timeout: 1, onResponse })
      t.strictEqual((await rejectionOf(pusher.trigger("a", "event", "x"))).code, "timeout")
      answer(late())
      await new Promise((resolve) => setTimeout(resolve, 5))
      t.deepEqual(events, [{ code: "timeout", status: undefined }])
    }
  })

  test("hands `fetch` a native signal, one for each request", async (t) => {
    const signals = []
    const fetch = async (_url, { signal }) => {
      signals.push(signal)
      return new Response("{}")
    }
    const pusher = new Pusher({ ...docs, fetch })
    await Promise.all([pusher.trigger("a", "event", "x"), pusher.trigger("a", "event", "x")])
    t.true(signals.every((signal) => signal instanceof AbortSignal && !signal.aborted))
    t.true(signals[0] !== signals[1])
    const changing = (url, init) => fetch(url, Object.assign(init, { signal: AbortSignal.abort() }))
    t.strictEqual(
      (await new Pusher({ ...docs, fetch: changing }).trigger("a", "event", "x")).status,
      200,
      "`fetch` may change its init",
    )
  })

  test("waits without limit when the timeout is 0", async (t) => {
    const response = await triggerAnswered(
      () => new Promise((resolve) => setTimeout(() => resolve(new Response("{}")), 20)),
      { timeout: 0 },
    )
    t.strictEqual(response.status, 200)
  })

  test("aborts at any point when the caller's signal aborts", async (t) => {
    const reason = new Error("no longer needed")
    for (const fetch of [never, async () => new Response(new ReadableStream({ pull: never }))]) {
      const controller = new AbortController()
      const call = new Pusher({ ...docs, fetch }).trigger("a", "event", "x", { signal: controller.signal })
      setTimeout(() => controller.abort(reason), 1)
      const error = await rejectionOf(call)
      t.true(error instanceof PusherRequestError)
      t.strictEqual(error.code, "aborted")
      t.strictEqual(error.error, reason)
    }
  })

  test("sends nothing when the signal has aborted before", async (t) => {
    const { calls, pusher } = record(Pusher)
    for (const call of [
      (signal) => pusher.trigger("a", "event", "x", { signal }),
      (signal) => pusher.triggerBatch([{ channel: "a", name: "event" }], { signal }),
      (signal) => pusher.get({ path: "/channels", signal }),
      (signal) => pusher.post({ path: "/events", signal }),
    ]) {
      t.strictEqual((await rejectionOf(call(AbortSignal.abort()))).code, "aborted")
    }
    t.strictEqual(calls.length, 0)
  })

  test("stops listening to the signal when the call ends", async (t) => {
    const { signal } = new AbortController()
    let listeners = 0
    const counting = {
      aborted: false,
      addEventListener(...args) {
        listeners++
        signal.addEventListener(...args)
      },
      removeEventListener(...args) {
        listeners--
        signal.removeEventListener(...args)
      },
    }
    await record(Pusher).pusher.trigger("a", "event", "x", { signal: counting })
    t.strictEqual(listeners, 0)
  })

  test("looks up the global `fetch` at each call", async (t) => {
    const real = globalThis.fetch
    const pusher = new Pusher(docs)
    try {
      for (const answer of ["first", "second"]) {
        globalThis.fetch = async () => new Response(answer)
        t.strictEqual(await (await pusher.trigger("a", "event", "x")).text(), answer)
      }
      globalThis.fetch = undefined
      const error = await rejectionOf(pusher.trigger("a", "event", "x"))
      t.true(error.error.message.includes("pass the `fetch` option"), error.error.message)
    } finally {
      globalThis.fetch = real
    }
  })

  test("accepts a test double that has only `json` in typed queries", async (t) => {
    const double = { ok: true, status: 200, json: async () => ({ channels: { a: {} } }) }
    t.deepEqual(await new Pusher({ ...docs, fetch: async () => double }).channels(), { channels: { a: {} } })
  })

  test("completes calls while `queueMicrotask` is faked", async (t) => {
    const real = globalThis.queueMicrotask
    // Not a Response: some hosts need the real `queueMicrotask` to read a body.
    const double = { ok: true, status: 200 }
    const pusher = new Pusher({ ...docs, fetch: async () => double })
    globalThis.queueMicrotask = () => {}
    try {
      t.strictEqual(await pusher.trigger("a", "event", "x"), double)
    } finally {
      globalThis.queueMicrotask = real
    }
    t.strictEqual(await pusher.trigger("a", "event", "x"), double)
  })

  test("says in the hint why there was no answer", async (t) => {
    const refused = () => {
      throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") })
    }
    t.strictEqual((await rejectionOf(triggerAnswered(refused))).hint, "connect ECONNREFUSED")
    t.strictEqual(
      (
        await rejectionOf(
          triggerAnswered(() => {
            throw new Error("no network")
          }),
        )
      ).hint,
      "no network",
    )
  })

  test("names `useTLS` where TLS failed with a server that is not Pusher's", async (t) => {
    const hint = "If this server speaks plain HTTP, set `useTLS: false`."
    const hintOf = async (message, options) => {
      const refused = () => {
        throw new TypeError("fetch failed", { cause: new Error(message) })
      }
      return (await rejectionOf(triggerAnswered(refused, options))).hint
    }
    // As Node, an agent on Node, Bun, Deno and workerd have it.
    for (const message of [
      "error:0A00010B:SSL routines:ssl3_get_record:wrong version number",
      "Client network socket disconnected before secure TLS connection was established",
      "client error (Connect): received corrupt message of type InvalidContentType",
      "internal error; reference = 0123456789abcdef",
    ]) {
      for (const host of ["localhost", "api.pusher.com.example.org", "example.org"]) {
        t.strictEqual(await hintOf(message, { host }), hint, host)
      }
      for (const options of [
        {},
        { cluster: "eu" },
        { host: "api.staging.pusher.com" },
        { host: "localhost", useTLS: false },
      ]) {
        t.strictEqual(await hintOf(message, options), message, JSON.stringify(options))
      }
    }
    for (const message of [
      "connect ECONNREFUSED 127.0.0.1:6001",
      "self-signed certificate",
      "getaddrinfo ENOTFOUND a",
    ]) {
      t.strictEqual(await hintOf(message, { host: "localhost" }), message)
    }
    const notJson = () => new Response("internal error")
    const error = await rejectionOf(record(Pusher, { host: "localhost" }, notJson).pusher.channels())
    t.strictEqual(error.hint === hint, false, "an answer that is not JSON is another failure")
  })

  test("gives each of many overlapping calls its own answer", async (t) => {
    const fetch = async (_url, { body }) => {
      const { data } = JSON.parse(body)
      await new Promise((resolve) => setTimeout(resolve, 10 - (data % 10)))
      return new Response(data)
    }
    const pusher = new Pusher({ ...docs, fetch })
    const numbers = Array.from({ length: 100 }, (_, index) => String(index))
    const answers = await Promise.all(numbers.map(async (data) => (await pusher.trigger("a", "event", data)).text()))
    t.deepEqual(answers, numbers)
  })
}
