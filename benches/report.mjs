// What is printed: ratios first.
import { ratioOf, summaryOf } from "./statistics.mjs"
import { ratioGoal } from "./goals.mjs"

const significant = (number) => String(Number(number.toPrecision(3)))

/** What a variant compares with: over an agent, with ours over an agent. */
const baseOf = (variant) => (variant.endsWith(", agent") ? "ours, agent" : "ours")

/** A line a case: how many times as long as ours the others take, with the spread and the goal; and how long ours takes. */
export const printRatios = (runtime, name, times) => {
  const [ours, others] = [[], []]
  for (const [variant, samples] of Object.entries(times)) {
    const base = baseOf(variant)
    if (variant === base) {
      const { median, spread } = summaryOf(samples)
      ours.push(`${variant} ${significant(median / 1000)} ±${significant(spread / 1000)} µs`)
    } else {
      const { median, spread } = ratioOf(samples, times[base])
      others.push(`${variant} ${significant(median)} ±${significant(spread)}${verdict(median, ratioGoal(name, variant, runtime))}`)
    }
  }
  console.log(`${name.padEnd(33)} ${[...others, ...ours].map((text) => text.padEnd(28)).join(" ")}`)
}

const verdict = (ratio, goal) => (goal === undefined ? "" : ratio >= goal ? ` ✓${goal}` : ` ✗${goal}`)
