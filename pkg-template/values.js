// What the caller's values are, and how messages show them.

/** Whether the value can have members of its own. */
export const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function"

/** Whether the value is left out. */
export const isAbsent = (value) => value === undefined || value === null

/** Reads a member, if there is one. What stands on `Object.prototype`, where a fault of the program may have put it, counts as absent. */
export const getOption = (object, name) => {
  const value = object?.[name]
  // Most members are left out, and looked up only once: a client takes 5 % less.
  return value === undefined || value === Object.prototype[name] ? undefined : value
}

/** Sets a property of the object's own, whatever stands on `Object.prototype`: neither a setter nor a read-only member there is in the way. */
export const setOwn = (object, name, value, enumerable = true) =>
  Object.defineProperty(
    object,
    name,
    /** @type {any} */ ({ __proto__: null, value, enumerable, writable: true, configurable: true }),
  )

/** Sets a property that code can read, but that `console.log` and `JSON.stringify` do not show. */
export const hide = (object, name, value) => setOwn(object, name, value, false)

/** What engines say when the stack is full: V8 and JavaScriptCore; V8 where it compiles a regular expression; SpiderMonkey. */
const STACK_OVERFLOW = /call stack|Stack overflow|too much recursion/

/** Tells whether the stack was full. That is never taken for a fault of the value at hand: it would be answered wrongly. */
export const isStackOverflow = (exception) => {
  try {
    return STACK_OVERFLOW.test(exception.message)
  } catch (another) {
    // What was thrown cannot be read, or the stack is still full.
    return STACK_OVERFLOW.test(/** @type {any} */ (another)?.message)
  }
}

/** Returns what `read` returns; `undefined` where it throws. */
export const tryRead = (read) => {
  try {
    return read()
  } catch (exception) {
    if (isStackOverflow(exception)) throw exception
    return undefined
  }
}

/**
 * Returns the bytes of an `ArrayBuffer` or of a view of one, also of another realm's; `undefined` for anything else. They are as many as
 * there are now: a view of a buffer that can be resized would follow it.
 */
export const bytesOf = (value) => {
  if (typeof value !== "object" || value === null) return undefined
  return tryRead(() => {
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    const isBuffer = /^\[object (Shared)?ArrayBuffer]$/.test(Object.prototype.toString.call(value))
    return isBuffer ? new Uint8Array(value, 0, value.byteLength) : undefined
  })
}

/** Decodes base64 as npm `pusher` does: to a `Buffer` where the host has such a thing. */
export const fromBase64 = (base64) => {
  if (typeof globalThis.Buffer?.from === "function") return globalThis.Buffer.from(base64, "base64")
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

/** Returns what type a value is of, for messages: `a number`. */
export const typeName = (value) => {
  if (isAbsent(value)) return String(value)
  if (tryRead(() => Array.isArray(value))) return "a list"
  return typeof value === "object" ? "an object" : `a ${typeof value}`
}

/** Shows a value as string concatenation would; its type where that throws. */
export const toDisplay = (value) => tryRead(() => String(value)) ?? typeof value

/** Returns what an exception says. */
export const messageOf = (exception) => {
  const message = tryRead(() => exception.message)
  return typeof message === "string" ? message : toDisplay(exception)
}
