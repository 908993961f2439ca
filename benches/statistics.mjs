// Medians and how far samples lie around them. By tinybench, which is given what was measured in turns: by itself it would run one
// variant after the other.
import { Bench } from "tinybench"

/** @typedef {{ median: number, spread: number }} Summary `spread`: the median of the distances from the median */

/** @returns {Summary} */
export const summaryOf = (samples) => {
  // It knows no negative times.
  const least = Math.min(0, ...samples)
  const bench = new Bench({ time: 0, iterations: samples.length, warmup: false, throws: true })
  let at = 0
  bench.add("samples", () => ({ overriddenDuration: samples[at++] - least }), { async: false })
  const [{ result }] = bench.runSync()
  return { median: result.latency.p50 + least, spread: result.latency.mad }
}

/** How many times as long as `base` another takes: round by round, because what slows the machine slows both. */
export const ratioOf = (other, base) => summaryOf(other.map((time, round) => time / base[round]))

/** The same of two summaries, for amounts so small that one round may show none. Its spread is the largest that both can give. */
export const ratioOfSummaries = (other, base) => {
  const median = other.median / base.median
  return {
    median,
    spread: Math.abs(median) * (other.spread / Math.abs(other.median) + base.spread / Math.abs(base.median)),
  }
}

/** How much more than `base` another needs, round by round. */
export const differenceOf = (other, base) => summaryOf(other.map((amount, round) => amount - base[round]))
