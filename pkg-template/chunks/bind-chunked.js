// The receiver's side of `publish` with `oversize: "chunk"`: puts events together that arrive in several parts. Runs beside pusher-js, in
// browsers and React Native too, so it imports nothing, and uses nothing newer than ES2020.

/** Bytes that a part counts beyond its text, for the objects that hold it. So an index has a limit as well. */
const BYTES_PER_PART = 64
/** Longest id. Ids of finished events are kept, and must not take much memory. */
const MAX_ID_LENGTH = 200
/** How many finished events are remembered, so that a part that arrives once more starts none. */
const MAX_FINISHED = 1000
/** Longest delay that timers can wait, in milliseconds. With a longer one they fire at once. */
const MAX_DELAY = 2 ** 31 - 1

/** Returns how many bytes a text has as UTF-8. By hand: older versions of React Native have no `TextEncoder`. */
const byteLength = (text) =>
  text.replace(/[\u0800-\ud7ff\ue000-\uffff]/g, "xxx").replace(/[\u0080-\uffff]/g, "xx").length

/** Parses data as pusher-js does: what is not JSON is a string. */
const parse = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Reads a part. Returns `undefined` if it is malformed. */
const readPart = (data) => {
  // No member of `Object.prototype`, and not the characters of a long string.
  const {
    id,
    index,
    chunk,
    final = false,
  } = /** @type {any} */ ({
    __proto__: null,
    ...(typeof data === "object" && data),
  })
  const isWellFormed =
    typeof id === "string" &&
    id.length <= MAX_ID_LENGTH &&
    Number.isInteger(index) &&
    index >= 0 &&
    typeof chunk === "string" &&
    typeof final === "boolean"
  return isWellFormed ? { id, index, chunk, final } : undefined
}

/**
 * Calls back for each event of that name, whether it arrives whole or in parts. Returns a function that ends it.
 * @type {typeof import("../types/chunks.js").bindChunked}
 */
export const bindChunked = (channel, name, callback, options) => {
  if (typeof callback !== "function") throw new TypeError("bindChunked: the callback must be a function")
  const given = { __proto__: null, ...options }
  const { onAbandon } = given
  const maxBytes = given.maxBytes ?? 10_000_000
  const maxEvents = given.maxEvents ?? 100
  const timeout = given.timeout ?? 60_000
  /** The events of which some parts have arrived, by id, oldest first. `last` is the index of the final part, once known. */
  const held = new Map()
  /** The ids of events that are complete or given up, oldest first. */
  const finished = new Set()
  let bytes = 0
  let isBound = true

  /** Lets go of an event, before any caller code runs. Returns its chunks. */
  const finish = (id) => {
    const event = held.get(id)
    held.delete(id)
    clearTimeout(event.timer)
    bytes -= event.bytes
    finished.add(id)
    if (finished.size > MAX_FINISHED) finished.delete(finished.values().next().value)
    return event.chunks
  }

  const giveUp = (id) => {
    const received = finish(id).size
    onAbandon?.({ id, received, name })
  }

  /** Gives up the oldest events until the others are within the limits. What `onAbandon` throws is thrown once they are. */
  const giveUpOldest = () => {
    const errors = []
    while (held.size > 0 && !(bytes <= maxBytes && held.size <= maxEvents)) {
      try {
        giveUp(held.keys().next().value)
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }

  const wait = (id, event) => {
    clearTimeout(event.timer)
    if (!(timeout <= MAX_DELAY)) return
    event.timer = setTimeout(giveUp, timeout, id)
    // In Node, a program need not stay for it.
    event.timer.unref?.()
  }

  /** @param {Parameters<typeof callback>} args whatever pusher-js passes */
  const receiveWhole = (...args) => {
    // pusher-js may still call what was unbound while it calls others.
    if (isBound) callback(...args)
  }

  const receivePart = (data, ...rest) => {
    const part = readPart(data)
    if (!part || !isBound || finished.has(part.id) || part.index * BYTES_PER_PART >= maxBytes) return
    const { id, index, chunk, final } = part
    if (!held.has(id)) held.set(id, { chunks: new Map(), bytes: 0, highest: 0, last: Infinity, timer: undefined })
    const event = held.get(id)
    const { chunks } = event
    if (chunks.has(index)) {
      if (chunks.get(index) !== chunk || final !== (index === event.last)) giveUp(id)
      return
    }
    const size = byteLength(chunk) + BYTES_PER_PART
    chunks.set(index, chunk)
    event.bytes += size
    bytes += size
    event.highest = Math.max(event.highest, index)
    if (final) event.last = Math.min(event.last, index)
    // Either there are two final parts, or others come after it.
    if (event.highest > event.last) return giveUp(id)
    if (chunks.size <= event.last) {
      wait(id, event)
      return giveUpOldest()
    }
    finish(id)
    const text = Array.from(chunks.keys(), (_, at) => chunks.get(at)).join("")
    callback(parse(text), ...rest)
  }

  channel.bind(`chunked-${name}`, receivePart)
  channel.bind(name, receiveWhole)

  return () => {
    isBound = false
    for (const { timer } of held.values()) clearTimeout(timer)
    held.clear()
    finished.clear()
    channel.unbind(`chunked-${name}`, receivePart)
    channel.unbind(name, receiveWhole)
  }
}
