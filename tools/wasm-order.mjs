// Puts functions that are alike next to each other, where brotli finds more of one in the other: 0.3 KB less of the module's 23.
import { FUNCTION_NAMES, readModule, SECTIONS } from "./wasm-functions.mjs"
import { encodeNumber, joinSections, readSections } from "./wasm-unused.mjs"

/** Bytes of the sequences that functions are compared by: an instruction or two. */
const SEQUENCE = 4

/**
 * Orders functions so that each comes after the one that it has most in common with, among those that are left. Begins with the largest.
 * @template {{ body: Buffer }} F @param {F[]} functions @returns {F[]}
 */
export const orderByLikeness = (functions) => {
  const sequences = new Map(functions.map((function_) => [function_, readSequences(function_.body)]))
  const ordered = [functions.reduce((one, other) => (other.body.length > one.body.length ? other : one))]
  const left = new Set(functions)
  for (;;) {
    const last = ordered.at(-1)
    left.delete(last)
    if (left.size === 0) return ordered
    const likeness = new Map([...left].map((other) => [other, compare(sequences.get(last), sequences.get(other))]))
    ordered.push([...left].reduce((best, other) => (likeness.get(other) > likeness.get(best) ? other : best)))
  }
}

/**
 * Returns the module with other names for its functions, and without other custom sections.
 * @param {Buffer} bytes @param {(at: number) => string} nameOf takes a function's position among those that are not imported
 */
export const nameFunctions = (bytes, nameOf) => {
  const { functions, imported } = readModule(bytes)
  const entries = functions.map((_, at) => Buffer.concat([encodeNumber(imported + at), encodeText(nameOf(at))]))
  const list = Buffer.concat([encodeNumber(entries.length), ...entries])
  const content = Buffer.concat([encodeText("name"), Buffer.from([FUNCTION_NAMES]), encodeNumber(list.length), list])
  const others = readSections(bytes).filter(({ id }) => SECTIONS[id] !== "custom")
  return joinSections(bytes, [...others, { id: SECTIONS.indexOf("custom"), content }])
}

const readSequences = (body) => {
  const sequences = new Set()
  for (let at = 0; at + SEQUENCE <= body.length; at++) sequences.add(body.readUInt32LE(at))
  return sequences
}

/** Returns the share of sequences that both have: 0 to 1. */
const compare = (one, other) => {
  let both = 0
  for (const sequence of one) if (other.has(sequence)) both++
  return both / (one.size + other.size - both || 1)
}

const encodeText = (text) => Buffer.concat([encodeNumber(Buffer.byteLength(text)), Buffer.from(text)])
