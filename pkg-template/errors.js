// The errors that callers meet. Each has a stable `code`; none shows a secret or a signature when it is printed,
// inspected or serialised.

/** What a signature looks like in a URL or in a server's words: 64 hexadecimal digits. */
const SIGNATURE = /[0-9a-f]{64}/gi

const withoutSignatures = (text) => (typeof text === "string" ? text.replace(SIGNATURE, "(signature)") : text)

/** Sets a property that is there for the program, but not for `console.log` and `JSON.stringify`. */
const hide = (object, name, value) =>
  Object.defineProperty(object, name, { value, enumerable: false, writable: true, configurable: true })

/** Sets those of the details that are there. */
const describe = (error, details) => {
  for (const name in details) if (details[name] !== undefined) error[name] = details[name]
}

/** Some hosts write the whole URL into their own error, in its message or beside it, and the URL holds a signature. */
const redactHostError = (error, depth = 0) => {
  // Not `instanceof Error`: it may be of another realm. Its cause may have one itself.
  if (typeof error !== "object" || error === null || depth > 5) return
  try {
    for (const name of Object.getOwnPropertyNames(error)) redactMember(error, name)
    redactHostError(error.cause, depth + 1)
  } catch {
    // What cannot be read, such as a revoked proxy, shows nothing; and this must not throw, for the border calls it.
  }
}

const redactMember = (error, name) => {
  try {
    const redacted = withoutSignatures(error[name])
    if (redacted !== error[name]) error[name] = redacted
  } catch {
    // A member that cannot be written is not one that the host made for this request.
  }
}

/** Why there was no answer, in the host's own words: hosts tend to put them into the cause of a cause. */
const wordsOf = (error) => {
  try {
    const words = error?.cause?.message || error?.message
    return typeof words === "string" && words !== "" ? words : undefined
  } catch {
    return undefined
  }
}

/** The base of all errors of this library. */
export class PusherError extends Error {
  constructor(message, code, details) {
    super(message)
    this.code = code
    describe(this, details)
  }

  toJSON() {
    return { name: this.name, message: this.message, ...this }
  }
}

/** Bad input: nothing was sent. `code` says what was wrong, `field` where, `hint` what is allowed. */
export class PusherValidationError extends PusherError {}

/**
 * A request that failed: `code` is `http` (the server said no: see `status` and `body`), `network`, `timeout` or
 * `aborted` (see `error`, also as `cause`). `url` is the signed URL; it is not printed.
 */
export class PusherRequestError extends PusherError {
  constructor(message, url, error, status, body, code, hint) {
    redactHostError(error)
    super(message, code ?? (status === undefined ? "network" : "http"), {
      hint: hint || wordsOf(error),
      status,
      body: withoutSignatures(body),
    })
    hide(this, "url", url)
    hide(this, "error", error)
    if (error !== undefined) hide(this, "cause", error)
  }
}

/** A webhook whose body is not what Channels sends. */
export class PusherWebHookError extends PusherError {
  constructor(message, contentType, body, signature) {
    super(message, "invalid_webhook", { contentType })
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

// For the border, to which functions are cheaper than classes.

export const validationError = (message, code, field, hint, cause) => {
  const error = new PusherValidationError(message, code, { field, hint: hint || undefined })
  if (cause !== undefined) hide(error, "cause", cause)
  return error
}

/** Names the event of a batch, counted from 0, that the error is about. An exception of the caller's own stays as it is. */
export const atIndex = (error, index) => {
  try {
    if (error instanceof PusherValidationError) {
      error.message += ` (event ${index} of the batch)`
      error.index = index
    }
  } catch {
    // Whatever the caller's code throws comes by here; a revoked proxy, say, can be asked nothing.
  }
  return error
}

let thrown
/**
 * The error of a rule, which the module leaves to be thrown: message, code, field, hint, and the event of the batch that it is about.
 */
export const coreError = (message, code, field, hint, event) => {
  thrown = validationError(message, code, field, hint)
  if (event !== undefined) atIndex(thrown, event)
}

/** Throws what has been left, once. */
export const takeThrown = () => {
  if (thrown === undefined) return
  const error = thrown
  thrown = undefined
  throw error
}
