// Work of which some is done at the same time.
import { availableParallelism } from "node:os"

/** Runs a function for each item, as many at a time as the machine has processors for. Starts them in order. */
export async function forEachInLanes(items, run) {
  await eachTogether([...items], Math.min(availableParallelism(), 4), run)
}

/** Runs a function for each item, `count` at a time. Starts them in order. */
export async function eachTogether(items, count, run) {
  const waiting = items.values()
  const lane = async () => {
    for (const item of waiting) await run(item)
  }
  await Promise.all(Array.from({ length: count }, lane))
}

/** Returns the function, which then succeeds once for each first argument, however often and early it is called. */
export function once(run) {
  const results = new Map()
  return (key, ...rest) => {
    if (!results.has(key)) {
      const result = run(key, ...rest)
      result.catch(() => results.delete(key))
      results.set(key, result)
    }
    return results.get(key)
  }
}

/** Returns the function, whose calls then wait for each other. */
export function oneAfterTheOther(run) {
  let last = Promise.resolve()
  return (...args) => {
    const result = last.then(() => run(...args))
    last = result.catch(() => {})
    return result
  }
}
