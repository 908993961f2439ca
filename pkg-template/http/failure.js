// From a failed attempt, once the module has put it into words, to the error that callers get.
import { PusherRequestError } from "../errors.js"
import { hide, tryRead } from "../values.js"

/** Makes the reason for an answer of more than `limit` bytes. */
export const tooLong = (limit) => new TypeError(`The answer is longer than \`maxResponseBytes\`, ${limit}`)

/** Frames of the library, above that of the function that waits for it. */
const OWN_FRAMES = /^ +at (?!async )[\s\S]*?(?=^ +at async )/m

/** A URL over TLS, unless it is of Pusher's own servers. */
const OTHERS_OVER_TLS = /^https:(?!.*\.pusher(app)?\.com[:/])/
/** What hosts say of a connection that failed over TLS: OpenSSL and others, Deno, and workerd, which says no more of many failures. */
const TLS_FAILURE = /SSL|TLS|corrupt message|internal error/

/** Makes the error that callers get, from the module's message and hint. Its stack begins with them, and, without an answer, the reason. */
export const requestError = ({ code, cause, head, body }, url, words) => {
  const [message, about] = words.split("\n")
  const hint = code === "timeout" ? "The server did not answer within `timeout` milliseconds." : about
  /** @type {any} */
  const error = new PusherRequestError(message, url, cause, head?.status, body, code, hint)
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
