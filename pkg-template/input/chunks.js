// Events above the size limit, cut into several.
import { encoder } from "../module/frame.js"
import { eventField, eventFields } from "./arguments.js"
import { freshKey } from "./nonces.js"

/** Returns how many bytes a text has as UTF-8; 0 for anything else. */
const byteLength = (text) => (typeof text === "string" ? encoder.encode(text).length : 0)

/** Returns how many bytes an event of these fields (socket id, name, data, nonce, members) has as JSON, at most, but for its channels. */
export const sizeOf = (/** @type {any[]} */ [, name, data, , members], isSealed) =>
  byteLength(JSON.stringify(name)) + byteLength(members) + Math.ceil(byteLength(data) * (isSealed ? 4 / 3 : 1)) + 160

/**
 * Cuts a part whose data is too large, according to the error, into parts of which each has a piece of it as `{ id, index, chunk, final }`. Returns
 * none if something else is wrong.
 */
export const chunksOf = (settings, part, error) => {
  const { fields, isSealed } = part
  const [socketId, name, data, , members] = fields
  const limit = error.code === "payload_too_large" ? /\d+(?= that are allowed$)/.exec(error.message)?.[0] : 0
  const id = freshKey(settings).slice(0, 16)
  const makeData = (index, chunk, final) => ({ id, index, chunk, final })
  // 4 bytes for 3, with 16 more; around them 60.
  const allowed = isSealed ? Math.floor((Number(limit) - 60) / 4) * 3 - 16 : Number(limit)
  const room = allowed - JSON.stringify(makeData(1e6, "", false)).length
  // A character has up to 12 bytes, as an escape.
  if (!(room >= 12)) return []
  // As clients will parse it, unless it is a string.
  const text = isSealed && !data.startsWith('"') ? data : JSON.parse(data)
  const parts = []
  for (let at = 0, index = 0; at < text.length; index++) {
    let piece = text.slice(at, at + room)
    // In bytes, without quotation marks. Each step comes closer.
    const sizeOfPiece = () => byteLength(JSON.stringify(piece)) - 2
    for (let size = sizeOfPiece(); size > room; size = sizeOfPiece()) {
      piece = piece.slice(0, Math.floor((piece.length * room) / size))
    }
    // Not through the middle of a character.
    if (piece.length > 1 && /[\ud800-\udbff]$/.test(piece)) piece = piece.slice(0, -1)
    at += piece.length
    const plain = { ...settings, stringify: JSON.stringify }
    const own = eventFields(plain, isSealed, makeData(index, piece, at >= text.length))
    /** @type {any} */
    const chunk = [socketId, eventField(`chunked-${name}`), own[0], own[1], members]
    parts.push({ ...part, fields: chunk, targets: new Map(part.targets), bytes: sizeOf(chunk, isSealed) })
  }
  return parts
}
