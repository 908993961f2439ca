import { eachTogether } from "../support/lanes.mjs"
import { phasesOf } from "./phases.mjs"

/**
 * Goes through the phases of an order.
 *
 * @param {import("./plan.mjs").Order} order
 * @param {{ begin: (phase: string) => Promise<void>, perform: (index: number, phase: string) => Promise<void>,
 *   end: (phase: string) => Promise<void> }} steps
 */
export async function drive({ count, inFlight }, { begin, perform, end }) {
  for (const { name, from, to } of phasesOf(count)) {
    await begin(name)
    const indices = Array.from({ length: to - from }, (_, at) => from + at)
    await eachTogether(indices, inFlight, (index) => perform(index, name))
    await end(name)
  }
}

/** Tells whether memory is measured at a phase's end: when pools and caches are full, and at the very end. */
export const isMeasured = ({ count }, name) => ["warm-up", phasesOf(count).at(-1).name].includes(name)
