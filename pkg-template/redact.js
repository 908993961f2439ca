// Keeps signatures out of what is printed.
import { MAX_DEPTH, MAX_SHOWN } from "./limits.js"
import { getOption, hide, isAbsent, isObject, toDisplay, tryRead } from "./values.js"

/** A signature in a URL or in a server's words: 64 hexadecimal digits, perhaps among others. */
const SIGNATURE = /[0-9a-f]{64,}/gi
/** Replaces the signatures in the beginning of a text, which is all that is shown of it. Returns any other value as it is. */
export const withoutSignatures = (text) => {
  if (typeof text !== "string") return text
  const shown = text.slice(0, MAX_SHOWN).replace(SIGNATURE, "(signature)")
  // A signature may have been cut in two.
  return text.length > MAX_SHOWN ? shown.replace(/[0-9a-f]{0,63}$/i, "…") : shown
}

/** Replaces the signature that a signed URL ends with: 64 digits. */
export const withoutSignature = (url) => `${url.slice(0, -64)}(signature)`

/**
 * What a terminal would obey, a log take for the beginning of an entry, or show in another order. Not a line that is indented, as those of stacks
 * and of V8's messages are.
 */
const CONTROLS = /(?!\n {4})[\p{Cc}\u2028-\u202e\u2060-\u206f]/gu

/** Whether a stack is frames alone, one a line, as in Firefox and Safari. Elsewhere it begins with the message. */
const HAS_FRAMES_ALONE = !new Error("\0").stack?.includes("\0")

/** Escapes such characters of a text. Returns any other value as it is. */
export const printable = (text) => (typeof text === "string" ? text.replace(CONTROLS, escape) : text)

/**
 * Copies what a host's error says, without signatures: some hosts write the whole URL into its message or beside it. The error itself may
 * be the caller's, so it stays as it is. Never throws.
 */
export const redactedCopy = (error, depth = 0) => {
  if (!isObject(error)) return isAbsent(error) ? undefined : withoutSignatures(printable(toDisplay(error)))
  const copy = new Error()
  for (const name of ["message", "stack", "name", "code"]) {
    const given = tryRead(() => getOption(error, name))
    const value = withoutSignatures(HAS_FRAMES_ALONE && name === "stack" ? given : printable(given))
    if (typeof value === "string" || typeof value === "number") hide(copy, name, value)
  }
  // Of several errors at once, the first tells enough.
  const cause = tryRead(() => getOption(error, "cause") ?? getOption(error, "errors")[0])
  if (!isAbsent(cause) && depth < MAX_DEPTH) hide(copy, "cause", redactedCopy(cause, depth + 1))
  return copy
}
