import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib"

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

const signature = "0123456789abcdef".repeat(4)
const OK = "HTTP/1.1 200 OK\r\nconnection: close\r\n"
const faults = {
  hang: () => ({ hang: true }),
  hangBody: () => ({ hangBody: true }),
  reset: () => ({ reset: true }),
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

  bomb: () => encoded("gzip", gzipSync(Buffer.alloc(20_000_000, " "))),
  endless: () => ({ status: 200, body: makeEndless() }),
  endlessError: () => ({ status: 500, body: makeEndless() }),
  announced: () => ({ status: 200, headers: { "content-length": 2 ** 30 }, body: makeEndless() }),
  open: () => ({ status: 200, body: { endless } }),
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
 * Makes the embedded server misbehave for an event named `fault:…`, or a query for channels with that prefix. Pass it to `intercept`.
 */
export const chooseFault = (request) => {
  const { body, params } = request
  const [, name] = /"name":"fault:(\w+)"/.exec(body ?? "") ?? /^fault:(\w+)/.exec(params.filter_by_prefix ?? "") ?? []
  return faults[name]?.(request)
}
