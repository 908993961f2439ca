// From a failed attempt, by the module's verdict, to the next one or to the error that callers get.
import { PusherRequestError } from "../errors.js"
import { DEADLINE, MOST } from "../limits.js"
import { recover } from "../module/instance.js"
import { redactedCopy } from "../redact.js"
import { hide, tryRead } from "../values.js"
import { isUnconnected } from "./connection.js"

const faults = new WeakSet()

/** Makes the reason for a failure that would be the same in another attempt. */
export const fault = (message) => {
  const error = new TypeError(message)
  faults.add(error)
  return error
}

/** Makes the reason for an answer of more than `limit` bytes. */
export const tooLong = (limit) => fault(`The answer is longer than \`maxResponseBytes\`, ${limit}`)

/** An HTTP date begins with the day of the week; much else is one for `Date.parse`. */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/

/** Reads `Retry-After`: seconds, or a date, which is by the server's clock. Returns milliseconds; -1 where there is none. */
const retryAfterOf = (text, date) => {
  const wait = /^\d+$/.test(text) ? text * 1000 : HTTP_DATE.test(text) ? Date.parse(text) - (date || Date.now()) : NaN
  return Number.isNaN(wait) ? -1 : Math.min(Math.max(0, wait), MOST)
}

/**
 * Has the module judge a failure (src/wasm/recovery.rs), and resolves to its verdict: message, hint, milliseconds until the next attempt (empty
 * for none), whether the same call may succeed later, and whether the clock was off (empty if not); then what is known besides: the milliseconds
 * of `Retry-After`, and the server's time. `isSafe`: the call can be retried although it may have been taken.
 */
export const judge = async ({ code, cause, head, body }, url, isSafe, policy, attempt, elapsed, isClockSet) => {
  // A browser's redirect, which is not followed, has the status 0.
  const isFinal = code === "aborted" || faults.has(cause) || head?.status === 0
  const header = (name) => tryRead(() => head.headers.get(name)) ?? ""
  const date = Date.parse(header("date"))
  const retryAfter = retryAfterOf(header("retry-after"), date)
  // Pusher says it in words; any server, in a header.
  const [, given] = /server time \(([^)]+)/.exec(body) ?? []
  const serverTime = isClockSet ? NaN : Date.parse(given) || date
  const [, signedAt] = /&auth_timestamp=(\d+)/.exec(url) ?? []
  const verdict = await recover(
    head,
    isFinal ? 0 : isSafe || (HAS_AGENTS && isUnconnected(redactedCopy(cause))) ? 2 : 1,
    attempt,
    policy.attempts,
    policy.baseDelay,
    policy.maxDelay,
    policy.deadline ?? DEADLINE,
    elapsed,
    retryAfter,
    Math.random(),
    Number(signedAt) * 1000,
    serverTime,
    given !== undefined,
  )
  return /** @type {any} */ ([...verdict.split("\n"), retryAfter, serverTime])
}

/** Frames of the library, above that of the function that waits for it. */
const OWN_FRAMES = /^ +at (?!async )[\s\S]*?(?=^ +at async )/m

/** A URL over TLS, unless it is of Pusher's own servers. */
const OTHERS_OVER_TLS = /^https:(?!.*\.pusher(app)?\.com[:/])/
/** What hosts say of a connection that failed over TLS: OpenSSL and others, Deno, and workerd, which says no more of many failures. */
const TLS_FAILURE = /SSL|TLS|corrupt message|internal error/

/** Makes the error that callers get, from the module's message and hint. Its stack begins with them, and, without an answer, the reason. */
export const requestError = (
  { code, cause, head, body },
  url,
  [message, about, , retryable, , retryAfter],
  attempts,
) => {
  const hint =
    code === "timeout" ? "The server did not answer within `timeout`, or `retry.deadline`, milliseconds." : about
  /** @type {any} */
  const error = new PusherRequestError(
    message,
    url,
    cause,
    head?.status,
    body,
    code,
    hint,
    attempts,
    Boolean(retryable),
    retryAfter < 0 ? undefined : retryAfter,
  )
  const reason = head || !error.hint ? "" : `: ${error.hint}`
  if (!head && OTHERS_OVER_TLS.test(url) && TLS_FAILURE.test(error.hint)) {
    error.hint = "If this server speaks plain HTTP, set `useTLS: false`."
  }
  tryRead(() =>
    hide(
      error,
      "stack",
      error.stack.replace(OWN_FRAMES, "").replace(message, () => message + reason),
    ),
  )
  return error
}
