import assert from "node:assert/strict"
import { request as httpRequest } from "node:http"
import { test } from "node:test"

import { pick } from "../../support/assertions.mjs"
import { connectSubscriber, makeManualSchedule, once, sendSigned, serve, subscribe } from "./support.mjs"

const CHANNELS = "/apps/app-id/channels"
const ask = (server) => sendSigned(server, "GET", CHANNELS)

test("replaces the real answer until undone", async (t) => {
  const server = await serve(t)
  const undo = server.intercept(() => ({ status: 429, headers: { "retry-after": "1" }, body: "slow down" }))
  const { status, text, headers } = await ask(server)
  assert.deepEqual(
    { status, text, retryAfter: headers["retry-after"] },
    { status: 429, text: "slow down", retryAfter: "1" },
  )
  undo()
  assert.equal((await ask(server)).status, 200)
})

test("shows the interceptor each request and lets it pass some", async (t) => {
  const server = await serve(t)
  const intercepted = []
  server.intercept((request) => {
    intercepted.push(request)
    return intercepted.length === 1 ? { status: 503, body: { error: "busy" } } : undefined
  })
  const body = { name: "e", channels: ["a"], data: "1" }
  assert.deepEqual((await sendSigned(server, "POST", "/apps/app-id/events", { body })).json, { error: "busy" })
  assert.equal((await sendSigned(server, "POST", "/apps/app-id/events", { body })).status, 200)
  const [request] = intercepted
  assert.deepEqual(pick(request, "method", "path", "body"), {
    method: "POST",
    path: "/apps/app-id/events",
    body: JSON.stringify(body),
  })
  assert.equal(request.params.auth_key, "app-key")
  assert.match(request.headers.host, /^127\.0\.0\.1:/)
})

test("lets the first interceptor with an answer decide, even asynchronously", async (t) => {
  const server = await serve(t)
  server.intercept(() => undefined)
  server.intercept(async () => ({ status: 502 }))
  server.intercept(() => ({ status: 500 }))
  assert.equal((await ask(server)).status, 502)
})

test("delays its own answer or the real one", async (t) => {
  const { schedule, next } = makeManualSchedule()
  const server = await serve(t, { schedule })
  for (const [fault, status] of [
    [{ delayMs: 5, status: 500 }, 500],
    [{ delayMs: 5 }, 200],
  ]) {
    const undo = server.intercept(() => fault)
    const answer = ask(server)
    ;(await next(5)).fire()
    assert.equal((await answer).status, status)
    undo()
  }
})

test("resets the connection", async (t) => {
  const server = await serve(t)
  server.intercept(() => ({ reset: true }))
  await assert.rejects(ask(server), { code: "ECONNRESET" })
})

test("hangs without an answer until the client or the server ends", async (t) => {
  const server = await serve(t)
  const intercepted = new Promise((resolve) =>
    server.intercept((request) => {
      resolve(request)
      return { hang: true }
    }),
  )
  const answer = assert.rejects(ask(server), { code: "ECONNRESET" })
  await intercepted
  await server.close()
  await answer
})

test("hangs in the middle of the body", async (t) => {
  const server = await serve(t)
  server.intercept(() => ({ status: 200, body: "0123456789", hangBody: true }))
  const request = httpRequest({ host: server.host, port: server.port, path: CHANNELS, agent: false })
  const failed = new Promise((resolve) => request.on("error", resolve))
  request.end()
  const response = await new Promise((resolve) => request.on("response", resolve))
  const aborted = new Promise((resolve) => response.on("error", resolve))
  const chunk = await new Promise((resolve) => response.once("data", resolve))
  assert.deepEqual({ status: response.statusCode, chunk: chunk.toString() }, { status: 200, chunk: "01234" })
  await server.close()
  assert.equal((await Promise.race([aborted, failed])).code, "ECONNRESET")
})

test("cuts the connection in the middle of the body", async (t) => {
  const server = await serve(t)
  server.intercept(() => ({ resetBody: true, headers: { "content-length": 20 }, body: "{}" }))
  await assert.rejects(ask(server), { code: "ECONNRESET" })
})

test("handles the request before the fault, if `takesRequest` is set", async (t) => {
  const server = await serve(t)
  const channel = await subscribe(await connectSubscriber(t, server), "a")
  const received = []
  channel.bind("e", (data) => received.push(data))
  const post = (data, name = "e") =>
    sendSigned(server, "POST", "/apps/app-id/events", { body: { name, channels: ["a"], data } })
  for (const takesRequest of [false, true]) {
    const undo = server.intercept(() => ({ reset: true, takesRequest }))
    await assert.rejects(post(String(takesRequest)), { code: "ECONNRESET" })
    undo()
  }
  const undo = server.intercept(() => ({ status: 500, takesRequest: true }))
  assert.equal((await post("1")).status, 500)
  assert.equal((await post("1", "")).status, 500)
  undo()
  const last = once(channel, "last")
  await post("{}", "last")
  await last
  assert.deepEqual(received, [true, 1])
  assert.deepEqual(
    server.requests.map(({ isTaken }) => isTaken),
    [false, true, true, false, true],
  )
})

test("knows which requests still wait for an answer", async (t) => {
  const server = await serve(t)
  await ask(server)
  const intercepted = new Promise((resolve) =>
    server.intercept((request) => {
      resolve(request)
      return { hang: true }
    }),
  )
  const request = httpRequest({ host: server.host, port: server.port, path: CHANNELS, agent: false })
  request.on("error", () => {})
  request.end()
  const waiting = await intercepted
  assert.deepEqual(
    server.requests.map(({ isOpen }) => isOpen),
    [false, true],
  )
  request.destroy()
  while (waiting.isOpen) await new Promise((resolve) => setImmediate(resolve))
})

test("sends bytes, and what is no answer at all", async (t) => {
  const server = await serve(t)
  const undo = server.intercept(() => ({ status: 200, body: new TextEncoder().encode("bytes") }))
  assert.equal((await ask(server)).text, "bytes")
  undo()
  server.intercept(() => ({ raw: "HTTP/1.1 200 Fine\r\ncontent-length: 20\r\n\r\ntoo short" }))
  await assert.rejects(ask(server), { code: "ECONNRESET" })
})

test("sends an iterable until the client has enough of it", async (t) => {
  const server = await serve(t)
  const ended = new Promise((resolve) => {
    function* makeEndless() {
      try {
        for (;;) yield Buffer.alloc(65_536)
      } finally {
        resolve("ended")
      }
    }
    server.intercept(() => ({ status: 200, body: makeEndless() }))
  })
  const request = httpRequest({ host: server.host, port: server.port, path: CHANNELS, agent: false })
  request.on("error", () => {})
  request.end()
  const response = await new Promise((resolve) => request.on("response", resolve))
  response.on("error", () => {})
  await new Promise((resolve) => response.once("data", resolve))
  request.destroy()
  assert.equal(await ended, "ended")
})

test("shows what an interceptor throws", async (t) => {
  const server = await serve(t)
  server.intercept(() => {
    throw new Error("mistake in the test")
  })
  const { status, text } = await ask(server)
  assert.equal(status, 500)
  assert.match(text, /mistake in the test/)
})

test("records every request, with its answer unless a fault took its place", async (t) => {
  const server = await serve(t)
  await ask(server)
  server.intercept(() => ({ status: 500 }))
  await ask(server)
  assert.deepEqual(
    server.requests.map(({ response }) => response),
    [{ status: 200, body: '{"channels":{}}' }, undefined],
  )
})
