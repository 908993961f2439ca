// Why an attempt has no result, until the module has judged it and put it into words.
import { PusherRequestError } from "../errors.js"

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

/** Makes the error that callers get. */
export const requestError = ({ code, cause, head, body }, url, [message, hint]) => {
  const late = code === "timeout" ? "The server did not answer within `timeout` milliseconds." : ""
  return new PusherRequestError(message, url, cause, head?.status, body, code, hint || late)
}
