// Values of the caller's, on their way into the module: what they are, and how text gets across.
//
// Text is written, field after field, into a buffer in the module's memory: `encodeInto` is many times as fast as what wasm-bindgen does
// for a `&str`, and one crossing takes all that a call needs. A frame is its own length (4 bytes, little-endian), then its
// fields: length × 4 + kind (4 bytes), and the bytes. src/wasm/frame.rs reads it.

/**
 * Longest string that is taken across, in UTF-16 code units. Far above every server's limit, and far below what could exhaust the
 * module's memory, which would be a trap.
 */
export const LONGEST = 2 ** 25

// The kinds of fields.
const TEXT = 0
const BYTES = 1
const OTHER = 2
const ABSENT = 3

const encoder = new TextEncoder()
let memory, begin, room
/** A view of the whole memory; empty when the memory has grown since. */
let view = new Uint8Array()
/** A frame that the buffer has no room for. */
let large

/** Tells where the buffer is. Called once, as the module starts. */
export const openFrame = (ofModule, address, length) => {
  memory = ofModule
  begin = address
  room = length
}

/**
 * Writes a frame of the values; bytes as such only `withBytes`, else as they are shown. No code of the caller's runs meanwhile, but to
 * show what is no text.
 */
export const writeFrame = (values, withBytes = false) => {
  let longest = 4
  const kinds = []
  for (let at = 0; at < values.length; at++) {
    let value = values[at]
    let kind = TEXT
    if (typeof value !== "string") {
      const bytes = withBytes ? bytesOf(value) : undefined
      kind = bytes ? BYTES : value === undefined || value === null ? ABSENT : OTHER
      value = bytes ?? shown(value)
    }
    if (value.length > LONGEST) {
      kind = OTHER
      value = TOO_LONG
    }
    values[at] = value
    kinds.push(kind)
    longest += 4 + (kind === BYTES ? value.length : value.length * 3)
  }
  if (view.length === 0) view = new Uint8Array(memory.buffer)
  const fits = longest <= room
  const [target, from] = fits ? [view, begin] : [new Uint8Array(longest), 0]
  let at = from + 4
  for (let index = 0; index < values.length; index++) {
    const value = values[index]
    let length
    if (kinds[index] === BYTES) {
      target.set(value, at + 4)
      length = value.length
    } else {
      length = putText(target, at + 4, value)
    }
    putLength(target, at, length * 4 + kinds[index])
    at += 4 + length
  }
  putLength(target, from, at - from)
  if (fits) return
  // It may be shorter than it could have been.
  large = target.subarray(0, at)
  if (at <= room) view.set(large, begin)
  // Else the module looks at the length first, and asks for what it has no room for.
  else putLength(view, begin, at)
}

/** Hands the module the frame that its buffer had no room for. */
export const largeFrame = (into) => {
  into.set(large)
  large = undefined
}

const putLength = (target, at, length) => {
  target[at] = length
  target[at + 1] = length >> 8
  target[at + 2] = length >> 16
  target[at + 3] = length >> 24
}

/** UTF-8, lone surrogates replaced as everywhere where JavaScript writes UTF-8. */
const putText = (target, at, text) => {
  // For a short text, a call of the host costs more than it saves.
  let index = 0
  if (text.length < 40) {
    for (; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code > 127) break
      target[at + index] = code
    }
    if (index === text.length) return index
  }
  return encoder.encodeInto(text, target.subarray(at, at + text.length * 3)).written
}

const TOO_LONG = "(too long to show)"

/** The value as a message shows it, as string concatenation would. */
export const shown = (value) => {
  let text
  try {
    text = String(value)
  } catch {
    text = typeof value
  }
  return text.length > LONGEST ? TOO_LONG : text
}

/** Whether the value can have members of its own. */
export const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function"

/** Whether the value is left out. */
export const isAbsent = (value) => value === undefined || value === null

/** The member of an object; `undefined` where there is none, or no object. */
export const memberOf = (object, name) => (isObject(object) ? object[name] : undefined)

/** The bytes of an `ArrayBuffer` or of a view of one, also of another realm's; `undefined` for anything else. */
export const bytesOf = (value) => {
  if (typeof value !== "object" || value === null) return undefined
  try {
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    const kind = Object.prototype.toString.call(value)
    return kind === "[object ArrayBuffer]" || kind === "[object SharedArrayBuffer]" ? new Uint8Array(value) : undefined
  } catch {
    // It only says that it is one.
    return undefined
  }
}

/** A copy of bytes of the module, as npm `pusher` gives them: a `Buffer` where the host has such a thing. */
export const bufferOf = (bytes) =>
  typeof globalThis.Buffer?.from === "function" ? globalThis.Buffer.from(bytes) : bytes.slice()

/** What an exception says. */
export const wordsOf = (exception) => {
  try {
    if (typeof exception?.message === "string") return exception.message
  } catch {
    // A getter's problem.
  }
  return shown(exception)
}
