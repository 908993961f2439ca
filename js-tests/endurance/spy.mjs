// Sees from outside what the module holds. Must be imported before the package, and be told when that is there.
const { Instance } = WebAssembly
const Registry = FinalizationRegistry

let exports
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args)
    exports = this.exports
  }
}

/** Objects that hold something of the module's, and for which the collector is waited for. */
let objects = 0
globalThis.FinalizationRegistry = class extends Registry {
  constructor(cleanup) {
    super((value) => {
      objects--
      cleanup(value)
    })
  }
  register(...args) {
    super.register(...args)
    objects++
  }
  unregister(token) {
    const found = super.unregister(token)
    if (found) objects--
    return found
  }
}

/** Others, such as the runtime's own `fetch`, are not watched. */
export const packageIsThere = () => {
  WebAssembly.Instance = Instance
  globalThis.FinalizationRegistry = Registry
}

/** What the module holds: bytes of memory, JavaScript values, and what is held of it: objects that nobody has freed. */
export const held = () => {
  const table = Object.values(exports).find((item) => item instanceof WebAssembly.Table && item.get(0) === undefined)
  let values = 0
  for (let at = 0; at < table.length; at++) if (table.get(at) !== null) values++
  return { bytes: exports.memory.buffer.byteLength, values, objects }
}
