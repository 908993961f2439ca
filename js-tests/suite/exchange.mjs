// What happens between a request and its answer, with a stand-in for `fetch`; server.mjs has the same over real sockets.
import { recorded, rejectionOf, docs } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherRequestError }) => {
  const answering = (answer, options) => recorded(Pusher, options, answer).pusher.trigger("a", "event", "x")
  const never = () => new Promise(() => {})

  test("a call resolves to the host's Response, its body there to read", async (t) => {
    const headers = { "content-type": "application/json", "x-served-by": "test" }
    const response = await answering(
      () => new Response('{"channels":{}}', { status: 202, headers, statusText: "Accepted" }),
    )
    t.true(response instanceof Response)
    t.deepEqual([response.status, response.statusText, response.ok], [202, "Accepted", true])
    t.strictEqual(response.headers.get("x-served-by"), "test")
    t.deepEqual(await response.json(), { channels: {} })
  })

  test("the body can be read in every way, and its bytes are the server's", async (t) => {
    const bytes = [0xef, 0xbb, 0xbf, 0xff, 0]
    const answer = (body = new Uint8Array(bytes)) =>
      answering(() => new Response(body, { headers: { "content-type": "text/x-test" } }))
    const bytesOf = async (source) => [...new Uint8Array(await source)]
    t.strictEqual(await (await answer('"\u00e9"')).text(), '"\u00e9"')
    t.strictEqual(await (await answer('"\u00e9"')).json(), "\u00e9")
    t.deepEqual(await bytesOf((await answer()).arrayBuffer()), bytes)
    const blob = await (await answer()).blob()
    t.strictEqual(blob.type, "text/x-test")
    t.deepEqual(await bytesOf(blob.arrayBuffer()), bytes)
    t.deepEqual(await bytesOf(new Response((await answer()).body).arrayBuffer()), bytes)
    const again = await answer()
    const copy = again.clone()
    t.false(again.bodyUsed)
    t.strictEqual(await again.text(), await copy.text())
    t.true(again.bodyUsed)
    t.true((await rejectionOf(again.text())) instanceof TypeError)
    const passedOn = new Response((await answer()).body, await answer())
    t.deepEqual([passedOn.status, passedOn.headers.get("content-type")], [200, "text/x-test"])
    t.deepEqual(await bytesOf(passedOn.arrayBuffer()), bytes)
  })

  test("what a double has beside its body becomes the Response's", async (t) => {
    const double = {
      status: 201,
      statusText: "Made",
      headers: [
        ["x-a", "1"],
        ["x-a", "2"],
      ],
      arrayBuffer: () => new ArrayBuffer(2),
    }
    const response = await answering(() => double)
    t.true(response instanceof Response)
    t.deepEqual([response.status, response.statusText, response.headers.get("x-a")], [201, "Made", "1, 2"])
    t.strictEqual((await response.arrayBuffer()).byteLength, 2)
    t.strictEqual(await (await answering(() => ({ status: 204, arrayBuffer: () => new ArrayBuffer(0) }))).text(), "")
    for (const broken of [
      { headers: { "no name": "x" } },
      {
        get headers() {
          throw new Error("headers")
        },
      },
    ]) {
      const error = await rejectionOf(
        answering(() => Object.defineProperties({ ...double }, Object.getOwnPropertyDescriptors(broken))),
      )
      t.deepEqual([error.code, error.status], ["network", 201])
    }
  })

  test("an answer without a body", async (t) => {
    const response = await answering(() => new Response(null, { status: 204 }))
    t.strictEqual(response.status, 204)
    t.strictEqual(await response.text(), "")
  })

  test("a test's double that is no Response comes back as it is", async (t) => {
    const double = { ok: true, status: 200, json: async () => ({}) }
    t.strictEqual(await answering(() => double), double)
  })

  for (const status of [301, 302, 307, 400, 401, 403, 404, 413, 429, 500, 503]) {
    test(`status ${status} rejects, with the server's words`, async (t) => {
      const error = await rejectionOf(answering(() => new Response("the server's words", { status })))
      t.true(error instanceof PusherRequestError)
      t.true(error instanceof Error)
      t.strictEqual(error.message, `Unexpected status code ${status}`)
      t.deepEqual(
        [error.code, error.status, error.body, error.error],
        ["http", status, "the server's words", undefined],
      )
      t.true(/^https:\/\/api\.pusherapp\.com\/apps\/3\/events\?auth_key=/.test(error.url))
      if (status !== 400) t.strictEqual(typeof error.hint, "string")
    })
  }

  test("a failing `fetch` rejects, with its error as the cause", async (t) => {
    const cause = new TypeError("connection refused")
    const error = await rejectionOf(
      answering(() => {
        throw cause
      }),
    )
    t.true(error instanceof PusherRequestError)
    t.deepEqual([error.message, error.code, error.status], ["Request failed with an error", "network", undefined])
    t.strictEqual(error.error, cause)
    t.strictEqual(error.cause, cause)
  })

  test("a `fetch` that throws at once, or gives no promise, is no trap", async (t) => {
    const call = (fetch) => new Pusher({ ...docs, fetch }).trigger("a", "event", "x")
    t.strictEqual(
      (
        await rejectionOf(
          call(() => {
            throw new Error("at once")
          }),
        )
      ).error.message,
      "at once",
    )
    for (const nothing of [undefined, null, 1, "response", {}]) {
      t.strictEqual((await rejectionOf(call(() => nothing))).code, "network", String(nothing))
    }
    t.strictEqual((await call(() => new Response("{}"))).status, 200, "a Response without a promise will do")
  })

  test("whatever a `fetch` rejects with, the call rejects", async (t) => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error("get")
        },
        ownKeys() {
          throw new Error("ownKeys")
        },
      },
    )
    for (const reason of [
      proxy,
      hostile,
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

  test("a body that breaks off rejects", async (t) => {
    const body = () => new ReadableStream({ start: (controller) => controller.error(new Error("broken off")) })
    const error = await rejectionOf(answering(() => new Response(body(), { status: 200 })))
    // Browsers have words of their own for it.
    t.strictEqual(error.code, "network")
    t.true(error.error instanceof Error)
  })

  test("a hook that aborts ends an exchange before anything is sent", async (t) => {
    const controller = new AbortController()
    const { calls, pusher } = recorded(Pusher, { onRequest: () => controller.abort("enough") })
    const error = await rejectionOf(pusher.trigger("a", "event", "x", { signal: controller.signal }))
    t.deepEqual([error.code, error.error, calls.length], ["aborted", "enough", 0])
  })

  test("the timeout ends an exchange, and aborts the host's part of it", async (t) => {
    const signals = []
    const fetch = (url, { signal }) => signals.push(signal) && never()
    const error = await rejectionOf(new Pusher({ ...docs, fetch, timeout: 1 }).trigger("a", "event", "x"))
    t.true(error instanceof PusherRequestError)
    t.deepEqual([error.message, error.code, error.status], ["Request failed with an error", "timeout", undefined])
    t.strictEqual(error.error.name, "AbortError")
    t.true(signals[0].aborted)
  })

  test("the timeout covers the body", async (t) => {
    const stuck = () => new Response(new ReadableStream({ pull: never }))
    t.strictEqual((await rejectionOf(answering(stuck, { timeout: 1 }))).code, "timeout")
    const stuckError = () => new Response(new ReadableStream({ pull: never }), { status: 500 })
    t.strictEqual((await rejectionOf(answering(stuckError, { timeout: 1 }))).code, "timeout")
  })

  test("an exchange ends once: what comes of it after the timeout is lost", async (t) => {
    for (const late of [
      () => new Response("{}"),
      () => new Response("", { status: 500 }),
      () => Promise.reject(new Error("late")),
    ]) {
      const told = []
      let answer
      const fetch = () => new Promise((resolve) => (answer = resolve))
      const onResponse = ({ code, status }) => told.push([code, status])
      const pusher = new Pusher({ ...docs, fetch, timeout: 1, onResponse })
      t.strictEqual((await rejectionOf(pusher.trigger("a", "event", "x"))).code, "timeout")
      answer(late())
      await new Promise((resolve) => setTimeout(resolve, 5))
      t.deepEqual(told, [["timeout", undefined]])
    }
  })

  test("the signal in the init is the host's, and each exchange's own", async (t) => {
    const signals = []
    const fetch = async (url, { signal }) => signals.push(signal) && new Response("{}")
    const pusher = new Pusher({ ...docs, fetch })
    await Promise.all([pusher.trigger("a", "event", "x"), pusher.trigger("a", "event", "x")])
    t.true(signals.every((signal) => signal instanceof AbortSignal && !signal.aborted))
    t.true(signals[0] !== signals[1])
    const changing = (url, init) => fetch(url, Object.assign(init, { signal: AbortSignal.abort() }))
    t.strictEqual(
      (await new Pusher({ ...docs, fetch: changing }).trigger("a", "event", "x")).status,
      200,
      "the init is the fetch's to change",
    )
  })

  test("no timeout, no limit", async (t) => {
    const response = await answering(
      () => new Promise((resolve) => setTimeout(() => resolve(new Response("{}")), 20)),
      { timeout: 0 },
    )
    t.strictEqual(response.status, 200)
  })

  test("the caller's signal ends an exchange at any point", async (t) => {
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

  test("an aborted signal sends nothing", async (t) => {
    const { calls, pusher } = recorded(Pusher)
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

  test("a signal is not listened to once the call has ended", async (t) => {
    const { signal } = new AbortController()
    let listeners = 0
    const counting = {
      aborted: false,
      addEventListener: (...args) => (listeners++, signal.addEventListener(...args)),
      removeEventListener: (...args) => (listeners--, signal.removeEventListener(...args)),
    }
    await recorded(Pusher).pusher.trigger("a", "event", "x", { signal: counting })
    t.strictEqual(listeners, 0)
  })

  test("the global `fetch` is looked up at each call", async (t) => {
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

  test("a double with `json` alone will do for typed queries", async (t) => {
    const double = { ok: true, status: 200, json: async () => ({ channels: { a: {} } }) }
    t.deepEqual(await new Pusher({ ...docs, fetch: async () => double }).channels(), { channels: { a: {} } })
  })

  test("a faked `queueMicrotask` holds nothing up", async (t) => {
    const real = globalThis.queueMicrotask
    // Not a Response: some hosts need the real thing to read a body of their own.
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

  test("why there was no answer is in the hint, too", async (t) => {
    const refused = () => {
      throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") })
    }
    t.strictEqual((await rejectionOf(answering(refused))).hint, "connect ECONNREFUSED")
    t.strictEqual(
      (
        await rejectionOf(
          answering(() => {
            throw new Error("no network")
          }),
        )
      ).hint,
      "no network",
    )
  })

  test("calls overlap, each with its own answer", async (t) => {
    const fetch = async (url, { body }) => {
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
