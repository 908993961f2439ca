// Events above the size limit, cut into several.
import { AROUND_SEALED } from "../limits.js"
import { encoder } from "../module/frame.js"
import { eventField, eventFields } from "./arguments.js"
import { freshKey } from "./nonces.js"

/** Returns how many bytes a text has as UTF-8; 0 for anything else. */
const byteLength = (text) => {
  if (typeof text !== "string") return 0
  // Mostly ASCII: encoding it takes up to a tenth of `publish` on Node.
  return /[\u0080-\uffff]/.test(text) ? encoder.encode(text).length : text.length
}

/** Returns how many bytes data takes in a body, at most. */
const bytesInBody = (data, isSealed) => Math.ceil(byteLength(data) * (isSealed ? 4 / 3 : 1))

/** Returns how many bytes an event of these fields (socket id, name, data, nonce, members) has as JSON, at most, but for its channels. */
export const sizeOf = (/** @type {any[]} */ [, name, data, , members], isSealed) =>
  byteLength(JSON.stringify(name)) + byteLength(members) + bytesInBody(data, isSealed) + 160

/** Returns how many bytes of data an event of these fields has, as servers count them. */
export const payloadOf = (/** @type {any[]} */ [, , data], isSealed) => {
  if (typeof data !== "string") return 0
  return isSealed ? Math.ceil((byteLength(data) + 16) / 3) * 4 + AROUND_SEALED : byteLength(JSON.parse(data))
}

/** Cuts a part into parts of which each has a piece of its data as `{ id, index, chunk, final }`. Returns none if there is no room for that. */
export const chunksOf = (settings, part, maxBytes) => {
  const { fields, isSealed, bytes } = part
  const [socketId, name, data, , members] = fields
  // In a body, each byte may take two: quotation marks are escaped.
  const roomInBody = Math.floor((maxBytes - bytes + bytesInBody(data, isSealed)) / 2)
  const limit = Math.min(settings.maxPayload, roomInBody)
  const allowed = isSealed ? Math.floor((limit - AROUND_SEALED) / 4) * 3 - 16 : limit
  const id = freshKey(settings).slice(0, 16)
  const makeData = (index, chunk, final) => ({ id, index, chunk, final })
  const room = allowed - JSON.stringify(makeData(1e6, "", false)).length
  // A character has up to 12 bytes, as an escape.
  if (!(room >= 12)) return []
  // As clients parse it.
  const text = isSealed ? data : JSON.parse(data)
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
