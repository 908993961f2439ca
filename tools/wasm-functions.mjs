// Reads the sizes of functions and sections from a wasm module that has its names.
// The format: https://webassembly.github.io/spec/core/binary/modules.html, and its appendix on the name section.

export const SECTIONS = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
]
export const FUNCTION_NAMES = 1

/** Creates a reader that starts at the first byte. */
export const createCursor = (bytes) => {
  const text = new TextDecoder()
  let at = 0
  const number = () => {
    let [value, shift] = [0, 0]
    for (;;) {
      const byte = bytes[at++]
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
      shift += 7
    }
  }
  const take = (length) => {
    at += length
    return bytes.subarray(at - length, at)
  }
  return {
    number,
    byte: () => bytes[at++],
    take,
    string: () => text.decode(take(number())),
    done: () => at >= bytes.length,
  }
}

/**
 * @returns {{ functions: { name: string, body: Buffer, bytes: number }[], imported: number, sections: Record<string, number> }}
 *   `imported`: the functions whose indices come first; `sections`: bytes, without names
 */
export const readModule = (bytes) => {
  const module = createCursor(bytes)
  module.take(8)
  const sections = {}
  let [bodies, names] = [[], new Map()]
  while (!module.done()) {
    const id = module.byte()
    const content = module.take(module.number())
    const section = createCursor(content)
    if (SECTIONS[id] === "custom") {
      if (section.string() === "name") names = readFunctionNames(section)
      continue
    }
    sections[SECTIONS[id] ?? `section ${id}`] = content.length
    if (SECTIONS[id] === "code") bodies = readBodies(section)
  }
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(
    ({ kind }) => kind === "function",
  ).length
  const functions = bodies.map((body, index) => ({
    name: names.get(imported + index) ?? `function ${imported + index}`,
    body,
    bytes: body.length,
  }))
  return { functions, imported, sections }
}

/** Reads function names by index from a name section, after the section's own name. */
export const readFunctionNames = (section) => {
  const names = new Map()
  while (!section.done()) {
    const kind = section.byte()
    const content = createCursor(section.take(section.number()))
    if (kind !== FUNCTION_NAMES) continue
    for (let left = content.number(); left > 0; left--) names.set(content.number(), content.string())
  }
  return names
}

const readBodies = (section) => Array.from({ length: section.number() }, () => section.take(section.number()))
