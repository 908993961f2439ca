// The body of a Node request, as a `Request` takes it.
import { PARSED } from "../handlers/parsed.js"
import { getOption } from "../values.js"

/** How many bytes that the handler did not read are discarded, so that the connection stays usable. Above it, the connection is closed. */
const MAX_DISCARDED = 1_000_000

const isStream = (value) => typeof value?.pipe === "function"

/**
 * Returns the bytes of a body that a parser kept as text or as bytes; `undefined` for anything else.
 * @returns {any}
 */
const encode = (value) => {
  if (typeof value === "string") return new TextEncoder().encode(value)
  return ArrayBuffer.isView(value) ? value : undefined
}

/** Tells whether a request has a body that `Request` accepts. */
const hasBody = ({ method, headers, httpVersionMajor }) => {
  if (method === "GET" || method === "HEAD" || headers["content-length"] === "0") return false
  return httpVersionMajor > 1 || "content-length" in headers || "transfer-encoding" in headers
}

/**
 * Reads a Node stream on demand: one chunk for each one that is asked for. It ends once the response has been sent; what has not been read by
 * then is discarded. `abort` is called when the client goes away, and returns the reason.
 */
const streamBody = (source, req, res, abort) => {
  let isOver = false
  let discarded = 0
  return new ReadableStream(
    {
      start(controller) {
        const end = (settle) => {
          if (!isOver) settle()
          isOver = true
        }
        const fail = (error) => end(() => controller.error(error))
        source.pause()
        // Reads nothing, but tells Node that somebody will. Otherwise it discards an unread body itself, without a limit.
        source.read(0)
        source.on("data", (chunk) => {
          if (!isOver) {
            source.pause()
            return controller.enqueue(chunk)
          }
          discarded += chunk.length
          if (discarded > MAX_DISCARDED) req.destroy()
        })
        // HTTP/2 also ends a body that the client breaks off.
        source.on("end", () => (req.aborted ? fail(abort()) : end(() => controller.close())))
        source.on("error", (error) => fail(source === req ? abort() : error))
        source.on("close", () => end(() => controller.error(abort())))
        res.on("finish", () => {
          // HTTP/2 also says so when the client goes away.
          if (!res.writableEnded) return
          fail(new Error("The response has been sent"))
          source.resume()
        })
      },
      pull() {
        source.resume()
      },
      cancel() {
        isOver = true
      },
    },
    // Nothing is read before the handler does.
    { highWaterMark: 0 },
  )
}

/**
 * Finds the body of a request. `holder` is where parsers put what they read, as `body` and `rawBody`. Adapts `headers` to what they changed.
 * @returns {{ body?: any, isParsed?: boolean }}
 */
export const readBody = (req, res, holder, headers, abort) => {
  if (!hasBody(req)) return {}
  const parsed = getOption(holder, "body")
  const kept = encode(getOption(holder, "rawBody") ?? parsed)
  const wasRead = req.readableDidRead || req.readableEnded
  if (isStream(parsed)) return { body: streamBody(parsed, req, res, abort) }
  // Some parsers leave an empty object where they have not read the body.
  if (!kept && !wasRead) return { body: streamBody(req, req, res, abort) }
  if (!kept && parsed === undefined)
    throw new Error("The request's body was read before nodeHandler was called, and is not in `body` or `rawBody`")
  const body = kept ?? new TextEncoder().encode(JSON.stringify(parsed))
  if (!kept) headers.set("content-type", "application/json")
  // Parsers also inflate.
  if (headers.get("content-length") !== String(body.byteLength)) {
    for (const name of ["content-length", "content-encoding", "transfer-encoding"]) headers.delete(name)
  }
  return { body, isParsed: !kept }
}

/** Marks a request whose body a parser has read. */
export const markParsed = (request) =>
  Object.defineProperty(request, PARSED, /** @type {any} */ ({ __proto__: null, value: true }))
