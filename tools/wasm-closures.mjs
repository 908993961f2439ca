// Takes code out of a module that nothing can call: js-sys has wasm-bindgen make a function for each kind of closure that any of its own
// functions takes, some fifty, and they stay in the module's table. JavaScript calls the few that are used by an export.
import { cursorOver, functionNames, SECTIONS } from "./wasm-functions.mjs"

const CLOSURE = /^wasm_bindgen(\[\w+\])?::convert::closures::_::invoke/
/** No locals; trap; end. */
const NOTHING = Buffer.from([0x00, 0x00, 0x0b])

/** @param {Buffer} bytes a module with its functions' names @returns {Buffer} */
export const withoutUnusedClosures = (bytes) => {
  const module = new WebAssembly.Module(bytes)
  const imported = WebAssembly.Module.imports(module).filter(({ kind }) => kind === "function").length
  const sections = sectionsOf(bytes)
  const names = namesOf(sections)
  // What is exported may be a shim that wasm-bindgen has put around the function.
  const nameOf = (index) => names.get(index)?.replace(/( externref| multivalue)* shim.*/, "") ?? ""
  const exported = new Set(exportedOf(sections).map(nameOf))
  const isUnused = (index) => CLOSURE.test(nameOf(index)) && !exported.has(nameOf(index))
  return written(bytes, sections, (at) => isUnused(imported + at))
}

/**
 * The module as it would weigh without those of its functions, and without names.
 * @param {Buffer} bytes @param {(at: number) => boolean} isGone of a function by its position among those that are not imported
 */
export const withoutFunctions = (bytes, isGone) =>
  written(
    bytes,
    sectionsOf(bytes).filter(({ id }) => SECTIONS[id] !== "custom"),
    isGone,
  )

const written = (bytes, sections, isGone) => {
  const parts = sections.map(({ id, content }) => {
    const own = SECTIONS[id] === "code" ? bodiesWithout(content, isGone) : content
    return Buffer.concat([Buffer.from([id]), number(own.length), own])
  })
  return Buffer.concat([bytes.subarray(0, 8), ...parts])
}

const sectionsOf = (bytes) => {
  const module = cursorOver(bytes)
  module.take(8)
  const sections = []
  while (!module.done()) sections.push({ id: module.byte(), content: module.take(module.number()) })
  return sections
}

const namesOf = (sections) => {
  for (const { id, content } of sections) {
    const section = cursorOver(content)
    if (SECTIONS[id] === "custom" && section.string() === "name") return functionNames(section)
  }
  throw new Error("the module has no names: which functions are closures' cannot be told")
}

const exportedOf = (sections) => {
  const FUNCTION = 0
  const section = cursorOver(sections.find(({ id }) => SECTIONS[id] === "export").content)
  const exported = []
  for (let left = section.number(); left > 0; left--) {
    section.string()
    const kind = section.byte()
    const index = section.number()
    if (kind === FUNCTION) exported.push(index)
  }
  return exported
}

const bodiesWithout = (content, isUnused) => {
  const section = cursorOver(content)
  const count = section.number()
  const bodies = Array.from({ length: count }, (_, at) => {
    const body = section.take(section.number())
    const kept = isUnused(at) ? NOTHING : body
    return Buffer.concat([number(kept.length), kept])
  })
  return Buffer.concat([number(count), ...bodies])
}

/** LEB128. */
const number = (value) => {
  const bytes = []
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80)
  return Buffer.from([...bytes, value])
}
