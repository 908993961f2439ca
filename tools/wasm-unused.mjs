// Removes code that nothing can call, or whose result nobody needs. wasm-bindgen makes a function for each kind of closure that a function of
// js-sys takes, about fifty, and they stay in the module's table. JavaScript calls the few that are used through an export.
import { createCursor, readFunctionNames, SECTIONS } from "./wasm-functions.mjs"

const CLOSURE = /^wasm_bindgen(\[\w+\])?::convert::closures::_::invoke/
/**
 * What js-sys asks in four places for the global object, only to learn whether that has a `queueMicrotask`: JavaScript says that it has not
 * (pkg-template/module/tasks.js), whatever the object is. Without it, the module has 0.3 KB less.
 */
const GLOBAL_OBJECT = /^js_sys(\[\w+\])?::global$/
/** Function bodies: no locals; trap; end. And: no locals; the constant 0; end. */
const NOTHING = Buffer.from([0x00, 0x00, 0x0b])
const ZERO = Buffer.from([0x00, 0x41, 0x00, 0x0b])

/** @param {Buffer} bytes a module with its functions' names @returns {Buffer} */
export const removeUnused = (bytes) => {
  const module = new WebAssembly.Module(bytes)
  const imported = WebAssembly.Module.imports(module).filter(({ kind }) => kind === "function").length
  const sections = readSections(bytes)
  const names = readNames(sections)
  // The export may be a shim that wasm-bindgen has put around the function.
  const nameOf = (index) => names.get(index)?.replace(/( externref| multivalue)* shim.*/, "") ?? ""
  const exported = new Set(readExportedFunctions(sections).map(nameOf))
  const isUnused = (index) => CLOSURE.test(nameOf(index)) && !exported.has(nameOf(index))
  const globalObject = [...names.keys()].find((index) => GLOBAL_OBJECT.test(nameOf(index)))
  if (globalObject === undefined) throw new Error("js-sys has another function for the global object")
  return writeModule(bytes, sections, (at) => {
    if (imported + at === globalObject) return ZERO
    return isUnused(imported + at) ? NOTHING : undefined
  })
}

/**
 * Returns the module without some of its functions, and without names, to be weighed.
 * @param {Buffer} bytes @param {(at: number) => boolean} isGone takes a function's position among those that are not imported
 */
export const removeFunctions = (bytes, isGone) =>
  writeModule(
    bytes,
    readSections(bytes).filter(({ id }) => SECTIONS[id] !== "custom"),
    (at) => (isGone(at) ? NOTHING : undefined),
  )

/** Writes a module, with the bodies of functions that `bodyOf` gives others. */
const writeModule = (bytes, sections, bodyOf) => {
  const parts = sections.map(({ id, content }) => {
    const own = SECTIONS[id] === "code" ? replaceBodies(content, bodyOf) : content
    return Buffer.concat([Buffer.from([id]), encodeNumber(own.length), own])
  })
  return Buffer.concat([bytes.subarray(0, 8), ...parts])
}

const readSections = (bytes) => {
  const module = createCursor(bytes)
  module.take(8)
  const sections = []
  while (!module.done()) sections.push({ id: module.byte(), content: module.take(module.number()) })
  return sections
}

const readNames = (sections) => {
  for (const { id, content } of sections) {
    const section = createCursor(content)
    if (SECTIONS[id] === "custom" && section.string() === "name") return readFunctionNames(section)
  }
  throw new Error("the module has no names: it does not show which functions belong to closures")
}

const readExportedFunctions = (sections) => {
  const FUNCTION = 0
  const section = createCursor(sections.find(({ id }) => SECTIONS[id] === "export").content)
  const exported = []
  for (let left = section.number(); left > 0; left--) {
    section.string()
    const kind = section.byte()
    const index = section.number()
    if (kind === FUNCTION) exported.push(index)
  }
  return exported
}

const replaceBodies = (content, bodyOf) => {
  const section = createCursor(content)
  const count = section.number()
  const bodies = Array.from({ length: count }, (_, at) => {
    const body = section.take(section.number())
    const kept = bodyOf(at) ?? body
    return Buffer.concat([encodeNumber(kept.length), kept])
  })
  return Buffer.concat([encodeNumber(count), ...bodies])
}

/** Encodes a number as LEB128. */
const encodeNumber = (value) => {
  const bytes = []
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80)
  return Buffer.from([...bytes, value])
}
