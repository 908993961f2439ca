// What is printed: ratios first.
import goals from "./goals.json" with { type: "json" }
import { ratioOf, summaryOf } from "./statistics.mjs"

const significant = (number) => String(Number(number.toPrecision(3)))

/** One line a case: `✓` or `✗` for its goal, the ratios with their spread, and what a call of ours takes. */
export const printRatios = (runtime, name, times) => {
  const goal = goals["ratio to pusher"][name]?.[runtime]
  const { ours, ...others } = times
  const ratios = Object.entries(others).map(([variant, samples]) => {
    const { median, spread } = ratioOf(samples, ours)
    const against = variant === "pusher" && goal !== undefined ? ` (goal ${goal})` : ""
    return `${variant} ${significant(median)} ±${significant(spread)}${against}`
  })
  const reached = times.pusher && goal !== undefined ? (ratioOf(times.pusher, ours).median >= goal ? "✓" : "✗") : " "
  const { median, spread } = summaryOf(ours)
  console.log(`${reached} ${name.padEnd(34)} ${ratios.map((text) => text.padEnd(26)).join(" ")} ours ${significant(median / 1000)} ±${significant(spread / 1000)} µs`)
}
