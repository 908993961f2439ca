import { collect } from "../endurance/collect.mjs"
import { held } from "../endurance/spy.mjs"

/**
 * Measures what is held once all garbage has been collected: the module's memory and values, objects that hold something of it, and the heap
 * of JavaScript, which a Worker cannot see (./inspector.mjs can).
 *
 * @returns {Promise<{ bytes: number, values: number, objects: number, heap: number | undefined }>}
 */
export const measureMemory = async () => {
  await collect(0)
  return { ...held(), heap: globalThis.process?.memoryUsage?.().heapUsed || undefined }
}
