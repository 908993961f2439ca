import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib"

import { findFreePort } from "./ports.mjs"

const json = Buffer.from('{"channels":{"é":{}}}')
const encoded = (coding, body) => ({
  status: 200,
  headers: { "content-encoding": coding, "content-length": body.length },
  body,
})
/** A frame of one block that is not compressed: not every Node can make another. */
const zstd = Buffer.concat([
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, json.length, (json.length << 3) | 1, 0, 0]),
  json,
])

let bomb
/** Made once: it takes a tenth of a second. */
const makeBomb = () => {
  bomb ??= gzipSync(Buffer.alloc(20_000_000, " "))
  return bomb
}

/** How many endless answers are still being sent. */
let endless = 0
function* makeEndless() {
  endless++
  try {
    for (;;) yield Buffer.alloc(65_536, " ")
  } finally {
    endless--
  }
}

/** A gzip stream of blocks without content. It goes out slowly: there is no end to it. */
async function* makeEmptyBlocks() {
  yield Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
  const block = Buffer.from([0, 0, 0, 0xff, 0xff])
  for (;;) {
    yield Buffer.concat(Array.from({ length: 1000 }, () => block))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const signature = "0123456789abcdef".repeat(4)
const OK = "HTTP/1.1 200 OK\r\nconnection: close\r\n"
const HTML = { "content-type": "text/html" }
const clockRefusal = () =>
  `Timestamp expired: Given timestamp (2001-01-01T00:00:00Z) not within 600s of server time (${new Date().toISOString()})`

const faults = {
  hang: () => ({ hang: true }),
  hangBody: () => ({ hangBody: true }),
  reset: () => ({ reset: true }),
  close: () => ({ raw: "" }),
  resetBody: () => ({ resetBody: true, headers: { "content-length": 20 }, body: "{}" }),
  // After "connection: close", undici takes the end of the connection for that of the body.
  halfChunk: () => ({ raw: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n14\r\n{}" }),
  late: () => ({ delayMs: 1 }),

  // Browsers would keep it.
  moved: () => ({ status: 301, headers: { location: "/elsewhere", "cache-control": "no-store" }, body: "" }),
  clock: () => ({ status: 401, body: clockRefusal() }),
  timeout: () => ({ status: 408 }),
  large: () => ({ status: 413, body: "too large" }),
  quota: () => ({ status: 429 }),
  quotaNow: () => ({ status: 429, headers: { "retry-after": "0" } }),
  quotaLater: () => ({ status: 429, headers: { "retry-after": "3600" } }),
  failure: () => ({ status: 500, body: { error: "broken" } }),
  gateway: () => ({ status: 502, headers: HTML, body: "<html><h1>502 Bad Gateway</h1></html>" }),
  busy: () => ({ status: 503 }),
  busyNow: () => ({ status: 503, headers: { "retry-after": "0" } }),
  busyLater: () => ({ status: 503, headers: { "retry-after": "3600" } }),

  closedPort: async () => ({ status: 200, body: { port: await findFreePort() } }),
  report: ({ params }) => ({ status: 200, body: report(params.info) }),
  redirect: () => ({ status: 302, headers: { location: "/elsewhere" }, body: "" }),
  notModified: () => ({ status: 304, body: "" }),

  asked: ({ headers }) => ({ status: 200, body: { encoding: headers["accept-encoding"] } }),
  gzip: () => encoded("gzip", gzipSync(json)),
  xGzip: () => encoded("X-GZIP", gzipSync(json)),
  br: () => encoded("br", brotliCompressSync(json)),
  deflate: () => encoded("deflate", deflateSync(json)),
  rawDeflate: () => encoded("deflate", deflateRawSync(json)),
  zstd: () => encoded("zstd", zstd),
  unknownCoding: () => encoded("constructor", json),
  mark: () => ({ status: 200, body: `\ufeff${json}` }),
  truncated: () => encoded("gzip", gzipSync(json).subarray(0, -12)),
  broken: () => encoded("gzip", json),
  emptyGzip: () => ({ status: 204, headers: { "content-encoding": "gzip" } }),
  gzipError: () => ({ ...encoded("gzip", gzipSync(`no: ${signature}`)), status: 400 }),

  bomb: () => encoded("gzip", makeBomb()),
  endless: () => ({ status: 200, body: makeEndless() }),
  endlessError: () => ({ status: 500, body: makeEndless() }),
  announced: () => ({ status: 200, headers: { "content-length": 2 ** 30 }, body: makeEndless() }),
  open: () => ({ status: 200, body: { endless } }),
  // Which of the two counts is the host's to decide.
  bothLengths: () => ({
    raw: `HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n30d40\r\n${" ".repeat(200_000)}\r\n0\r\n\r\n`,
  }),
  deep: () => ({ status: 200, body: "[".repeat(1_000_000) }),
  emptyBlocks: () => ({ status: 200, headers: { "content-encoding": "gzip" }, body: makeEmptyBlocks() }),
  redirectAway: () => ({ status: 307, headers: { location: "http://127.0.0.1:1/apps/1/channels" }, body: "" }),
  longError: () => ({ status: 400, body: `${"words ".repeat(20_000)}${signature}` }),

  // Node's `fetch` takes no 100 that it did not ask for.
  continued: () => ({ raw: `HTTP/1.1 100 Continue\r\n\r\n${OK}content-length: 2\r\n\r\n{}` }),
  informed: () => ({ raw: `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}content-length: 2\r\n\r\n{}` }),
  trailers: () => ({
    raw: `${OK}trailer: x-checked\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nx-checked: 1\r\n\r\n`,
  }),
  tooShort: () => ({ raw: `${OK}content-length: 20\r\n\r\n{}` }),
  tooLong: () => ({ raw: `${OK}content-length: 2\r\n\r\n{}{}` }),
  upgraded: () => ({ raw: "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n" }),
  phrase: () => ({ raw: "HTTP/1.1 200 Tr\u00e8s bien \u2713\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}" }),
}

/**
 * The requests of each case of a test, by attempt, in the order in which they came. Requests of one attempt have the same time in their
 * signature: some hosts send a request again by themselves, where the connection broke.
 *
 * @type {Map<string, Map<string, import("../../pkg-template/testing/faults.js").InterceptedRequest[]>>}
 */
const cases = new Map()

/** Returns how many attempts of a case there were, how many the server took, how often a host sent one again, and what is still open. */
const report = (name) => {
  const attempts = [...(cases.get(name)?.values() ?? [])]
  const requests = attempts.flat()
  return {
    attempts: attempts.length,
    taken: attempts.filter((attempt) => attempt.some(({ isTaken }) => isTaken)).length,
    resent: requests.length - attempts.length,
    open: requests.filter(({ isOpen }) => isOpen).length,
  }
}

/** Adds a request to its case. Returns the number of its attempt, from 0. */
const addToCase = (name, request) => {
  const attempts = cases.get(name) ?? new Map()
  cases.set(name, attempts)
  const { auth_timestamp: time } = request.params
  attempts.set(time, [...(attempts.get(time) ?? []), request])
  return [...attempts.keys()].indexOf(time)
}

/** The names of all faults. */
export const faultNames = Object.keys(faults)

/** Makes a fault by its name. After `taken-`, the request is taken first. */
export const makeFault = (words, request) => {
  const [, taken, name] = /^(taken-)?(\w+)$/.exec(words ?? "") ?? []
  const fault = faults[name]?.(request)
  return fault && taken ? { ...fault, takesRequest: true } : fault
}

/**
 * Makes the embedded server misbehave for an event named `fault:…`, a query for channels with that prefix, or, whatever the call, by the header
 * `x-faults`: the name of a case, and a fault for each of its attempts in turn. Further attempts are answered as usual. A query with the prefix
 * `fault:report` tells what became of the case that its `info` names. Pass it to `intercept`.
 */
export const chooseFault = (request) => {
  const { body, params, headers } = request
  const [name, ...words] = headers["x-faults"]?.split(" ") ?? []
  if (name) return makeFault(words[addToCase(name, request)], request)
  const [, only] = /"name":"fault:(\w+)"/.exec(body ?? "") ?? /^fault:(\w+)/.exec(params.filter_by_prefix ?? "") ?? []
  return makeFault(only, request)
}
