import { ApiError } from "./api-error.js"
import { countBytes, decode } from "./bytes.js"
import { findRoute } from "./routes.js"

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
 * @property {import("./manners/index.js").Manners} manners
 * @property {import("./limits.js").Limits} limits
 */

/** Answers API requests in this order: record, fault, app, signature, route. */
export class HttpApi {
  /** @type {RecordedRequest[]} */
  requests = []

  #context

  /**
   * @param {{ apps: import("./app.js").App[], now: () => number, faults: import("./faults.js").Faults,
   *   log: (line: string) => void }} context
   */
  constructor(context) {
    this.#context = context
  }

  /**
   * Records a request, before anything is checked.
   *
   * @param {{ method: string, url: string, headers: Record<string, string | string[]>, body: Uint8Array }} request `url`: path and query as
   *   they stood on the wire, path prefix removed
   * @returns {RecordedRequest}
   */
  record({ method, url, headers, body }) {
    const mark = url.indexOf("?")
    const query = mark < 0 ? "" : url.slice(mark + 1)
    const recorded = {
      method,
      path: mark < 0 ? url : url.slice(0, mark),
      query,
      params: Object.fromEntries(new URLSearchParams(query)),
      headers,
      body: decode(body),
      isTaken: false,
      isOpen: true,
    }
    this.requests.push(recorded)
    return recorded
  }

  /**
   * Answers a recorded request.
   *
   * @param {RecordedRequest} recorded
   * @param {{ bytes: Uint8Array, tooLarge: boolean }} body
   * @param {Place} place
   * @param {(fault: import("./faults.js").Fault) => Promise<boolean>} applyFault resolves to whether the fault replaces the answer
   * @returns {Promise<{ status: number, headers: Record<string, string>, body: string } | undefined>} `undefined` if a fault took its place
   */
  async answer(recorded, body, place, applyFault) {
    const { faults, log, now } = this.#context
    const fault = await faults.find(recorded)
    const taken = fault?.takesRequest ? this.#answer(recorded, body, place) : undefined
    if (fault && (await applyFault(fault))) {
      log(`${recorded.method} ${recorded.path}: fault`)
      return undefined
    }
    const { status, type, body: text } = taken ?? this.#answer(recorded, body, place)
    recorded.response = { status, body: text }
    log(`${recorded.method} ${recorded.path}: ${status}`)
    const headers = {
      "content-type": type,
      "content-length": String(countBytes(text)),
      // The injected clock, also where a client reads it from the header.
      date: new Date(now()).toUTCString(),
    }
    return { status, headers, body: text }
  }

  /** @param {Place} place @returns {{ status: number, type: string, body: string }} */
  #answer(recorded, { bytes, tooLarge }, place) {
    const { prefix, signsPrefix, manners, limits } = place
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
      if (!isRefusal) this.#context.log(`internal error: ${/** @type {any} */ (error).stack}`)
      const refusal = isRefusal ? error : new ApiError(500, "Internal error")
      return { status: refusal.status, ...manners.formatError(refusal) }
    }
  }
}

/** Returns the key by which retried publishing calls are recognised; undefined for calls without one. */
function getIdempotencyKey(app, method, path, headers) {
  const key = headers["x-idempotency-key"]
  return app.idempotency && method === "POST" && key !== undefined ? `${path} ${key}` : undefined
}

function parseJson(bytes) {
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch {
    throw new ApiError(400, "The body is not JSON in UTF-8")
  }
}
