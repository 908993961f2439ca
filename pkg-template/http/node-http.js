// Requests over node:http and node:https, for those who pass an `http.Agent`.
import { tooLong } from "./failure.js"

/** The functions of node:zlib by the content coding of an answer that they decode. Older hosts have no zstd. */
const DECODERS = {
  __proto__: null,
  gzip: "createGunzip",
  "x-gzip": "createGunzip",
  deflate: "createInflate",
  "raw deflate": "createInflateRaw",
  br: "createBrotliDecompress",
  zstd: "createZstdDecompress",
}

/** Decodes an answer as `fetch` does. Passes the stream of its body on, or what is wrong with it. */
const decode = (message, builtin, fail, pass) => {
  message.on("error", fail)
  const coding = message.headers["content-encoding"]?.toLowerCase()
  if (!(coding in DECODERS)) return pass(message)
  message.once("readable", () => {
    const start = message.read()
    if (!start) return pass(message)
    message.unshift(start)
    // Some servers leave out zlib's header, whose first byte ends in an 8.
    const isRaw = coding === "deflate" && (start[0] & 15) !== 8
    const decoder = builtin("node:zlib")[DECODERS[isRaw ? "raw deflate" : coding]]?.()
    // On Deno there may be an error before the stream is read.
    decoder?.on("error", fail)
    pass(decoder ? builtin("node:stream").pipeline(message, decoder, () => {}) : message)
  })
}

/**
 * Makes a function of `fetch`'s shape that sends through node:http or node:https with an `http.Agent` (or a function of the URL that
 * gives one): for keep-alive and proxies. It reads at most `limit` bytes of an answer, and has, instead of a `signal`, a last parameter, which
 * is told how to end the request. Returns `undefined` on hosts without node:http.
 */
export const fetchWithAgent = (agent) => {
  // Not an import: there are hosts on which it would fail, and bundlers that would follow it.
  const builtin = globalThis.process?.getBuiltinModule
  const http = builtin?.("node:http")
  if (typeof http?.request !== "function") return undefined
  // All requests of a client go to one server.
  let server
  return (href, init, limit, tellStop) =>
    new Promise((resolve, reject) => {
      const { method, headers, body } = init
      if (!server) {
        const { protocol, hostname, port } = new URL(href)
        // node:http wants the address of an IPv6 host bare.
        server = { protocol, hostname: hostname.replace(/[[\]]/g, ""), port }
      }
      const { request } = server.protocol === "https:" ? builtin("node:https") : http
      const path = href.slice(href.indexOf("/", 8))
      const options = {
        ...server,
        path,
        method,
        headers: { "accept-encoding": "gzip, deflate, br", ...headers },
        agent: typeof agent === "function" ? agent(new URL(href)) : agent,
      }
      let answer
      const sent = request(options, (message) => {
        answer = message
        const pairs = []
        for (let at = 0; at < message.rawHeaders.length; at += 2) pairs.push(message.rawHeaders.slice(at, at + 2))
        decode(message, builtin, reject, (stream) => {
          const chunks = []
          let size = 0
          stream.on("data", (chunk) => {
            chunks.push(chunk)
            size += chunk.length
            if (size <= limit) return
            reject(tooLong(limit))
            stream.destroy()
            sent.destroy()
          })
          stream.on("end", () => {
            const body = globalThis.Buffer.concat(chunks)
            // As much of a `Response` as an exchange asks for: it makes the real one, once.
            resolve({
              // Not asked for what a `Response` has besides.
              __proto__: null,
              status: message.statusCode,
              statusText: message.statusMessage,
              headers: pairs,
              arrayBuffer: () => body,
              text: () => body.toString(),
            })
          })
        })
      })
      // Deno would send what fails on a used connection again by itself, even where the server has taken it.
      sent.on("socket", () => (sent.reusedSocket = false))
      sent.on("upgrade", (_message, socket) => {
        socket.destroy()
        reject(new Error("The server switched protocols (status 101)"))
      })
      // After a whole answer, the server may send more than it announced.
      sent.on("error", (error) => answer?.complete || reject(error))
      tellStop(() => sent.destroy())
      sent.end(body)
    })
}
