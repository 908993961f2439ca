// The errors that callers meet. Each has a stable `code`; none shows a secret or a signature when it is printed, inspected or serialised.
import { printable, redactedCopy, withoutSignatures } from "./redact.js"
import { getOption, hide, setOwn, tryRead } from "./values.js"

/** The functions by which programs enter the library; those that call others come first. */
const entrances = []

/**
 * Makes errors' stacks begin where a class's methods, or the class, were called. To be called once the class has them all. `inner` is what
 * some of them return a call of, which is all that is left of these on the stack of Safari's engine.
 */
export const addEntrances = (type, ...inner) => {
  entrances.push(...inner)
  for (const owner of [type.prototype, type]) {
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(owner))) {
      if (typeof value === "function") entrances.unshift(value)
    }
  }
}

/** Tells whether a function is on the stack: otherwise nothing is left of it. */
const isEntered = (entrance) => {
  /** @type {any} */
  const probe = {}
  Error.captureStackTrace(probe, entrance)
  return probe.stack.includes("\n")
}

/** The base of all errors of this library. */
export class PusherError extends Error {
  constructor(message, code, details) {
    super(printable(message))
    // Frames of the library help nobody. They are looked for here: a `catch` around each method would make a webhook 4 % slower. Names first,
    // since the whole stack, which may be deep, is searched for each function. Not every engine can leave frames out.
    tryRead(() => {
      const entrance = entrances.find((entrance) => this.stack?.includes(entrance.name) && isEntered(entrance))
      if (entrance) Error.captureStackTrace(this, entrance)
    })
    for (const [name, value] of Object.entries({ code, ...details })) if (value !== undefined) setOwn(this, name, value)
  }

  toJSON() {
    const { name, message } = this
    return { name, message, .../** @type {object} */ (this) }
  }
}

/** Bad input: nothing was sent. `code` says what was wrong, `field` where, `hint` what is allowed. */
export class PusherValidationError extends PusherError {}

/**
 * A request that failed: `code` is `http` (the server said no: see `status` and `body`), `network`, `timeout` or `aborted`. `attempts` were made,
 * `retryable` tells whether the same call may succeed later, and `retryAfter` how long the server asks to wait, in milliseconds. `error` is what
 * the host or the caller's signal gave as the reason. It is not printed, and neither is `url`, which is signed; `cause` is a copy of the error
 * that can be.
 */
export class PusherRequestError extends PusherError {
  constructor(message, url, error, status, body, code, hint, attempts, retryable, retryAfter) {
    const cause = redactedCopy(error)
    super(message, code ?? (status === undefined ? "network" : "http"), {
      hint: hint || reasonOf(cause),
      status,
      body: withoutSignatures(body),
      attempts,
      retryable,
      retryAfter,
    })
    hide(this, "url", url)
    hide(this, "error", error)
    if (cause !== undefined) hide(this, "cause", cause)
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

/** Returns why there was no answer, in the host's own words, which tend to be in the last cause; of a copy of its error. */
const reasonOf = (copy) =>
  (typeof copy === "string" ? copy : copy && (reasonOf(getOption(copy, "cause")) || copy.message)) || undefined

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
      setOwn(error, "index", index)
    }
  } catch {}
  return error
}

/** Undoes `atIndex`, for an event whose place in the batch tells the caller nothing. */
export const withoutIndex = (error) => {
  if (!(error instanceof PusherValidationError)) return
  error.message = error.message.replace(/ \(event \d+ of the batch\)$/, "")
  delete (/** @type {any} */ (error).index)
}
