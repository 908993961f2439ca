// Compares how calls end: with an answer, a refusal, or no answer at all.
import assert from "node:assert/strict"
import { after, test } from "node:test"
import { gzipSync } from "node:zlib"

import fc from "fast-check"

import { pick } from "../support/assertions.mjs"
import { credentials, findUnusedPort, startStub } from "./stub.mjs"
import { Ours, settle, Theirs, testSameness } from "./support.mjs"
import { nearlyAlways } from "./values.mjs"

const { constant, constantFrom, integer, oneof, record, string } = fc

const stub = await startStub()
after(stub.close)

const NOW = 1353088179000
const makeClient = (Pusher, options) =>
  new Pusher({ ...credentials, ...stub.options, timeout: 10_000, retry: false, ...options })

const answers = record({
  status: oneof(
    constant(200),
    integer({ min: 200, max: 299 }).filter((status) => status !== 205),
    // `fetch` shows neither a 407, which is a proxy's, nor a 421, after which it tries again.
    nearlyAlways(
      integer({ min: 400, max: 599 }).filter((status) => status !== 407 && status !== 421),
      integer({ min: 300, max: 309 }).filter((status) => status !== 304),
    ),
  ),
  // If there is none, `pusher`'s HTTP client invents one.
  statusText: constantFrom("OK", "Of Course"),
  headers: record({
    "content-type": constantFrom("application/json", "text/plain; charset=utf-8"),
    "x-served-by": constantFrom("a", "b, c"),
  }),
  body: oneof(
    constant("{}"),
    string(),
    string({ unit: "binary" }).map((body) => body.replace(/^\ufeff/, "")),
    constant("x".repeat(100_000)),
    constantFrom(
      "Invalid signature: expected c17257e92037cd7de407ebc1ed174ceb7b2e518db127f44411b9ffc4f5b28cc5, got something else",
    ),
  ),
  zipped: fc.boolean(),
})

const inputs = record({
  method: constant("answer"),
  call: constantFrom("get", "post", "trigger"),
  args: fc.tuple(answers),
})

const run = async (Pusher, { call, args: [{ status, statusText, headers, body, zipped }] }) => {
  stub.answer = (request, response) => {
    if (request.url.startsWith("/elsewhere")) return response.end("redirected")
    const location = status >= 300 && status < 400 ? { location: "/elsewhere" } : {}
    const encoding = zipped ? { "content-encoding": "gzip" } : {}
    response.writeHead(status, statusText, { ...headers, ...location, ...encoding }).end(zipped ? gzipSync(body) : body)
  }
  const args = call === "trigger" ? ["a", "event", "x"] : [{ path: "/channels", ...(call === "post" && { body: {} }) }]
  const { value: response, ...outcome } = await settle(NOW, () => makeClient(Pusher)[call](...args))
  if (response === undefined) {
    const { rejected } = outcome
    assert.ok(rejected instanceof Pusher.RequestError && rejected instanceof Error)
    return { ...outcome, name: rejected.name, string: String(rejected), cause: rejected.error }
  }
  const own = Object.fromEntries(Object.keys(headers).map((name) => [name, response.headers.get(name)]))
  return {
    ...outcome,
    value: {
      status: response.status,
      statusText: response.statusText,
      ok: response.ok,
      own,
      text: await response.text(),
    },
  }
}

testSameness("answers", 800, inputs, run)

/** Returns what a call rejects with when there is no answer, and separately its cause, which depends on the host. */
const getRejection = async (Pusher, options, answer) => {
  stub.answer = answer
  const { rejected, thrown } = await settle(NOW, () => makeClient(Pusher, options).trigger("a", "event", "x"))
  assert.equal(thrown, undefined)
  assert.ok(rejected instanceof Pusher.RequestError)
  const facts = pick(rejected, "name", "message", "url", "status", "body")
  return { facts, cause: rejected.error }
}
const unanswered = {
  "a timeout": { options: { timeout: 30 }, answer: () => {} },
  "a connection that breaks": { answer: (request) => request.socket.destroy() },
  "an answer that is not HTTP": { answer: (request) => request.socket.end("what?\r\n\r\n") },
  "a host without a server": { refused: true },
  "a host that does not exist": { options: { host: "host.invalid", port: undefined } },
}
for (const [what, { options, answer, refused }] of Object.entries(unanswered)) {
  test(`rejects in the same words after ${what}`, async () => {
    const given = refused ? { ...options, port: await findUnusedPort() } : options
    const theirs = await getRejection(Theirs, given, answer)
    const ours = await getRejection(Ours, given, answer)
    assert.deepEqual(ours.facts, theirs.facts)
    assert.equal(ours.facts.message, "Request failed with an error")
    for (const { cause } of [theirs, ours]) assert.ok(cause instanceof Error || cause instanceof DOMException)
    if (what !== "a timeout") return
    assert.equal(theirs.cause.name, "AbortError")
    assert.equal(ours.cause.name, "AbortError")
  })
}
