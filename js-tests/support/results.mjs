// The results of places and runtimes: printed as they come, and at the end what failed.
import { forEachInLanes } from "./lanes.mjs"

/**
 * @typedef {object} Result
 * @property {number} passed number of cases
 * @property {{ name: string, reason: string }[]} failures
 * @property {string} [unavailable] why this machine cannot try it
 */

/**
 * Tries everything, as many at a time as the machine has processors for. What fails is tried once more by itself, and that second result
 * counts: a case that only fails while others take its processor is listed as unsteady. Prints the totals last, and resolves to whether
 * something passed and nothing failed.
 * @param {string[]} names
 * @param {(name: string) => Promise<Result>} tryOne
 */
export async function tryAll(names, tryOne) {
  /** @type {Map<string, Result>} */
  const results = new Map()
  const unsteady = []
  const show = async (name) => {
    const result = await tryOne(name)
    print("✗", name, result.failures)
    console.log(`${name}: ${summary(result)}`)
    results.set(name, result)
    return result
  }

  await forEachInLanes(names, show)
  for (const [name, { failures }] of [...results].filter(([, result]) => result.failures.length > 0)) {
    console.log(`\n${name}: once more, by itself`)
    if ((await show(name)).failures.length === 0) unsteady.push([name, failures])
  }

  for (const [name, { unavailable }] of results) if (unavailable) console.log(`${name}: not tried: ${unavailable}`)
  for (const [name, failures] of unsteady) print("unsteady: failed beside others, passed by itself:", name, failures)
  for (const [name, { failures }] of results) print("✗", name, failures)
  const all = [...results.values()]
  const total = {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failures: all.flatMap(({ failures }) => failures),
  }
  console.log(summary(total))
  return total.passed > 0 && total.failures.length === 0
}

const summary = ({ passed, failures, unavailable }) =>
  unavailable ? `not tried: ${unavailable}` : `${passed} passed, ${failures.length} failed`

function print(mark, name, failures) {
  for (const { name: failing, reason } of failures) console.log(`\n${mark} ${name}: ${failing}\n${reason}\n`)
}
