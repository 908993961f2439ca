import { countBytes } from "./bytes.js"
import { hmacSha256Hex } from "./signature.js"

/** Milliseconds between attempts; 5 minutes in total, as the service tries. */
export const DEFAULT_RETRY_DELAYS = Object.freeze([1, 2, 4, 8, 15, 30, 60, 60, 120].map((seconds) => seconds * 1000))

/**
 * One webhook and its outcome.
 *
 * @typedef {object} WebhookDelivery
 * @property {string} appId
 * @property {string} url
 * @property {number} timeMs
 * @property {object[]} events
 * @property {Record<string, string>} headers
 * @property {string} body the exact text, the same for every attempt
 * @property {{ status?: number, error?: string }[]} attempts
 * @property {"pending" | "delivered" | "failed"} outcome
 */

/** Sends webhooks, with retries and in order for each receiver. No receiver delays another. */
export class Webhooks {
  /** @type {WebhookDelivery[]} in the order they were first sent */
  deliveries = []

  #context
  #abort = new AbortController()
  /** @type {Map<string, { url: string, pending: { event: object, timeMs: number }[] }>} receivers with webhooks to send */
  #busy = new Map()
  #idleWaiters = []

  /**
   * @param {{ now: () => number, limits: import("./limits.js").Limits, retryDelays: readonly number[],
   *   scheduler: import("./scheduler.js").Scheduler, log: (line: string) => void,
   *   http: typeof import("node:http"), https: typeof import("node:https"), timers: typeof import("node:timers") }} context
   */
  constructor(context) {
    this.#context = context
  }

  /** @param {import("./app.js").App} app @param {{ name: string }} event */
  emit(app, event) {
    if (this.#abort.signal.aborted) return
    const timeMs = this.#context.now()
    for (const { url, events } of app.webhooks) {
      if (events !== undefined && !events.includes(event.name)) continue
      const id = `${app.id} ${url}`
      const receiver = this.#busy.get(id)
      if (receiver) {
        receiver.pending.push({ event, timeMs })
        continue
      }
      const entry = { url, pending: [{ event, timeMs }] }
      this.#busy.set(id, entry)
      // Begins in the next turn of the event loop, so that a batch holds all events of this one.
      this.#context.timers.setImmediate(() => this.#work(app, id, entry))
    }
  }

  /** Resolves once nothing is left to send or to retry. */
  idle() {
    if (this.#busy.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idleWaiters.push(resolve))
  }

  close() {
    this.#abort.abort()
  }

  async #work(app, id, { url, pending }) {
    while (pending.length > 0 && !this.#abort.signal.aborted) {
      const entries = pending.splice(0, app.batchWebhooks ? pending.length : 1)
      const delivery = makeDelivery(app, url, entries)
      this.deliveries.push(delivery)
      await this.#deliver(delivery)
    }
    this.#busy.delete(id)
    if (this.#busy.size === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve()
  }

  async #deliver(delivery) {
    const { retryDelays, scheduler, log } = this.#context
    for (const delay of [...retryDelays, undefined]) {
      const attempt = await post(this.#context, delivery, this.#abort.signal)
      delivery.attempts.push(attempt)
      log(`webhook to ${delivery.url}: ${attempt.status ?? attempt.error}`)
      const { status = 0 } = attempt
      if (status >= 200 && status < 300) {
        delivery.outcome = "delivered"
        return
      }
      if (delay === undefined || !(await scheduler.sleep(delay))) break
    }
    delivery.outcome = "failed"
  }
}

/** @returns {WebhookDelivery} */
function makeDelivery(app, url, entries) {
  const [{ timeMs }] = entries
  const events = entries.map(({ event }) => event)
  const body = JSON.stringify({ time_ms: timeMs, events })
  const headers = {
    "content-type": "application/json",
    "x-pusher-key": app.key,
    "x-pusher-signature": hmacSha256Hex(app.secret, body),
  }
  return { appId: app.id, url, timeMs, events, headers, body, attempts: [], outcome: "pending" }
}

/** Posts a webhook. Never rejects. @returns {Promise<{ status?: number, error?: string }>} */
function post({ http, https, limits }, { url, headers, body }, signal) {
  return new Promise((resolve) => {
    const failed = (error) => resolve({ error: error.message })
    try {
      const { request } = url.startsWith("https:") ? https : http
      const limit = AbortSignal.any([signal, AbortSignal.timeout(limits.webhookTimeoutMs)])
      // Without an agent, no pooled socket keeps the process alive.
      const options = {
        method: "POST",
        headers: { ...headers, "content-length": countBytes(body) },
        agent: false,
      }
      const outgoing = request(url, { ...options, signal: limit }, (response) => {
        response.resume()
        response.on("error", failed)
        response.on("end", () => resolve({ status: response.statusCode }))
      })
      outgoing.on("error", failed)
      outgoing.end(body)
    } catch (error) {
      failed(error)
    }
  })
}
