// Adapters for servers without `Request` and `Response`: the subpath `pusher-http-wasm/node`. What needs a server of node:http is left out where
// there is none: browsers also refuse some of the headers. Real frameworks are among the places (js-tests/packaging/places).
import * as imported from "pusher-http-wasm/node"

import { http, pick, rejectionOf, thrownBy } from "./support.mjs"

const net = http && globalThis.process.getBuiltinModule("node:net")
const parsedMark = Symbol.for("pusher-http-wasm.parsed")

/** Makes a promise and the function that resolves it. */
const makeGate = () => {
  let open
  const opened = new Promise((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** Serves on a free port while `use` runs, which gets the port. */
const serve = async (listener, use) => {
  const server = http.createServer(listener)
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))
  try {
    return await use(server.address().port)
  } finally {
    server.closeAllConnections?.()
    server.close()
  }
}

/** Sends a request. Resolves to `{ status, headers, body }`, the body as bytes. */
const ask = (port, { body, ...options } = {}) =>
  new Promise((resolve, reject) => {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body
    const request = http.request({ host: "127.0.0.1", port, agent: false, method: body ? "POST" : "GET", ...options })
    // Node leaves it out for DELETE.
    if (bytes) request.setHeader("content-length", bytes.length)
    request.on("error", reject)
    request.on("response", (response) => {
      const chunks = []
      response.on("data", (chunk) => chunks.push(...chunk))
      response.on("error", reject)
      response.on("end", () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Uint8Array.from(chunks) }),
      )
    })
    request.end(bytes)
  })

/** Sends text as it is. Resolves to what comes back until the server closes the connection. */
const askRaw = (port, text) =>
  new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1")
    let answer = ""
    socket.on("data", (chunk) => {
      answer += new TextDecoder().decode(chunk)
    })
    socket.on("error", reject)
    socket.on("close", () => resolve(answer))
    socket.write(text)
  })

/** Answers with what the handler got. */
const echo = async (request, env, ctx) =>
  Response.json({
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
    isParsed: request[parsedMark] ?? false,
    isEnvironment: env === globalThis.process.env,
    members: Object.keys(ctx).sort(),
  })

const decode = (bytes) => new TextDecoder().decode(bytes)
const parse = (bytes) => JSON.parse(decode(bytes))

/** Runs a function with a list in place of what `console.error` prints. */
const withErrors = async (run) => {
  const { error } = console
  const errors = []
  console.error = (...args) => errors.push(...args)
  try {
    await run(errors)
  } finally {
    console.error = error
  }
}

/** Listens and emits as Node's objects do. */
class Emitter {
  listeners = []

  on(name, listener) {
    this.listeners.push({ name, listener })
    return this
  }

  emit(name, ...args) {
    for (const one of this.listeners) if (one.name === name) one.listener(...args)
  }
}

/** Stands in for Node's response, and records what is written. */
class FakeResponse extends Emitter {
  headers = {}
  chunks = []
  isFull = false

  getHeader(name) {
    return this.headers[name]
  }

  setHeader(name, value) {
    this.headers[name] = value
  }

  flushHeaders() {
    this.headersSent = true
  }

  write(chunk) {
    this.chunks.push(decode(chunk))
    this.headersSent = true
    return !this.isFull
  }

  end() {
    this.headersSent = true
    this.writableEnded = true
    this.writableFinished = true
    this.emit("finish")
    this.emit("close")
  }

  destroy() {
    this.destroyed = true
    this.emit("close")
  }
}

const makeFakeRequest = (members = {}) =>
  Object.assign(new Emitter(), {
    method: "GET",
    url: "/path",
    httpVersionMajor: 1,
    headers: { host: "a.test" },
    ...members,
  })

/** A fake request whose body a parser has read. */
const makeParsedRequest = (members, headers = {}) =>
  makeFakeRequest({
    method: "POST",
    headers: { host: "a.test", "content-type": "text/plain", "content-length": "2", ...headers },
    readableDidRead: true,
    readableEnded: true,
    ...members,
  })

