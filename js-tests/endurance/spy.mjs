// Keeps the module's exports as it is instantiated, to see its memory from outside. Must be imported before the package.
const { Instance } = WebAssembly

let exports
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args)
    exports = this.exports
  }
}

/** What the module holds: bytes of its memory, and slots for JavaScript values. */
export const held = () => {
  const table = Object.values(exports).find((item) => item instanceof WebAssembly.Table && item.get(0) === undefined)
  return { bytes: exports.memory.buffer.byteLength, values: table.length }
}
