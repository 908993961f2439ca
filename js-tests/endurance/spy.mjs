// Sees from outside what the module holds. Must be imported before the package, and be told when that is there.
const { Instance } = WebAssembly
const Registry = FinalizationRegistry

/** Those of the package's newest instance: it makes another in place of one whose memory has become large, or in which a call broke off. */
let exports
let module
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args)
    module ??= args[0]
    if (args[0] === module) exports = this.exports
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
  globalThis.FinalizationRegistry = Registry
}

/** What the module holds: bytes of memory, JavaScript values, and what is held of it: objects that nobody has freed. */
export const held = () => {
  // By type: their names are whatever the optimiser made of them.
  const memory = exported(WebAssembly.Memory)
  const table = valuesTable()
  let values = 0
  for (let at = 0; at < table.length; at++) if (table.get(at) !== null) values++
  return { bytes: memory.buffer.byteLength, values, objects }
}

/** Has the module hold one more value, as it does not by itself. */
export const keepValue = () => {
  const table = valuesTable()
  table.set(table.grow(1), {})
}

/** Not that of functions, which are `null` at first. */
const valuesTable = () => exported(WebAssembly.Table, (item) => item.get(0) === undefined)

function exported(type, isIt = () => true) {
  const found = Object.values(exports).filter((item) => item instanceof type && isIt(item))
  if (found.length !== 1) throw new Error(`The module exports ${found.length} of what is one WebAssembly.${type.name}`)
  return found[0]
}