export default ({ module, test }, { PusherValidationError }, environment) => {
  const { lambdaHandler, nodeHandler } = environment.subpaths?.node ?? imported

  const assertInvalid = (t, error, field, message) => {
    t.true(error instanceof PusherValidationError, String(error))
    t.deepEqual(pick(error, "code", "field", "message"), { code: "invalid_argument", field, message })
  }

  test("refuses a handler that is no function, when the adapter is made", (t) => {
    for (const [handler, what] of [
      [undefined, "undefined"],
      [null, "null"],
      ["secret", "a string"],
      [[echo], "a list"],
      [{ fetch: echo }, "an object with fetch"],
    ]) {
      for (const [name, adapter] of Object.entries({ nodeHandler, lambdaHandler }))
        assertInvalid(
          t,
          thrownBy(() => adapter(handler)),
          "handler",
          `${name} takes a function, not ${what}`,
        )
    }
  })

  test("exports these names", (t) => {
    const { default: _, ...named } = environment.subpaths?.node ?? imported
    t.deepEqual(Object.keys(named).sort(), ["lambdaHandler", "nodeHandler"])
  })

  if (!http) return

  module("nodeHandler", () => {
    test("rejects what no server passes", async (t) => {
      const listener = nodeHandler(echo)
      const message = "nodeHandler's function takes what node:http, Express, Fastify or Koa pass, not"
      assertInvalid(t, await rejectionOf(listener()), "request", `${message} undefined`)
      assertInvalid(
        t,
        await rejectionOf(listener({ url: "secret" }, { status: 1 })),
        "request",
        `${message} an object with url`,
      )
      const error = await rejectionOf(listener(new Request("http://a.test/secret")))
      t.deepEqual(pick(error, "code", "field"), { code: "invalid_argument", field: "request" })
      t.notOk(error.message.includes("secret"))
    })

    test("waits for the client before it asks for more of the body", async (t) => {
      const asked = []
      const body = new ReadableStream(
        {
          pull(controller) {
            asked.push(asked.length)
            if (asked.length > 3) return controller.close()
            controller.enqueue(new TextEncoder().encode(`chunk ${asked.length}`))
            // The adapter has it once this turn is over.
            if (asked.length === 2) setTimeout(reached.open)
          },
        },
        { highWaterMark: 0 },
      )
      const reached = makeGate()
      const res = new FakeResponse()
      const write = res.write.bind(res)
      res.write = (chunk) => {
        res.isFull = res.chunks.length === 1
        return write(chunk)
      }
      const written = nodeHandler(() => new Response(body))(makeFakeRequest(), res)
      await reached.opened
      t.deepEqual([res.chunks, asked.length], [["chunk 1", "chunk 2"], 2])
      res.emit("drain")
      await written
      t.deepEqual([res.chunks, asked.length], [["chunk 1", "chunk 2", "chunk 3"], 4])
    })

    test("cancels the body when the client goes away, also while it waits for the client", async (t) => {
      for (const isFull of [true, false]) {
        const cancelled = makeGate()
        const started = makeGate()
        let count = 0
        const body = new ReadableStream(
          {
            pull(controller) {
              if (count++ > 0) return new Promise(() => {})
              controller.enqueue(new Uint8Array(1))
              setTimeout(started.open)
            },
            cancel: cancelled.open,
          },
          { highWaterMark: 0 },
        )
        const res = new FakeResponse()
        res.isFull = isFull
        let signal
        const written = nodeHandler((request) => {
          signal = request.signal
          return new Response(body)
        })(makeFakeRequest(), res)
        await started.opened
        t.false(signal.aborted)
        res.destroy()
        await Promise.all([written, cancelled.opened])
        t.true(signal.aborted)
      }
    })

    test("takes what a parser kept as bytes or text, as it is", async (t) => {
      for (const kept of ["{}", new TextEncoder().encode("{}")]) {
        for (const members of [{ body: kept }, { rawBody: kept }, { rawBody: kept, body: { parsed: true } }]) {
          const res = new FakeResponse()
          let found
          await nodeHandler(async (request) => {
            found = [await request.text(), Object.fromEntries(request.headers), parsedMark in request]
            return new Response()
          })(makeParsedRequest(members), res)
          t.deepEqual(found, ["{}", { host: "a.test", "content-type": "text/plain", "content-length": "2" }, false])
        }
      }
    })

    test("drops the length and the encoding of a body that a parser has inflated", async (t) => {
      let headers
      const request = makeParsedRequest({ body: "inflated" }, { "content-encoding": "gzip" })
      await nodeHandler((request) => {
        headers = Object.fromEntries(request.headers)
        return new Response()
      })(request, new FakeResponse())
      t.deepEqual(headers, { host: "a.test", "content-type": "text/plain" })
    })

    test("makes JSON of anything else that a parser made, and marks the request", async (t) => {
      for (const parsed of [
        { a: ["1", "\u00e9"] },
        {},
        [],
        5,
        false,
        null,
        Object.assign(Object.create(null), { b: 1 }),
      ]) {
        let found
        await nodeHandler(async (request) => {
          const { value, enumerable } = Object.getOwnPropertyDescriptor(request, parsedMark)
          found = [await request.text(), Object.fromEntries(request.headers), value, enumerable]
          return new Response()
        })(
          makeParsedRequest({ body: parsed }, { "content-length": "99", "content-encoding": "gzip" }),
          new FakeResponse(),
        )
        t.deepEqual([found[0], found[2], found[3]], [JSON.stringify(parsed), true, false])
        t.deepEqual(found[1], { host: "a.test", "content-type": "application/json" })
      }
    })

    test("fails where a parser kept nothing of the body", async (t) => {
      const errors = []
      await nodeHandler(echo)(makeParsedRequest({}), new FakeResponse(), (error) => errors.push(error.message))
      t.deepEqual(errors, [
        "The request's body was read before nodeHandler was called, and is not in `body` or `rawBody`",
      ])
    })

    test("gives an error to `next`, and leaves the response to it", async (t) => {
      const error = new Error("from the handler")
      for (const handler of [
        () => {
          throw error
        },
        async () => {
          throw error
        },
      ]) {
        const given = []
        const res = new FakeResponse()
        await nodeHandler(handler)(makeFakeRequest(), res, (error) => given.push(error))
        t.deepEqual(given, [error])
        t.notOk(res.headersSent)
      }
    })

    test("refuses what is no `Response`", async (t) => {
      for (const [returned, what] of [
        [undefined, "undefined"],
        ["secret", "a string"],
        [{ status: 200, body: "secret" }, "an object with status, body"],
      ]) {
        const given = []
        await nodeHandler(() => returned)(makeFakeRequest(), new FakeResponse(), (error) => given.push(error))
        assertInvalid(t, given[0], "handler", `The handler must return a Response, not ${what}`)
      }
    })

    test("leaves nothing of a response that cannot be written", async (t) => {
      const headers = { "content-length": "2", "set-cookie": "a=1" }
      const makeLocked = () => {
        const response = new Response("ok", { headers })
        response.body.getReader()
        return response
      }
      const left = new FakeResponse()
      await nodeHandler(makeLocked)(makeFakeRequest(), left, () => {})
      t.deepEqual(left.headers, {})
      const answered = new FakeResponse()
      await withErrors(() => nodeHandler(makeLocked)(makeFakeRequest(), answered))
      t.deepEqual([answered.statusCode, answered.chunks], [500, ["Internal Server Error"]])
      for (const name of Object.keys(headers)) t.strictEqual(answered.headers[name], undefined, name)
    })

    test("cancels the body where somebody else has answered", async (t) => {
      let isCancelled = false
      const body = new ReadableStream({
        cancel() {
          isCancelled = true
        },
      })
      const failure = new Error("sent")
      const res = new FakeResponse()
      res.end()
      res.setHeader = () => {
        throw failure
      }
      const given = []
      const handler = nodeHandler(() => new Response(body, { headers: { "x-late": "1" } }))
      await handler(makeFakeRequest(), res, (error) => given.push(error))
      t.deepEqual(given, [failure])
      t.true(isCancelled)
    })

    test("logs what is thrown after the response, by `waitUntil`", async (t) => {
      await withErrors(async (errors) => {
        const error = new Error("late")
        await nodeHandler((_request, _env, ctx) => {
          ctx.waitUntil(Promise.reject(error))
          ctx.waitUntil(undefined)
          return new Response()
        })(makeFakeRequest(), new FakeResponse())
        t.deepEqual(errors, [error])
      })
    })

    test("keeps the cookies that middleware has set", async (t) => {
      const res = new FakeResponse()
      res.headers["set-cookie"] = "session=1"
      const headers = [
        ["set-cookie", "a=1; Path=/"],
        ["set-cookie", "b=2"],
      ]
      await nodeHandler(() => new Response(null, { headers }))(makeFakeRequest(), res)
      t.deepEqual(res.headers["set-cookie"], ["session=1", "a=1; Path=/", "b=2"])
    })

    test("leaves out HTTP/2's pseudo headers, and takes the host from them", async (t) => {
      const headers = { ":method": "GET", ":authority": "b.test", ":path": "/path", accept: "*/*" }
      let found
      await nodeHandler((request) => {
        found = [request.url, Object.fromEntries(request.headers)]
        return new Response()
      })(makeFakeRequest({ headers, httpVersionMajor: 2, socket: { encrypted: true } }), new FakeResponse())
      t.deepEqual(found, ["https://b.test/path", { accept: "*/*" }])
    })

    test("fails to read a body that HTTP/2 breaks off as if it had ended", async (t) => {
      const req = makeFakeRequest({ method: "POST", httpVersionMajor: 2, pause() {}, read() {}, resume() {} })
      let reading
      await nodeHandler((request) => {
        reading = rejectionOf(request.text())
        req.emit("data", new TextEncoder().encode("half"))
        req.aborted = true
        req.emit("end")
        return new Response()
      })(req, new FakeResponse())
      t.strictEqual((await reading)?.name, "AbortError")
    })

    test("aborts `request.signal` where HTTP/2 says of a client that goes away that the response is finished", async (t) => {
      const given = []
      const req = makeFakeRequest({ method: "POST", httpVersionMajor: 2, pause() {}, read() {}, resume() {} })
      const res = new FakeResponse()
      const written = nodeHandler((request) => {
        setTimeout(() => {
          res.writableFinished = true
          res.emit("finish")
          res.emit("close")
          req.emit("close")
        })
        return request.text()
      })(req, res, (error) => given.push(error))
      t.strictEqual(await written, undefined)
      t.deepEqual(given, [], "and the error of the body is the signal's")
    })

    test("serves Fastify through its reply", async (t) => {
      const raw = makeFakeRequest({
        method: "POST",
        url: "/rewritten",
        headers: { host: "a.test", "content-length": "2" },
      })
      const request = { raw, originalUrl: "/original?a=1", body: "{}" }
      const calls = []
      const reply = {
        raw: new FakeResponse(),
        code: (status) => calls.push(["code", status]),
        header: (name, value) => calls.push(["header", name, value]),
        send(body) {
          calls.push(["send", typeof body?.getReader])
          return reply
        },
      }
      const headers = [
        ["x-a", "1"],
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
      ]
      const handler = async (made, _env, ctx) => {
        t.strictEqual(ctx.request, request)
        t.strictEqual(ctx.reply, reply)
        t.strictEqual(ctx.req, raw)
        t.deepEqual([made.url, await made.text()], ["http://a.test/original?a=1", "{}"])
        return new Response(calls.length === 0 ? new Uint8Array(1) : null, { status: 201, headers })
      }
      const listener = nodeHandler(handler)
      t.strictEqual(await listener(request, reply), reply)
      const set = [
        ["code", 201],
        ["header", "x-a", "1"],
        ["header", "set-cookie", ["a=1", "b=2"]],
      ]
      t.deepEqual(calls.splice(0), [...set, ["send", "function"]])
      calls.push("once more")
      await listener(request, reply)
      t.deepEqual(calls.slice(1), [...set, ["send", "undefined"]])
      const error = new Error("from the handler")
      t.strictEqual(await rejectionOf(nodeHandler(() => Promise.reject(error))(request, reply)), error)
    })

    test("throws for Koa, which answers", async (t) => {
      const req = makeFakeRequest()
      const error = new Error("from the handler")
      const koa = { req, res: new FakeResponse(), request: {}, originalUrl: "/path" }
      const handler = (_request, _env, ctx) => {
        t.strictEqual(ctx.koa, koa)
        throw error
      }
      t.strictEqual(await rejectionOf(nodeHandler(handler)(koa, () => {})), error)
    })

    test("makes a `Request`, and writes the `Response`", async (t) => {
      await serve(nodeHandler(echo), async (port) => {
        const { status, headers, body } = await ask(port, {
          path: "/a%20b?c=d&c=e",
          body: "h\u00e9llo",
          headers: { "Content-Type": "text/plain", "X-Twice": ["one", "two"], cookie: "a=1; b=2" },
        })
        const { headers: received, ...rest } = parse(body)
        t.strictEqual(status, 200)
        t.true(headers["content-type"].startsWith("application/json"))
        t.deepEqual(rest, {
          method: "POST",
          url: `http://127.0.0.1:${port}/a%20b?c=d&c=e`,
          body: "h\u00e9llo",
          isParsed: false,
          isEnvironment: true,
          members: ["req", "res", "waitUntil"],
        })
        t.deepEqual(pick(received, "content-type", "x-twice", "cookie", "content-length"), {
          "content-type": "text/plain",
          "x-twice": "one, two",
          cookie: "a=1; b=2",
          "content-length": "6",
        })
      })
    })

    test("takes every method that `Request` takes, with or without a body", async (t) => {
      await serve(nodeHandler(echo), async (port) => {
        for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
          const found = parse((await ask(port, { method })).body)
          t.deepEqual(pick(found, "method", "body"), { method, body: "" })
        }
        for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
          const found = parse((await ask(port, { method, body: "body" })).body)
          t.deepEqual(pick(found, "method", "body"), { method, body: "body" })
        }
      })
    })

    test("takes Express's original URL and what Express passes on", async (t) => {
      const listener = nodeHandler((request, _env, ctx) => Response.json([request.url, ctx.req.user]))
      const express = (req, res) => {
        Object.assign(req, { originalUrl: `/mounted${req.url}`, user: "ada" })
        return listener(req, res, () => {})
      }
      await serve(express, async (port) => {
        t.deepEqual(parse((await ask(port, { path: "/auth" })).body), [`http://127.0.0.1:${port}/mounted/auth`, "ada"])
      })
    })

    test("takes `localhost` for a host that is missing or empty", async (t) => {
      for (const headers of [{}, { host: "" }]) {
        let found
        await nodeHandler((request) => {
          found = request.url
          return new Response()
        })(makeFakeRequest({ headers }), new FakeResponse())
        t.strictEqual(found, "http://localhost/path")
      }
    })

    const targets = {
      "//evil.test/path": "http://a.test//evil.test/path",
      "http://b.test/path?a": "http://b.test/path?a",
      "/a/../b?c#d": "http://a.test/b?c#d",
    }
    for (const [target, url] of Object.entries(targets)) {
      test(`makes a URL of the target ${target}`, async (t) => {
        let found
        await nodeHandler((request) => {
          found = request.url
          return new Response()
        })(makeFakeRequest({ url: target }), new FakeResponse())
        t.strictEqual(found, url)
      })
    }

    test("answers 400 to a host that no URL can have, and to a target that is not of HTTP, without the handler", async (t) => {
      let count = 0
      const handler = () => {
        count++
        return new Response()
      }
      for (const members of [
        { headers: { host: "a.test/admin?" } },
        { headers: { host: "user@a.test" } },
        { headers: { host: "a.test#" } },
        { headers: { host: "a b" } },
        { headers: { host: "a\tb" } },
        { url: "file:///etc/passwd" },
        { url: "ftp://b.test/" },
      ]) {
        const res = new FakeResponse()
        await nodeHandler(handler)(makeFakeRequest(members), res, (error) => t.strictEqual(error, undefined))
        t.deepEqual([res.statusCode, res.chunks], [400, ["Bad Request"]], JSON.stringify(members))
      }
      t.strictEqual(count, 0)
    })

    test("answers 400 to a method that the host's `Request` refuses", async (t) => {
      const isRefused = (() => {
        try {
          return new Request("http://a.test", { method: "TRACE" }).method !== "TRACE"
        } catch {
          return true
        }
      })()
      const res = new FakeResponse()
      await nodeHandler((request) => new Response(request.method))(makeFakeRequest({ method: "TRACE" }), res)
      t.deepEqual([res.statusCode, res.chunks], isRefused ? [400, ["Bad Request"]] : [200, ["TRACE"]])
    })

    test("reads nothing of a body before the handler does", async (t) => {
      const listener = nodeHandler(async (request, _env, { req }) => {
        // The body has come, whether somebody has read it or not.
        while (req.readableLength === 0 && !req.readableDidRead) await new Promise((resolve) => setTimeout(resolve))
        const before = req.readableDidRead
        const text = await request.text()
        return Response.json([before, text.length])
      })
      await serve(listener, async (port) => {
        t.deepEqual(parse((await ask(port, { body: "x".repeat(1000) })).body), [false, 1000])
      })
    })

    test("passes on a large body, byte for byte", async (t) => {
      const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7) % 251)
      const listener = nodeHandler(async (request) => new Response(request.body))
      await serve(listener, async (port) => {
        const { body } = await ask(port, { body: bytes })
        t.strictEqual(body.length, bytes.length)
        t.true(body.every((byte, at) => byte === bytes[at]))
      })
    })

    /** Reads a body up to a limit, as a handler does that answers 413. */
    const readAtMost = async (request, limit) => {
      const reader = request.body.getReader()
      let length = 0
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return length
        length += value.length
        if (length <= limit) continue
        await reader.cancel()
        return undefined
      }
    }
    const refusals = {
      "reads a part of": async (request) => ((await readAtMost(request, 65_536)) === undefined ? 413 : 200),
      "reads nothing of": () => 403,
    }

    for (const [what, decide] of Object.entries(refusals)) {
      test(`answers, and closes the connection, where the handler ${what} an endless body`, async (t) => {
        const listener = nodeHandler(async (request) => new Response("no", { status: await decide(request) }))
        await serve(listener, async (port) => {
          const socket = net.connect(port, "127.0.0.1")
          const closed = makeGate()
          let answer = ""
          let isOpen = true
          socket.on("data", (chunk) => {
            answer += decode(chunk)
          })
          // The server need not read what it does not want.
          socket.on("error", () => {})
          socket.on("close", () => {
            isOpen = false
            closed.open()
          })
          const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`
          const write = () => {
            while (isOpen && socket.write(chunk));
          }
          socket.on("drain", write)
          socket.write("POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n")
          write()
          await closed.opened
          t.strictEqual(answer.slice(0, 12), `HTTP/1.1 ${what === "reads nothing of" ? 403 : 413}`)
        })
      })

      test(`keeps the connection usable where the handler ${what} a body`, async (t) => {
        const listener = nodeHandler(async (request, _env, { req }) =>
          request.method === "POST"
            ? new Response("no", { status: await decide(request) })
            : Response.json(req.socket.remotePort),
        )
        await serve(listener, async (port) => {
          const body = "x".repeat(400_000)
          const head = `POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${body.length}\r\n\r\n`
          const next = "GET /next HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"
          const answers = await askRaw(port, head + body + next)
          t.deepEqual(answers.match(/HTTP\/1\.1 \d+/g), [
            `HTTP/1.1 ${what === "reads nothing of" ? 403 : 413}`,
            "HTTP/1.1 200",
          ])
        })
      })
    }

    test("aborts `request.signal` when the client goes away", async (t) => {
      const aborted = makeGate()
      const started = makeGate()
      const listener = nodeHandler(async (request) => {
        request.signal.addEventListener("abort", () => aborted.open(request.signal.reason.name))
        started.open()
        await aborted.opened
        return new Response("too late")
      })
      await serve(listener, async (port) => {
        const socket = net.connect(port, "127.0.0.1")
        socket.on("error", () => {})
        socket.write("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
        await started.opened
        socket.destroy()
        t.strictEqual(await aborted.opened, "AbortError")
      })
    })

    test("fails to read the body of a client that goes away, and logs nothing", async (t) => {
      await withErrors(async (errors) => {
        const started = makeGate()
        const failed = makeGate()
        const handled = makeGate()
        const listener = nodeHandler(async (request) => {
          started.open()
          await request.text().catch((error) => {
            failed.open(request.signal.aborted)
            throw error
          })
          return new Response()
        })
        await serve(
          (req, res) => listener(req, res).then(handled.open, handled.open),
          async (port) => {
            const socket = net.connect(port, "127.0.0.1")
            socket.on("error", () => {})
            socket.write("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\nhalf")
            await started.opened
            socket.destroy()
            t.true(await failed.opened)
            t.strictEqual(await handled.opened, undefined)
            t.deepEqual(errors, [])
          },
        )
      })
    })

    test("does not abort `request.signal` once the response has been written", async (t) => {
      const signals = []
      const closed = makeGate()
      const listener = nodeHandler((request) => {
        signals.push(request.signal)
        return new Response("done")
      })
      const watch = (req, res) => {
        res.on("close", () => setTimeout(closed.open))
        return listener(req, res)
      }
      await serve(watch, async (port) => {
        await ask(port)
        await closed.opened
        t.deepEqual(
          signals.map(({ aborted }) => aborted),
          [false],
        )
      })
    })

    test("writes status, headers, several cookies and bytes", async (t) => {
      const bytes = Uint8Array.from({ length: 256 }, (_, at) => at)
      const headers = [
        ["x-a", "1"],
        ["vary", "a"],
        ["vary", "b"],
        ["set-cookie", "a=1; Path=/"],
        ["set-cookie", "b=2"],
      ]
      await serve(
        nodeHandler(() => new Response(bytes, { status: 418, headers })),
        async (port) => {
          const { status, headers, body } = await ask(port)
          t.deepEqual(pick(headers, "x-a", "vary", "set-cookie"), {
            "x-a": "1",
            vary: "a, b",
            "set-cookie": ["a=1; Path=/", "b=2"],
          })
          t.deepEqual([status, [...body]], [418, [...bytes]])
        },
      )
    })

    test("writes no body to HEAD, nor with a status that has none", async (t) => {
      const cancelled = makeGate()
      const listener = nodeHandler((request) => {
        if (request.method !== "HEAD") return new Response(null, { status: 204 })
        const body = new ReadableStream({ cancel: cancelled.open })
        return new Response(body, { headers: { "content-length": "5", "x-a": "1" } })
      })
      await serve(listener, async (port) => {
        const head = await ask(port, { method: "HEAD" })
        t.deepEqual(pick(head.headers, "content-length", "x-a"), { "content-length": "5", "x-a": "1" })
        t.deepEqual([head.status, head.body.length], [200, 0])
        await cancelled.opened
        const none = await ask(port)
        t.deepEqual([none.status, none.body.length], [204, 0])
      })
    })

    test("writes each chunk as it comes, and the headers before the first", async (t) => {
      const sources = []
      const body = () => new ReadableStream({ start: (controller) => sources.push(controller) })
      await serve(
        nodeHandler(() => new Response(body())),
        (port) =>
          new Promise((resolve, reject) => {
            http
              .get({ host: "127.0.0.1", port, agent: false }, (response) => {
                const received = []
                response.on("data", (chunk) => {
                  received.push(decode(chunk))
                  if (received.join("") === "one") sources[0].enqueue(new TextEncoder().encode("two"))
                  else sources[0].close()
                })
                response.on("end", () => {
                  t.strictEqual(received.join(""), "onetwo")
                  resolve()
                })
                sources[0].enqueue(new TextEncoder().encode("one"))
              })
              .on("error", reject)
          }),
      )
    })

    test("breaks off a response whose body fails, so that it does not look whole", async (t) => {
      await withErrors(async (errors) => {
        const error = new Error("from the body")
        const body = () =>
          new ReadableStream({
            pull(controller) {
              if (controller.desiredSize < 1) return
              controller.enqueue(new TextEncoder().encode("half"))
              setTimeout(() => controller.error(error))
            },
          })
        await serve(
          nodeHandler(() => new Response(body())),
          async (port) => {
            const answer = await askRaw(port, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
            t.false(answer.endsWith("0\r\n\r\n"), answer)
            t.deepEqual(errors, [error])
          },
        )
      })
    })

    test("answers 500 without details where nobody else does, and logs the error", async (t) => {
      const error = new Error("secret")
      for (const handler of [
        () => {
          throw error
        },
        () => Promise.reject(error),
      ]) {
        await withErrors((errors) =>
          serve(nodeHandler(handler), async (port) => {
            const { status, body } = await ask(port)
            t.deepEqual([status, decode(body), errors], [500, "Internal Server Error", [error]])
          }),
        )
      }
    })

    test("takes what a parser has made of the body, and reads what it left alone", async (t) => {
      const listener = nodeHandler(echo)
      /** A parser for JSON that leaves an empty object otherwise, as older ones of Express do. */
      const express = async (req, res) => {
        req.body = {}
        if (req.headers["content-type"] === "application/json") {
          const chunks = []
          for await (const chunk of req) chunks.push(...chunk)
          req.body = parse(Uint8Array.from(chunks))
        }
        await listener(req, res, (error) => t.strictEqual(error, undefined))
      }
      await serve(express, async (port) => {
        const send = async (type, body) =>
          pick(parse((await ask(port, { body, headers: { "content-type": type } })).body), "body", "isParsed")
        t.deepEqual(await send("application/json", '{ "a": 1 }'), { body: '{"a":1}', isParsed: true })
        t.deepEqual(await send("application/json", "{}"), { body: "{}", isParsed: true })
        t.deepEqual(await send("text/plain", "a=1"), { body: "a=1", isParsed: false })
        t.deepEqual(parse((await ask(port, { method: "POST" })).body).isParsed, false)
      })
    })
  })

  module("lambdaHandler", () => {
    const version1 = (members) => ({
      resource: "/{proxy+}",
      httpMethod: "GET",
      path: "/path",
      headers: { Host: "api.test", "X-Forwarded-Proto": "https" },
      multiValueHeaders: { Host: ["api.test"], "X-Forwarded-Proto": ["https"] },
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      requestContext: { stage: "prod", httpMethod: "GET" },
      body: null,
      isBase64Encoded: false,
      ...members,
    })
    const version2 = ({ method = "GET", ...members } = {}) => ({
      version: "2.0",
      rawPath: "/path",
      rawQueryString: "",
      headers: { host: "api.test", "x-forwarded-proto": "https" },
      requestContext: { http: { method, path: "/path" } },
      isBase64Encoded: false,
      ...members,
    })
    const forms = {
      "API Gateway's REST API": ({ method = "GET", ...members } = {}) => version1({ httpMethod: method, ...members }),
      "API Gateway's HTTP API and function URLs": version2,
    }
    const base64 = (bytes) => btoa(String.fromCharCode(...bytes))

    for (const [form, makeEvent] of Object.entries(forms)) {
      test(`makes a Request of an event of ${form}`, async (t) => {
        const context = { awsRequestId: "1" }
        const event = makeEvent({ method: "POST", body: "h\u00e9llo" })
        let found
        const result = await lambdaHandler(async (request, env, ctx) => {
          t.strictEqual(env, globalThis.process.env)
          t.strictEqual(ctx.event, event)
          t.strictEqual(ctx.context, context)
          found = [request.method, request.url, await request.text()]
          return new Response('{"a":"\u00e9"}', {
            status: 201,
            headers: { "content-type": "application/json", "x-a": "1" },
          })
        })(event, context)
        t.deepEqual(found, ["POST", "https://api.test/path", "h\u00e9llo"])
        t.deepEqual(result, {
          statusCode: 201,
          headers: { "content-type": "application/json", "x-a": "1" },
          body: '{"a":"\u00e9"}',
          isBase64Encoded: false,
        })
      })

      test(`carries bytes as base64 in both directions, with ${form}`, async (t) => {
        const bytes = Uint8Array.from({ length: 256 }, (_, at) => at)
        const result = await lambdaHandler(async (request) => new Response(await request.arrayBuffer()))(
          makeEvent({ method: "POST", body: base64(bytes), isBase64Encoded: true }),
        )
        t.deepEqual(pick(result, "body", "isBase64Encoded"), { body: base64(bytes), isBase64Encoded: true })
        const text = await lambdaHandler(async (request) => new Response(await request.text()))(
          makeEvent({
            method: "POST",
            body: base64(new TextEncoder().encode("\ufeffh\u00e9llo")),
            isBase64Encoded: true,
          }),
        )
        t.deepEqual(pick(text, "body", "isBase64Encoded"), { body: "h\u00e9llo", isBase64Encoded: false })
        const marked = await lambdaHandler(() => new Response(new TextEncoder().encode("\ufefftext")))(makeEvent())
        t.deepEqual(pick(marked, "body", "isBase64Encoded"), { body: "\ufefftext", isBase64Encoded: false })
      })

      test(`has no body for HEAD, with ${form}`, async (t) => {
        const result = await lambdaHandler(
          (request) => new Response("body", { headers: { "x-method": request.method, "content-length": "4" } }),
        )(makeEvent({ method: "HEAD" }))
        t.deepEqual(pick(result, "statusCode", "body"), { statusCode: 200, body: "" })
        t.deepEqual(pick(result.headers, "x-method", "content-length"), { "x-method": "HEAD", "content-length": "4" })
      })

      test(`answers 500 without details where the handler fails, and logs the error, with ${form}`, async (t) => {
        const error = new Error("secret")
        for (const handler of [
          () => {
            throw error
          },
          () => Promise.reject(error),
        ]) {
          await withErrors(async (errors) => {
            const result = await lambdaHandler(handler)(makeEvent())
            t.deepEqual(pick(result, "statusCode", "body"), { statusCode: 500, body: "Internal Server Error" })
            t.deepEqual(errors, [error])
          })
        }
        await withErrors(async (errors) => {
          t.strictEqual((await lambdaHandler(() => "secret")(makeEvent())).statusCode, 500)
          assertInvalid(t, errors[0], "handler", "The handler must return a Response, not a string")
        })
      })

      test(`waits for what \`waitUntil\` got, with ${form}`, async (t) => {
        await withErrors(async (errors) => {
          const done = []
          const error = new Error("late")
          await lambdaHandler((_request, _env, ctx) => {
            ctx.waitUntil(
              new Promise((resolve) => setTimeout(resolve)).then(() => {
                done.push("first")
                ctx.waitUntil(new Promise((resolve) => setTimeout(resolve)).then(() => done.push("second")))
              }),
            )
            ctx.waitUntil(Promise.reject(error))
            return new Response()
          })(makeEvent())
          t.deepEqual([done, errors], [["first", "second"], [error]])
        })
      })

      test(`leaves out a header that \`Headers\` refuses, with ${form}`, async (t) => {
        const headers = { host: "api.test", "x-name": "\u{1f600}", "x-a": "1" }
        const result = await lambdaHandler((request) => Response.json(Object.fromEntries(request.headers)))(
          makeEvent({ headers, multiValueHeaders: null }),
        )
        t.deepEqual(JSON.parse(result.body), { host: "api.test", "x-a": "1" })
      })

      test(`answers 400 to a host with a path, with ${form}`, async (t) => {
        const result = await lambdaHandler(() => new Response("never"))(
          makeEvent({ headers: { host: "a.test/admin?" }, multiValueHeaders: undefined }),
        )
        t.deepEqual(pick(result, "statusCode", "body"), { statusCode: 400, body: "Bad Request" })
      })
    }

    const cookies = [
      ["set-cookie", "a=1; Path=/"],
      ["set-cookie", "b=2"],
    ]
    test("takes all values of headers and queries, and answers with all cookies, with API Gateway's REST API", async (t) => {
      let found
      const result = await lambdaHandler((request) => {
        found = [request.url, request.headers.get("x-twice")]
        return new Response(null, { status: 204, headers: cookies })
      })(
        version1({
          path: "/a?b#c",
          queryStringParameters: { q: "2", "a b": "&=" },
          multiValueQueryStringParameters: { q: ["1", "2"], "a b": ["&="] },
          headers: { "X-Twice": "two" },
          multiValueHeaders: { Host: ["api.test"], "X-Twice": ["one", "two"] },
        }),
      )
      t.deepEqual(found, ["https://api.test/a%3Fb%23c?q=1&q=2&a+b=%26%3D", "one, two"])
      t.deepEqual(result, {
        statusCode: 204,
        headers: {},
        multiValueHeaders: { "set-cookie": ["a=1; Path=/", "b=2"] },
        body: "",
        isBase64Encoded: false,
      })
      await lambdaHandler((request) => {
        found = [request.url, request.headers.get("x-once")]
        return new Response()
      })({ httpMethod: "GET", path: "/", headers: { "X-Once": "1" }, queryStringParameters: { q: "2" } })
      t.deepEqual(found, ["https://localhost/?q=2", "1"], "an event with single values only")
    })

    test("takes cookies in any form that JSON has", async (t) => {
      for (const [cookies, expected] of [
        ["a=1", "a=1"],
        [{ length: 1 }, "[object Object]"],
        [1, "1"],
        [["a=\n1"], null],
        [[], null],
      ]) {
        let received
        await lambdaHandler((request) => {
          received = request.headers.get("cookie")
          return new Response()
        })(version2({ cookies }))
        t.strictEqual(received, expected, JSON.stringify(cookies))
      }
    })

    test("takes query and cookies, and answers with all cookies, with API Gateway's HTTP API and function URLs", async (t) => {
      let found
      const result = await lambdaHandler((request) => {
        found = [request.url, request.headers.get("cookie")]
        return new Response(null, { headers: cookies })
      })(version2({ rawQueryString: "q=1&q=%26", cookies: ["a=1", "b=2"], headers: { "x-forwarded-proto": "http" } }))
      t.deepEqual(found, ["http://localhost/path?q=1&q=%26", "a=1; b=2"])
      t.deepEqual(result, {
        statusCode: 200,
        headers: {},
        cookies: ["a=1; Path=/", "b=2"],
        body: "",
        isBase64Encoded: false,
      })
    })

    test("rejects other events, and names no values", async (t) => {
      const expected = "lambdaHandler takes events of API Gateway and of function URLs, not"
      for (const [event, what] of [
        [undefined, "undefined"],
        [null, "null"],
        ["secret", "a string"],
        [{}, "an object"],
        [{ Records: [{ body: "secret" }] }, "an object with Records"],
        [{ httpMethod: "GET", secret: 1 }, "an object with httpMethod, secret"],
        [{ rawPath: "/", requestContext: {} }, "an object with rawPath, requestContext"],
      ])
        assertInvalid(t, await rejectionOf(lambdaHandler(echo)(event)), "event", `${expected} ${what}`)
    })
  })
}
