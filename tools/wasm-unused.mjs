// Removes code that nothing can call, or whose result nobody needs. wasm-bindgen makes a function for each kind of closure that a function of
// js-sys takes, about fifty, and they stay in the module's table. JavaScript calls the few that are used through an export.
import { createCursor, readFunctionNames, SECTIONS } from "./wasm-functions.mjs"

const CLOSURE = /^wasm_bindgen(\[\w+\])?::convert::closures::_::invoke/
// Function bodies: no locals, and what is done.
const TRAP = Buffer.from([0x00, 0x00, 0x0b])
const RETURN = Buffer.from([0x00, 0x0b])
const ZERO = Buffer.from([0x00, 0x41, 0x00, 0x0b])
/**
 * What becomes of functions of js-sys, each of which must be there. Without these, the module has 0.7 KB of brotli less.
 * @type {[names: RegExp, body: Buffer][]}
 */
const REPLACED = [
  // It looks for the global object in four places, only to learn whether that has a `queueMicrotask`. That is never used: where a test has faked
  // it (Jest does), tasks would never run, and none after them. A promise runs them.
  [/^js_sys::global$/, ZERO],
  [/^js_sys::global::get_global_object::/, TRAP],
  [/::hasQueueMicrotask::/, ZERO],
  [/^wasm_bindgen::__wbindgen_is_function::/, ZERO],
  [/::queue::queueMicrotask::/, TRAP],
  // The queue lasts as long as the instance.
  [/::drop_in_place::<core::cell::lazy::State<js_sys::futures::queue::Queue,/, RETURN],
  [/::queue::Queue>::new::\{closure#0\}(>$| as )/, TRAP],
  [/^__wbindgen_destroy_closure$/, TRAP],
  // No future of ours waits (src/wasm/recovery.rs), or suspends the module.
  [/::Task>::into_raw_waker::raw_(clone|wake)/, TRAP],
  [/::jspi::(SpawnedTask|task_waker)\b/, TRAP],
]

/** @param {Buffer} bytes a module with its functions' names @returns {Buffer} */
export const removeUnused = (bytes) => {
  const module = new WebAssembly.Module(bytes)
  const imported = WebAssembly.Module.imports(module).filter(({ kind }) => kind === "function").length
  const sections = readSections(bytes)
  const names = readNames(sections)
  // Without the crates' hashes. What is exported or imported may have a shim that wasm-bindgen has put around it.
  const nameOf = (index) =>
    names
      .get(index)
      ?.replace(/\[[0-9a-f]+\]/g, "")
      .replace(/( externref| multivalue)* shim.*/, "") ?? ""
  const exported = new Set(readExportedFunctions(sections).map(nameOf))
  const missing = new Set(REPLACED)
  const written = writeModule(bytes, sections, (at) => {
    const name = nameOf(imported + at)
    if (CLOSURE.test(name)) return exported.has(name) ? undefined : TRAP
    const replaced = REPLACED.find(([names]) => names.test(name))
    missing.delete(replaced)
    return replaced?.[1]
  })
  if (missing.size > 0) throw new Error(`js-sys has other functions for ${[...missing].map(([names]) => names)}`)
  return written
}

/**
 * Returns the module without some of its functions, and without names, to be weighed.
 * @param {Buffer} bytes @param {(at: number) => boolean} isGone takes a function's position among those that are not imported
 */
export const removeFunctions = (bytes, isGone) =>
  writeModule(
    bytes,
    readSections(bytes).filter(({ id }) => SECTIONS[id] !== "custom"),
    (at) => (isGone(at) ? TRAP : undefined),
  )

/** Writes a module, with the bodies of functions that `bodyOf` gives others. */
const writeModule = (bytes, sections, bodyOf) => {
  const written = sections.map(({ id, content }) => ({
    id,
    content: SECTIONS[id] === "code" ? replaceBodies(content, bodyOf) : content,
  }))
  return joinSections(bytes, written)
}

/** Writes the module `bytes` with other sections. */
export const joinSections = (bytes, sections) =>
  Buffer.concat([
    bytes.subarray(0, 8),
    ...sections.map(({ id, content }) => Buffer.concat([Buffer.from([id]), encodeNumber(content.length), content])),
  ])

export const readSections = (bytes) => {
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
export const encodeNumber = (value) => {
  const bytes = []
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80)
  return Buffer.from([...bytes, value])
}
