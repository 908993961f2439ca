// Frames: the one form in which text and bytes cross into the module and back.
//
// A frame is a list of fields, each of which is a header (4 bytes, little-endian: length × 8 + kind) and as many bytes. An answer
// begins with a header of its own. DESIGN.md draws both and says what they pay for; src/wasm/frame.rs is the other side.
import { argumentError, atIndex, validationError } from "../errors.js"
import { LONG_TEXT, MAX_FRAME, MAX_TEXT, MOST_KEPT, STACK, USUAL_FRAME } from "../limits.js"
import { isObject } from "../values.js"
import { ABSENT, BYTES, ERROR, FAILED, FAILURE, KIND_BITS, SECRET, TEXT } from "./kinds.js"

/** A field that is not simply a string: its kind, and its text or bytes. */
class Field {
  #brand
  kind
  content
  exception

  constructor(kind, content, exception = undefined) {
    this.kind = kind
    this.content = content
    this.exception = exception
  }

  /** Unlike `instanceof`, this runs no caller code: the value may be a proxy. */
  static is(value) {
    return isObject(value) && #brand in value
  }
}

const ABSENT_FIELD = new Field(ABSENT, "")

/** A field of bytes. Without such a mark, bytes are absent like any other object. */
export const bytesField = (bytes) => (bytes.length > MAX_TEXT ? ABSENT_FIELD : new Field(BYTES, bytes))

/**
 * A field that could not be made. `readAnswer` throws the exception, unless the module finds something wrong that is told first. In the
 * frame stands the field's number, by which the module names it.
 */
export const failedField = (exception) => new Field(FAILED, "", exception)

const fieldOf = (value, number) => {
  if (Field.is(value)) {
    if (value.kind === FAILED) value.content = String(number)
    return value
  }
  if (typeof value !== "string" || value.length > MAX_TEXT) return ABSENT_FIELD
  // It is long: three bytes a code unit would be too much room.
  return new Field(TEXT, encoder.encode(value))
}

const tooLarge = () => argumentError("The arguments are too large, all in all", "arguments")

export const encoder = new TextEncoder()
export const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

let memory, reserve
/** Where frames are written: address and bytes. */
let buffer
let size = 0
/** Bytes of the frame that was written last. */
let written = 0
/** A view of the whole memory. Its length is 0 when the memory has grown since. */
let view = new Uint8Array()

/** Takes over the memory of an instance, and the function that makes room in it: `(length) => address`, 0 where there is no memory. */
export const openFrames = (newMemory, reserveFrame) => {
  memory = newMemory
  reserve = reserveFrame
  view = new Uint8Array(memory.buffer)
  makeRoom(USUAL_FRAME)
}

/** Tells whether the memory is larger than is worth keeping. */
export const isMemoryLarge = () => view.length > MOST_KEPT

/** Makes room for frames of `length` bytes, in powers of two: memory that a module has, it never gives back. */
const makeRoom = (length) => {
  let room = USUAL_FRAME
  while (room < length) room *= 2
  const address = reserve(room)
  if (address === 0) throw tooLarge()
  buffer = address
  size = room
}

const wholeMemory = () => {
  if (view.length === 0) view = new Uint8Array(memory.buffer)
  return view
}

/**
 * Prepares the fields of a frame, in place: strings become text, everything else that is no field absent. Returns the most bytes that the
 * frame can have.
 */
export const prepareFields = (fields) => {
  let room = 0
  for (let index = 0; index < fields.length; index++) {
    let content = fields[index]
    if (typeof content !== "string" || content.length > LONG_TEXT) {
      fields[index] = fieldOf(content, index)
      content = fields[index].content
    }
    // Of text, three bytes a code unit: the most there can be.
    room += 4 + (typeof content === "string" ? content.length * 3 : content.length)
  }
  if (room > MAX_FRAME) throw tooLarge()
  return room
}

/** Writes a frame of prepared fields, which needs so much room, and returns its length in bytes. */
export const writeFrame = (fields, room) => {
  if (room > size) makeRoom(room)
  wholeMemory()
  let at = buffer
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index]
    const isText = typeof field === "string"
    const content = isText ? field : field.content
    let length = content.length
    if (typeof content === "string") length = putText(at + 4, content)
    else view.set(content, at + 4)
    putHeader(at, length, isText ? TEXT : field.kind)
    at += 4 + length
  }
  written = at - buffer
  return written
}

const putHeader = (at, length, kind) => {
  view[at] = (length << KIND_BITS) | kind
  view[at + 1] = length >> 5
  view[at + 2] = length >> 13
  view[at + 3] = length >> 21
}

/** Writes UTF-8, lone surrogates replaced as everywhere where JavaScript writes UTF-8; returns its length. */
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

/** Overwrites the frame that was written last. */
export const wipeFrame = () => {
  wholeMemory().fill(0, buffer, buffer + written)
}

/** Overwrites the module's stack, on which copies of keyed states lie. Nothing is on it while no call is under way. */
export const wipeStack = () => {
  wholeMemory().fill(0, 0, STACK)
}

const headerAt = (at) => (view[at] | (view[at + 1] << 8) | (view[at + 2] << 16) | (view[at + 3] << 24)) >>> 0

/**
 * Reads the answer at an address: its fields, `undefined` for an absent one. What was secret is overwritten. Throws an error that the
 * answer holds, or that of the one of the frame's `fields` that failed.
 */
export const readAnswer = (address, fields) => {
  wholeMemory()
  const header = headerAt(address)
  const kind = header & 7
  let at = address + 4
  const end = at + (header >>> KIND_BITS)
  const answer = []
  while (at < end) {
    const field = headerAt(at)
    const length = field >>> KIND_BITS
    answer.push((field & 7) === ABSENT ? undefined : textAt(at + 4, length))
    at += 4 + length
  }
  if (kind === SECRET) view.fill(0, address, end)
  if (kind < ERROR) return answer
  throw errorOf(kind, answer, fields)
}

const textAt = (at, length) => (length === 0 ? "" : decoder.decode(view.subarray(at, at + length)))

const errorOf = (kind, answer, fields) => {
  const [code, field, message, hint, index] = answer
  const error = kind === FAILURE ? fields[field].exception : validationError(message, code, field, hint)
  return index === undefined ? error : atIndex(error, Number(index))
}
