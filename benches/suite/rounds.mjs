// Runs the variants of a case in turns: each round has a batch of calls of every one, so that whatever else the machine does in the
// meantime slows all of them alike.
import { clock } from "./clock.mjs"

/** @type {unknown} What a call gives goes here, so that no compiler finds it unused. */
export let sink

const callSync = (call, calls) => {
  for (let at = 0; at < calls; at++) sink = call()
}

const callAsync = async (call, calls) => {
  for (let at = 0; at < calls; at++) sink = await call()
}

/** Collected objects are finalised between tasks, and between batches there should be one. */
const nextTask = () => new Promise((resolve) => setTimeout(resolve, 0))

/**
 * @param {Record<string, () => unknown>} variants each a call; those that give a promise are awaited
 * @param {{ rounds: number, batch: number, warmUp: number }} settings `batch`: how long one of a variant takes (longer, where
 *   the clock is coarse), and `warmUp`: how long each runs before, until compilers
 *   have done what they can; both in milliseconds
 * @returns {Promise<Record<string, number[]>>} nanoseconds a call, of each variant in each round
 */
export const inTurns = async (variants, { rounds, batch, warmUp }) => {
  const { step, start } = clock()
  const nanoseconds = Math.max(batch * 1e6, 8 * step)
  const timed = async ({ call, isAsync }, calls) => {
    const stop = start()
    if (isAsync) await callAsync(call, calls)
    else callSync(call, calls)
    return stop()
  }
  const runners = []
  for (const [name, call] of Object.entries(variants)) {
    const first = call()
    runners.push({ name, call, isAsync: typeof first?.then === "function" })
    await first
  }
  for (const runner of runners) await warm(runner, warmUp * 1e6, nanoseconds, timed)
  for (const runner of runners) runner.calls = await callsIn(nanoseconds, (calls) => timed(runner, calls))

  const times = Object.fromEntries(runners.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    await nextTask()
    // Nobody comes always after the same one.
    for (const runner of round % 2 === 0 ? runners : runners.toReversed()) {
      times[runner.name].push((await timed(runner, runner.calls)) / runner.calls)
    }
  }
  return times
}

/** The same for calls that take seconds: once in a round, and none to warm up. */
export const inLongTurns = async (variants, rounds) => {
  const { start } = clock()
  const times = Object.fromEntries(Object.keys(variants).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, call] of Object.entries(variants)) {
      await nextTask()
      const stop = start()
      await call()
      times[name].push(stop())
    }
  }
  return times
}

/** In portions, for compilers put their work in place between tasks. */
const warm = async (runner, total, portion, timed) => {
  const calls = await callsIn(portion, (calls) => timed(runner, calls))
  for (let time = 0; time < total; ) {
    await nextTask()
    time += await timed(runner, calls)
  }
}

/** How many calls take about so many nanoseconds. */
const callsIn = async (nanoseconds, timed) => {
  let calls = 1
  for (;;) {
    // Of several, so that one interruption is not taken for slowness.
    const time = Math.min(await timed(calls), await timed(calls), await timed(calls))
    if (time >= nanoseconds / 4) return Math.max(1, Math.round((calls * nanoseconds) / time))
    calls *= 2
  }
}
