// The errors that callers meet. Each has a stable `code`; none shows a secret or a signature when it is printed, inspected or serialised.
import { redactHostError, withoutSignatures } from "./redact.js"
import { tryRead } from "./values.js"

/** Sets a property that code can read, but that `console.log` and `JSON.stringify` do not show. */
const hide = (object, name, value) =>
  Object.defineProperty(object, name, { value, enumerable: false, writable: true, configurable: true })

/** The base of all errors of this library. */
export class PusherError extends Error {
  constructor(message, code, details) {
    super(message)
    this.code = code
    for (const name in details) if (details[name] !== undefined) this[name] = details[name]
  }

  toJSON() {
    const { name, message } = this
    return { name, message, .../** @type {object} */ (this) }
  }
}

/** Bad input: nothing was sent. `code` says what was wrong, `field` where, `hint` what is allowed. */
export class PusherValidationError extends PusherError {}

/**
 * A request that failed: `code` is `http` (the server said no: see `status` and `body`), `network`, `timeout` or `aborted` (see `error`,
 * also as `cause`). `url` is the signed URL; it is not printed.
 */
export class PusherRequestError extends PusherError {
  constructor(message, url, error, status, body, code, hint) {
    redactHostError(error)
    super(message, code ?? (status === undefined ? "network" : "http"), {
      hint: hint || reasonOf(error),
      status,
      body: withoutSignatures(body),
    })
    hide(this, "url", url)
    hide(this, "error", error)
    if (error !== undefined) hide(this, "cause", error)
  }
}

/** A webhook that is invalid: `reason` says why, as a code, and `hint` in words. */
export class PusherWebHookError extends PusherError {
  constructor(message, contentType, body, signature, reason, hint) {
    super(message, "invalid_webhook", { reason, contentType, hint })
    hide(this, "body", body)
    hide(this, "signature", signature)
  }
}

for (const [name, type] of Object.entries({
  PusherError,
  PusherValidationError,
  PusherRequestError,
  PusherWebHookError,
})) {
  // Minifiers rename classes; the name in a stack trace must stay.
  hide(type.prototype, "name", name)
}

/** Returns why there was no answer, in the host's own words: hosts tend to put them into the cause. */
export const reasonOf = (error) => {
  const words = tryRead(() => error?.cause?.message || error?.message)
  return typeof words === "string" && words !== "" ? words : undefined
}

/** Makes an error about input. An empty `hint` is none. */
export const validationError = (message, code, field, hint, cause) => {
  const error = new PusherValidationError(message, code, { field, hint: hint || undefined })
  if (cause !== undefined) hide(error, "cause", cause)
  return error
}

/** Makes an error about an argument of the wrong type. */
export const argumentError = (message, name, cause) =>
  validationError(message, "invalid_argument", name, undefined, cause)

/** Makes an error about an option. */
export const optionError = (message, name, cause) => validationError(message, "invalid_option", name, undefined, cause)

/** Names the event of a batch, counted from 0, that an error is about. An exception of the caller's own stays as it is. */
export const atIndex = (error, index) => {
  // Not `tryRead`: a revoked proxy that was thrown is returned as well.
  try {
    if (error instanceof PusherValidationError) {
      error.message += ` (event ${index} of the batch)`
      Object.assign(error, { index })
    }
  } catch {}
  return error
}
