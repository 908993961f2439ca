import { ApiError } from "./api-error.mjs"
import { applyFault } from "./faults.mjs"
import { findRoute } from "./routes.mjs"

/**
 * One API request and its answer.
 *
 * @typedef {object} RecordedRequest
 * @property {string} method
 * @property {string} path as it stood on the wire, without path prefix and query
 * @property {string} query the raw query string
 * @property {Record<string, string>} params the query, decoded
 * @property {Record<string, string | string[]>} headers
 * @property {string} body
 * @property {{ status: number, body: string }} [response] missing when a fault took its place
 * @property {boolean} isTaken whether it has been handled: neither refused, nor replaced by a fault, nor answered from memory
 * @property {boolean} isOpen whether the client may still wait for its answer
 */

/**
 * A path prefix below which requests are answered with certain manners.
 *
 * @typedef {object} Place
 * @property {string} prefix
 * @property {boolean} signsPrefix whether signatures cover it
 * @property {import("./manners/index.mjs").Manners} manners
 * @property {import("./limits.mjs").Limits} limits
 */

/** Answers API requests in this order: record, fault, app, signature, route. */
export class HttpApi {
  /** @type {RecordedRequest[]} */
  requests = []

  #context

  /**
   * @param {{ apps: import("./app.mjs").App[], now: () => number,
   *   faults: import("./faults.mjs").Faults, scheduler: import("./scheduler.mjs").Scheduler,
   *   log: (line: string) => void }} context
   */
  constructor(context) {
    this.#context = context
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   * @param {string} url as it stood on the wire, path prefix removed
   * @param {Place} place
   */
  async handle(request, response, url, place) {
    const { faults, scheduler, log } = this.#context
    const body = await readBody(request, place.limits.requestBodyBytes)
    if (body === undefined) return
    const recorded = record(request, url, body.bytes)
    response.once("close", () => {
      recorded.isOpen = false
    })
    this.requests.push(recorded)
    const fault = await faults.find(recorded)
    const taken = fault?.takesRequest && this.#answer(recorded, body, place)
    if (fault && (await applyFault(fault, response, scheduler))) {
      log(`${recorded.method} ${recorded.path}: fault`)
      return
    }
    const { status, type, body: text } = taken || this.#answer(recorded, body, place)
    recorded.response = { status, body: text }
    this.#send(response, status, type, text)
    log(`${recorded.method} ${recorded.path}: ${recorded.response.status}`)
  }

  /** @param {Place} place @returns {{ status: number, type: string, body: string }} */
  #answer(recorded, { bytes, tooLarge }, { prefix, signsPrefix, manners, limits }) {
    const { method, path, query, headers } = recorded
    try {
      if (tooLarge) throw new ApiError(413, `The request body is over ${limits.requestBodyBytes} bytes`)
      const signedPath = signsPrefix ? `${prefix}${path}` : path
      const request = { method, path: signedPath, params: [...new URLSearchParams(query)], headers, body: bytes }
      manners.checkRequest?.(request)
      const { appId, segment, handle } = findRoute(method, path, manners)
      const app = this.#context.apps.find(({ id }) => id === appId)
      if (!app) throw new ApiError(404, `Unknown app id: ${JSON.stringify(appId)}`)
      if (!app.enabled) throw new ApiError(403, "The app is disabled")
      const call = {
        app,
        segment,
        query: manners.authenticate(app, request, { now: this.#context.now, limits }),
        body: parseJson(bytes),
        manners,
        limits,
        maxEventBytes: app.maxEventBytes ?? limits.eventBytes,
      }
      const answer = app.answers.once(getIdempotencyKey(app, method, path, headers), () => {
        const result = handle(call)
        recorded.isTaken = true
        return result
      })
      return { status: 200, type: "application/json", body: JSON.stringify(answer) }
    } catch (error) {
      const isRefusal = error instanceof ApiError
      if (!isRefusal) this.#context.log(`internal error: ${error.stack}`)
      const refusal = isRefusal ? error : new ApiError(500, "Internal error")
      return { status: refusal.status, ...manners.formatError(refusal) }
    }
  }

  #send(response, status, type, body) {
    response.writeHead(status, {
      "content-type": type,
      "content-length": Buffer.byteLength(body),
      // The injected clock, also where a client reads it from the header.
      date: new Date(this.#context.now()).toUTCString(),
    })
    response.end(body)
  }
}

/** Returns the key by which repeated publishing calls are recognised; undefined for calls without one. */
function getIdempotencyKey(app, method, path, headers) {
  const key = headers["x-idempotency-key"]
  return app.idempotency && method === "POST" && key !== undefined ? `${path} ${key}` : undefined
}

function record(request, url, bytes) {
  const mark = url.indexOf("?")
  const query = mark < 0 ? "" : url.slice(mark + 1)
  return {
    method: request.method,
    path: mark < 0 ? url : url.slice(0, mark),
    query,
    params: Object.fromEntries(new URLSearchParams(query)),
    headers: request.headers,
    body: bytes.toString(),
    isTaken: false,
    isOpen: true,
  }
}

/** Reads to the end even if the body is too large, so that the client can read the refusal. */
async function readBody(request, maxBytes) {
  const chunks = []
  let length = 0
  try {
    for await (const chunk of request) {
      length += chunk.length
      if (length <= maxBytes) chunks.push(chunk)
    }
  } catch {
    return undefined // The client went away.
  }
  return { bytes: Buffer.concat(chunks), tooLarge: length > maxBytes }
}

function parseJson(bytes) {
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch {
    throw new ApiError(400, "The body is not JSON in UTF-8")
  }
}
