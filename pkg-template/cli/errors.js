// What ends a command early, and with which exit code.

/** A mistake in how a command was used. `hint` says what to do. */
export class UsageError extends Error {
  /** @param {string} message @param {string} [hint] */
  constructor(message, hint) {
    super(message)
    this.name = "UsageError"
    this.code = "wrong_use"
    this.hint = hint
  }
}

/** Something that did not come about: the exit code is 1. `code` is a stable name for it. */
export class CommandError extends Error {
  /** @param {string} message @param {string} code @param {string} [hint] */
  constructor(message, code, hint) {
    super(message)
    this.name = "CommandError"
    this.code = code
    this.hint = hint
  }
}

/** Returns the exit code of an error. What the library refuses to send was wrong use. */
export const exitCodeOf = (error) => (["UsageError", "PusherValidationError"].includes(error?.name) ? 2 : 1)

/** What to do here, where the library's hint names an option. */
const HINTS = new Map([
  ["encryptionMasterKeyBase64", "Set PUSHER_ENCRYPTION_MASTER_KEY_BASE64 to 32 random bytes in base64."],
])

/** Returns the library's hint in words for a terminal, where nobody sees `retryable`. */
const hintOf = ({ hint, status, retryable }) => {
  if (!(status >= 500)) return hint
  return retryable
    ? "The server has a problem: try again later."
    : "The server has a problem, and may have taken the event."
}

/** Characters of a text that are shown. It is searched for each beginning of a URL, so a long one would take minutes. */
const MAX_SHOWN = 8192

/** Cuts credentials out of the beginning of a text: what stands between `//` and `@`, and the whole of a URL that has no `@` but a colon. */
const hideCredentials = (text) =>
  text
    .slice(0, MAX_SHOWN)
    .replace(/:\/\/[^'"]*@/g, "://(hidden)@")
    .replace(/:\/\/(?!\(hidden\)@)[^\s'"/]*:(?!\d{1,5}\b)[^\s'"]*/g, "://(hidden)")

/**
 * Returns what may be shown of an error, as a plain object with at least `message`. Never holds credentials.
 * @returns {any}
 */
export const describeError = (error) => {
  const { name, message, code, hint, field, status, reason, body, attempts, retryable } = Object(error)
  const shown = {
    name,
    code,
    message: hideCredentials(String(message ?? error)),
    // Of a request, it is in the words of the host.
    hint:
      name === "PusherRequestError" && hint
        ? hideCredentials(hintOf({ hint, status, retryable }))
        : (HINTS.get(field) ?? hint),
    field,
    status,
    reason,
    attempts,
    retryable,
  }
  const said = typeof body === "string" && status !== undefined ? { body: hideCredentials(body) } : {}
  return Object.fromEntries(Object.entries({ ...shown, ...said }).filter(([, value]) => value !== undefined))
}
