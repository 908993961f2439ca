import { encode } from "./bytes.js"

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
 * Returns what a fault answers with.
 *
 * @param {Fault} fault
 * @returns {{ status: number, headers: Record<string, string>, body: Uint8Array<ArrayBuffer> | Iterable<Uint8Array> }}
 */
export function makeFaultAnswer({ status = 200, headers, body = "" }) {
  const isBytes = ArrayBuffer.isView(body)
  const isStream = typeof body === "object" && !isBytes && Symbol.iterator in body
  const isJson = typeof body === "object" && !isBytes && !isStream
  const type = isJson ? "application/json" : "text/plain; charset=utf-8"
  const whole = typeof body === "string" ? encode(body) : isJson ? encode(JSON.stringify(body)) : body
  return { status, headers: { "content-type": type, ...headers }, body: /** @type {any} */ (whole) }
}
