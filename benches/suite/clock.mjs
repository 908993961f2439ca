// A clock for intervals of some milliseconds, also where the host's own moves only once a millisecond, as on workerd.

const read = globalThis.Bun?.nanoseconds ?? (() => performance.now() * 1e6)

/** In nanoseconds. A host's clock that moves in larger steps is read again and again around a step. */
const COARSE = 50_000

/** Waits for the clock to move. Gives the time then, in nanoseconds, and how often it was read until then. */
const nextStep = () => {
  const from = read()
  let reads = 1
  let now = read()
  for (; now === from; reads++) now = read()
  return { now, reads }
}

const stepOfClock = () => {
  const times = Array.from({ length: 6 }, () => nextStep().now)
  return Math.min(...times.slice(1).map((time, at) => time - times[at]))
}

/** What one reading costs, in nanoseconds: how many fit into some steps. */
const costOfReading = () => {
  const { now: from } = nextStep()
  let [to, reads] = [from, 0]
  for (let at = 0; at < 20; at++) {
    const step = nextStep()
    to = step.now
    reads += step.reads
  }
  return (to - from) / reads
}

const startFine = () => {
  const from = read()
  return () => read() - from
}

/** Starts on a step; at the end, the readings until the next one tell how much of it was left. */
const coarse = (cost) => () => {
  const { now: from } = nextStep()
  return () => {
    const { now, reads } = nextStep()
    return now - reads * cost - from
  }
}

/**
 * Gives `start`, which gives `stop`, which gives the nanoseconds between the two. Not to be called at module scope: time stands still
 * there on workerd.
 */
export const clock = () => (stepOfClock() < COARSE ? startFine : coarse(costOfReading()))
