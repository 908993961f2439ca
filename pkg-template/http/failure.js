// Why an attempt has no result, until the module has judged it and put it into words.
import { PusherRequestError, reasonOf } from "../errors.js"

/** A failed attempt: `code` as callers get it; the host's own error as `cause`; of an answer, its `head` (a `Response`) and `body`. */
export class Failure {
  #brand

  constructor(code, cause, head, body) {
    this.code = code
    this.cause = cause
    this.head = head
    this.body = body
  }

  /** Unlike `instanceof`, this runs no caller code: the value may be a proxy. */
  static is(value) {
    return typeof value === "object" && value !== null && #brand in value
  }
}

/** A URL over TLS, unless it is of Pusher's own servers. */
const OTHERS_OVER_TLS = /^https:\/\/(?![^/]*\.pusher(app)?\.com[:/])/
/** What hosts say of a connection that failed over TLS: OpenSSL and others, Deno, and workerd, which says no more of many failures. */
const TLS_FAILURE = /SSL|TLS|corrupt message|internal error/

/** Makes the error that callers get. */
export const requestError = ({ code, cause, head, body }, url, [message, hint]) => {
  if (code === "timeout") hint = "The server did not answer within `timeout` milliseconds."
  if (code === "network" && OTHERS_OVER_TLS.test(url) && TLS_FAILURE.test(reasonOf(cause) ?? "")) {
    hint = "If this server speaks plain HTTP, set `useTLS: false`."
  }
  return new PusherRequestError(message, url, cause, head?.status, body, code, hint)
}
