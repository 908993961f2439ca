// Serves a fetch-style handler with node:http, Express, Fastify or Koa.
import { getOption } from "../values.js"
import { markParsed, readBody } from "./body.js"
import {
  argumentError,
  callHandler,
  checkHandler,
  makeBadRequest,
  makeHeaders,
  makeRequest,
  makeServerError,
} from "./handler.js"

/** Calls back for each header of a response, with all its cookies at once. */
const forEachHeader = ({ headers }, call) => {
  headers.forEach((value, name) => {
    if (name !== "set-cookie") call(name, value)
  })
  const cookies = headers.getSetCookie()
  if (cookies.length > 0) call("set-cookie", cookies)
}

/** Writes a response no faster than the client reads it. `signal` tells that the client is gone. */
const writeResponse = async (response, req, res, signal) => {
  // First: where this throws, another response is written.
  const reader = response.body?.getReader()
  try {
    res.statusCode = response.status
    forEachHeader(response, (name, value) => {
      // What middleware has set stays.
      const cookies = name === "set-cookie" && res.getHeader(name)
      res.setHeader(name, cookies ? [].concat(cookies, value) : value)
    })
  } catch (error) {
    reader?.cancel().catch(() => {})
    throw error
  }
  if (!reader) return void res.end()
  /** @type {(value?: any) => void} */
  let proceed = () => {}
  // What Node throws where nobody listens: a chunk came too late for the client.
  res.on("error", () => {})
  res.on("drain", () => proceed())
  res.on("close", () => {
    // Also ends a `read` that waits.
    reader.cancel().catch(() => {})
    proceed()
  })
  if (req.method === "HEAD" || signal.aborted) await reader.cancel()
  // The client should not have to wait for the first chunk.
  else res.flushHeaders()
  for (;;) {
    const { done, value } = await reader.read()
    if (done || signal.aborted) break
    if (res.write(value)) continue
    await new Promise((resolve) => {
      proceed = resolve
    })
  }
  res.end()
}

/** Where a server keeps what an adapter needs, told apart by shape. */
const readFastify = (request, reply) => ({
  req: request.raw,
  res: reply.raw,
  holder: request,
  url: request.originalUrl,
  members: { request, reply },
  // Through Fastify, so that its hooks run.
  write(response) {
    reply.code(response.status)
    forEachHeader(response, (name, value) => reply.header(name, value))
    return reply.send(response.body ?? undefined)
  },
})

const readKoa = (koa) => ({
  req: koa.req,
  res: koa.res,
  holder: koa.request,
  url: koa.originalUrl,
  members: { koa },
  // Through Koa, so that the middleware before it can go on. A body sets status and headers of its own.
  async write(response) {
    const { Readable } = globalThis.process.getBuiltinModule("node:stream")
    if (koa.method === "HEAD") await response.body?.cancel()
    koa.body = response.body && koa.method !== "HEAD" ? Readable.fromWeb(response.body) : ""
    koa.status = response.status
    koa.remove("content-type")
    koa.remove("content-length")
    forEachHeader(response, (name, value) =>
      koa.set(name, name === "set-cookie" ? [].concat(koa.response.get(name) || [], value) : value),
    )
  },
})

const readNode = (req, res, next, signal) => ({
  req,
  res,
  holder: req,
  url: getOption(req, "originalUrl") ?? req.url,
  members: {},
  write: (response) => writeResponse(response, req, res, signal),
  async fail(error) {
    // Half a response must not look like a whole one.
    if (res.headersSent) res.destroy()
    if (next) return next(error)
    console.error(error)
    if (!res.headersSent) await writeResponse(makeServerError(), req, res, signal)
  },
})

const readCall = (first, second, third, signal) => {
  if (getOption(first, "raw") && second?.raw) return readFastify(first, second)
  if (first?.req && first.res) return readKoa(first)
  if (first?.headers && second?.setHeader) return readNode(first, second, third, signal)
  throw argumentError("request", "nodeHandler's function takes what node:http, Express, Fastify or Koa pass", first)
}

/** Returns a request's headers. Node has joined repeated ones, except for cookies that are set. */
const readHeaders = ({ headers }) =>
  // Among those of HTTP/2 are some whose name begins with a colon, which are left out.
  makeHeaders(Object.entries(headers).flatMap(([name, value]) => [].concat(value).map((one) => [name, one])))

/** @type {typeof import("../types/node.js").nodeHandler} */
export const nodeHandler = (handler) => {
  checkHandler("nodeHandler", handler)
  return async (first, second, third) => {
    const controller = new AbortController()
    const { signal } = controller
    const { req, res, holder, url, members, write, fail } = readCall(first, second, third, signal)
    const abort = () => {
      controller.abort()
      return signal.reason
    }
    res.on("close", () => {
      if (!res.writableEnded || !res.writableFinished) abort()
    })
    if (res.destroyed) abort()
    /** @type {import("../types/node.js").NodeContext} */
    const ctx = {
      req,
      res,
      ...members,
      waitUntil(promise) {
        Promise.resolve(promise).catch((error) => console.error(error))
      },
    }
    try {
      const headers = readHeaders(req)
      const { body, isParsed } = readBody(req, res, holder, headers, abort)
      const protocol = getOption(req.socket, "encrypted") ? "https" : "http"
      const host = req.headers.host || req.headers[":authority"] || "localhost"
      const init = { method: req.method, headers, body, signal, duplex: "half" }
      const request = makeRequest(protocol, host, url, init)
      if (request && isParsed) markParsed(request)
      return await write(request ? await callHandler(handler, request, ctx) : makeBadRequest())
    } catch (error) {
      // Nobody is there for an answer, and nothing went wrong.
      if (signal.aborted && error === signal.reason) return
      if (!fail) throw error
      return await fail(error)
    }
  }
}
