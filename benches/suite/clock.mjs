// A clock for intervals of some milliseconds, also where the host's own moves only once a millisecond, as on workerd.

const read = globalThis.Bun?.nanoseconds ?? (() => performance.now() * 1e6)

/** Waits for the clock to move. Gives the time then, and how often it was read. */
const nextStep = () => {
  const from = read()
  let [now, reads] = [from, 0]
  for (; now === from; reads++) now = read()
  return { now, reads }
}

const median = (numbers) => numbers.toSorted((one, other) => one - other)[numbers.length >> 1]

/**
 * To be called outside of module scope, where time stands still on workerd.
 *
 * @returns {{ step: number, start: () => () => number }} `step`: how far the clock moves at once; `start` gives `stop`, which gives the
 *   time between the two; all in nanoseconds
 */
export const clock = () => {
  const steps = Array.from({ length: 40 }, nextStep)
  const step = Math.min(...steps.slice(1).map(({ now }, at) => now - steps[at].now))
  const readsAStep = median(steps.slice(-20).map(({ reads }) => reads))
  const startNow = () => {
    const from = read()
    return () => read() - from
  }
  // Starts on a step; at the end, how often the clock is read until the next one tells how much of a step was left.
  const startOnStep = () => {
    const { now: from } = nextStep()
    return () => {
      const { now, reads } = nextStep()
      return now - from - step * Math.min(1, reads / readsAStep)
    }
  }
  return { step, start: step < 50_000 ? startNow : startOnStep }
}
