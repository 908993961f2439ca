import { encode } from "./bytes.js"
import { checkMembers, makeRule, RULES } from "./check.js"
import { makeFaultAnswer } from "./faults.js"

const STATUS = makeRule((value) => Number.isInteger(value) && value >= 200 && value <= 599, "a status from 200 to 599")
const BODY = makeRule(
  (value) => typeof value === "string" || (typeof value === "object" && value !== null),
  "a string, bytes, or an object for JSON",
)
const FAULT_RULES = {
  status: STATUS,
  headers: RULES.object,
  body: BODY,
  delayMs: RULES.count,
  refuse: RULES.flag,
  reset: RULES.flag,
  hang: RULES.flag,
  hangBody: RULES.flag,
  resetBody: RULES.flag,
  takesRequest: RULES.flag,
}

/**
 * Checks a fault, or an answer that replaces the real one.
 *
 * @param {string} where
 * @param {any} fault
 */
export const checkFault = (where, fault) => {
  checkMembers(where, fault, FAULT_RULES)
  const { status, delayMs, refuse, reset, hang, hangBody, resetBody } = fault
  if ([status, delayMs].every((value) => value === undefined) && !(refuse || reset || hang || hangBody || resetBody)) {
    const choices = "status, delayMs, refuse, reset, hang, hangBody or resetBody"
    throw new TypeError(`${where} needs one of ${choices}`)
  }
}

/**
 * Reads what `fetch` is called with.
 *
 * @param {any} input
 * @param {any} init
 * @returns {Promise<{ method: string, url: URL, headers: Record<string, string>, body: Uint8Array, signal?: AbortSignal }>}
 */
export const readCall = async (input, init = {}) => {
  const isRequest = typeof input === "object" && "headers" in input
  const { method = "GET", headers, body, signal } = isRequest ? new Request(input, init) : init
  return {
    method: method.toUpperCase(),
    url: new URL(isRequest ? input.url : input),
    headers: Object.fromEntries(new Headers(headers)),
    body: await readBody(body),
    signal: signal ?? undefined,
  }
}

/** Reads the bodies of most calls without a stream, which some hosts' streams need timers for. */
const readBody = async (body) => {
  if (body === undefined || body === null) return new Uint8Array()
  if (typeof body === "string") return encode(body)
  return new Uint8Array(await new Response(body).arrayBuffer())
}

const makeNetworkError = (code, words) => {
  const cause = Object.assign(new Error(words), { code })
  return Object.assign(new TypeError(`fetch failed: ${words}`, { cause }), { code })
}

/** Calls back when the signal aborts, or at once if it has. */
const onAbort = (signal, callback) => {
  if (signal?.aborted) callback(signal.reason)
  else signal?.addEventListener("abort", () => callback(signal.reason), { once: true })
}

/** Resolves after some milliseconds, if the signal does not abort before. */
const pause = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    onAbort(signal, (reason) => {
      clearTimeout(timer)
      reject(reason)
    })
  })

const NO_BODY = [204, 205, 304]

/** @returns {Response} */
export const makeResponse = ({ status, headers, body }) =>
  new Response(NO_BODY.includes(status) ? null : body, { status, headers })

/**
 * Applies a fault to a call of `fetch`.
 *
 * @param {import("./faults.js").Fault & { refuse?: boolean }} fault
 * @param {AbortSignal} [signal]
 * @returns {Promise<Response | undefined>} `undefined` if the request is to be answered as usual
 */
export const applyFault = async (fault, signal) => {
  const { delayMs, refuse, reset, hang, hangBody, resetBody, status } = fault
  if (delayMs !== undefined) await pause(delayMs, signal)
  if (refuse) throw makeNetworkError("ECONNREFUSED", "connection refused")
  if (reset) throw makeNetworkError("ECONNRESET", "connection reset")
  if (hang) await new Promise((_, reject) => onAbort(signal, reject))
  if (status === undefined && !hangBody && !resetBody) return undefined
  const answer = makeFaultAnswer(fault)
  if (!ArrayBuffer.isView(answer.body)) return makeResponse({ ...answer, body: streamAll(answer.body) })
  if (!hangBody && !resetBody) return makeResponse(answer)
  const half = answer.body.subarray(0, Math.ceil(answer.body.length / 2))
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(half)
      if (hangBody) onAbort(signal, (reason) => controller.error(reason))
    },
    // Only after the beginning has been read: an error discards what still waits.
    pull(controller) {
      if (resetBody) controller.error(makeNetworkError("ECONNRESET", "connection reset"))
    },
  })
  return makeResponse({ ...answer, body })
}

/** Returns a stream of pieces that are made as they are read. @param {Iterable<Uint8Array>} pieces */
const streamAll = (pieces) => {
  const iterator = pieces[Symbol.iterator]()
  return new ReadableStream({
    pull(controller) {
      const { done, value } = iterator.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel() {
      iterator.return?.()
    },
  })
}
