import { pipeline, Readable } from "node:stream"

/**
 * An API request as an interceptor sees it, before anything is checked.
 *
 * @typedef {object} InterceptedRequest
 * @property {string} method
 * @property {string} path as it stood on the wire, without path prefix and query
 * @property {string} query the raw query string
 * @property {Record<string, string>} params the query, decoded
 * @property {Record<string, string | string[]>} headers
 * @property {string} body
 */

/**
 * Replaces the real answer. With only `delayMs`, the real answer comes late.
 *
 * Unless it `takesRequest`, the request does nothing on the server.
 *
 * @typedef {object} Fault
 * @property {number} [status]
 * @property {Record<string, string>} [headers]
 * @property {string | Uint8Array | Iterable<Uint8Array> | object} [body] an iterable is sent until the client has enough of it; any other
 *   object as JSON
 * @property {string | Uint8Array} [raw] sent as it is, instead of an answer; then the connection ends
 * @property {number} [delayMs]
 * @property {boolean} [hang] never answer
 * @property {boolean} [hangBody] send status, headers and the body's beginning, and then nothing
 * @property {boolean} [resetBody] send status, headers and the body's beginning, and then cut the connection
 * @property {boolean} [reset] cut the connection
 * @property {boolean} [takesRequest] handle the request as usual first, so that its events are published, and then replace the answer
 */

/** Makes API requests fail on purpose. */
export class Faults {
  /** @type {((request: InterceptedRequest) => Fault | undefined | Promise<Fault | undefined>)[]} */
  #interceptors = []

  /** @returns {() => void} removes the interceptor again */
  intercept(interceptor) {
    this.#interceptors.push(interceptor)
    return () => {
      this.#interceptors = this.#interceptors.filter((other) => other !== interceptor)
    }
  }

  /** Returns the first fault that an interceptor chooses. @returns {Promise<Fault | undefined>} */
  async find(request) {
    for (const interceptor of this.#interceptors) {
      const fault = await interceptor(request)
      if (fault !== undefined) return fault
    }
    return undefined
  }
}

/**
 * Applies a fault.
 *
 * @param {Fault} fault
 * @param {import("node:http").ServerResponse} response
 * @param {import("./scheduler.mjs").Scheduler} scheduler
 * @returns {Promise<boolean>} whether it replaces the answer; if not, the request is answered as usual
 */
export async function applyFault(fault, response, scheduler) {
  if (fault.delayMs !== undefined && !(await scheduler.sleep(fault.delayMs))) return true
  if (fault.reset) {
    response.socket?.resetAndDestroy()
    return true
  }
  if (fault.raw !== undefined) {
    response.socket?.end(fault.raw)
    return true
  }
  if (fault.hang) return true
  if (fault.status === undefined && !fault.hangBody && !fault.resetBody) return false

  const { status = 200, headers, body: given = "" } = fault
  const isStream = typeof given === "object" && !ArrayBuffer.isView(given) && Symbol.iterator in given
  const isJson = typeof given === "object" && !ArrayBuffer.isView(given) && !isStream
  response.writeHead(status, { "content-type": isJson ? "application/json" : "text/plain; charset=utf-8", ...headers })
  if (isStream) {
    // The client may end it at any point.
    pipeline(Readable.from(given), response, () => {})
    return true
  }
  const body = Buffer.from(isJson ? JSON.stringify(given) : given)
  if (!fault.hangBody && !fault.resetBody) {
    response.end(body)
    return true
  }
  response.flushHeaders()
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => {
    if (fault.resetBody) response.socket?.resetAndDestroy()
  })
  return true
}
