// Values of the caller's, on their way into the module: what they are, and how text gets across.
//
// Text is written, field after field, into a buffer in the module's memory: `encodeInto` is many times as fast as what wasm-bindgen does
// for a `&str`, and one crossing takes all that a call needs. A frame is its own length (4 bytes, little-endian), then its
// fields: length × 4 + kind (4 bytes), and the bytes. src/wasm/frame.rs reads it.

import { validationError } from "./errors.js"

/**
 * Longest string that is taken across, in UTF-16 code units. Far above every server's limit, and far below what could exhaust the
 * module's memory, which would be a trap.
 */
export const LONGEST = 2 ** 25

/** Most bytes that a frame may have, for the same reason: as many as some of the longest strings. */
const MOST = 2 ** 28

const tooLarge = () =>
  validationError("The arguments of the call are too large, all in all", "invalid_argument", "arguments")

// The kinds of fields.
const TEXT = 0
const BYTES = 1
const OTHER = 2
const ABSENT = 3

const encoder = new TextEncoder()
let memory, buffer, room, makeRoom
/** A view of the whole memory; empty when the memory has grown since. */
let view = new Uint8Array()
/** What the library calls itself. */
export let library

/** Tells where the buffer is. Called once, as the module starts. */
export const openFrame = (ofModule, address, length, name) => {
  memory = ofModule
  buffer = address
  room = length
  library = name
}

/** Tells who makes room for a frame that the buffer is too small for: a function of its length that gives its address. */
export const useRoom = (maker) => {
  makeRoom = maker
}

/** Bytes that are none of the caller's. */
export class Nonce extends Uint8Array {
  #isOne

  /** Unlike `instanceof`, this asks nothing of the value, which may be a proxy. */
  static is(value) {
    return isObject(value) && #isOne in value
  }
}

/** A field that is not simply a text: its kind, and its text or bytes. */
class Field {
  constructor(kind, content) {
    this.kind = kind
    this.content = content
  }
}

const fieldOf = (value, withBytes) => {
  if (typeof value === "string")
    return new Field(...(value.length > LONGEST ? [OTHER, TOO_LONG] : [TEXT, encoder.encode(value)]))
  const bytes = withBytes ? bytesOf(value) : Nonce.is(value) ? value : undefined
  if (bytes) return bytes.length > LONGEST ? new Field(OTHER, TOO_LONG) : new Field(BYTES, bytes)
  return new Field(isAbsent(value) ? ABSENT : OTHER, shown(value))
}

/**
 * Writes a frame of the values; bytes as such only `withBytes` or in a nonce, else as they are shown. No code of the caller's runs meanwhile,
 * but to show what is no text, before anything is written.
 */
export const writeFrame = (values, withBytes) => {
  let longest = 4
  for (let index = 0; index < values.length; index++) {
    let content = values[index]
    // Three bytes a code unit, the most there can be, are too much room for a long text.
    if (typeof content !== "string" || content.length * 3 > room) {
      values[index] = fieldOf(content, withBytes)
      content = values[index].content
    }
    longest += 4 + (typeof content === "string" ? content.length * 3 : content.length)
    if (longest > MOST) throw tooLarge()
  }
  const isLarge = longest > room
  const begin = isLarge ? makeRoom(longest) >>> 0 : buffer
  if (!begin) throw tooLarge()
  wholeMemory()
  // Says which of the two frames counts.
  if (isLarge) putLength(buffer, 0)
  let at = begin + 4
  for (let index = 0; index < values.length; index++) {
    const value = values[index]
    const isText = typeof value === "string"
    const content = isText ? value : value.content
    let length = content.length
    if (typeof content === "string") length = putText(at + 4, content)
    else view.set(content, at + 4)
    putLength(at, length * 4 + (isText ? TEXT : value.kind))
    at += 4 + length
  }
  putLength(begin, at - begin)
}

const wholeMemory = () => (view.length === 0 ? (view = new Uint8Array(memory.buffer)) : view)

const putLength = (at, length) => {
  view[at] = length
  view[at + 1] = length >> 8
  view[at + 2] = length >> 16
  view[at + 3] = length >> 24
}

/** UTF-8, lone surrogates replaced as everywhere where JavaScript writes UTF-8. */
const putText = (at, text) => {
  // For a short text, a call of the host costs more than it saves.
  let index = 0
  if (text.length < 40) {
    for (; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code > 127) break
      view[at + index] = code
    }
    if (index === text.length) return index
  }
  return encoder.encodeInto(text, view.subarray(at, at + text.length * 3)).written
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true })
let left

/** Keeps an answer that has no room in the buffer. */
export const leaveText = (text) => {
  left = text
}

/** The answer of so many bytes. */
export const readAnswer = (length) => {
  if (length <= room) return decoder.decode(wholeMemory().subarray(buffer, buffer + length))
  const text = left
  left = undefined
  return text
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
    // As many as there are now: a view of a buffer that can be resized would follow it.
    return kind === "[object ArrayBuffer]" || kind === "[object SharedArrayBuffer]"
      ? new Uint8Array(value, 0, value.byteLength)
      : undefined
  } catch {
    // It only says that it is one.
    return undefined
  }
}

/** The bytes of base64, as npm `pusher` gives them: a `Buffer` where the host has such a thing. */
export const bufferOf = (base64) => {
  if (typeof globalThis.Buffer?.from === "function") return globalThis.Buffer.from(base64, "base64")
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt())
}

/** What an exception says. */
export const wordsOf = (exception) => {
  try {
    if (typeof exception?.message === "string") return exception.message
  } catch {
    // A getter's problem.
  }
  return shown(exception)
}
