// What is kept of a run: medians and how far samples lie around them, with the ratios and goals.
import { readFileSync } from "node:fs"
import { join } from "node:path"

import { limit, ratioGoal } from "./goals.mjs"
import { differenceOf, ratioOf, ratioOfSummaries, summaryOf } from "./statistics.mjs"

/** What a variant compares with: over an agent, with ours over an agent. */
const baseOf = (variant) => (variant.endsWith(", agent") ? "ours, agent" : "ours")

/**
 * Of one case: nanoseconds a call, and how many times as long as ours it is.
 *
 * @returns {Record<string, { nanoseconds: Summary, ratio?: Summary, goal?: number }>}
 */
export const caseResult = (runtime, name, times) =>
  Object.fromEntries(
    Object.entries(times).map(([variant, samples]) => {
      const nanoseconds = summaryOf(samples)
      const base = baseOf(variant)
      if (variant === base) return [variant, { nanoseconds }]
      return [variant, { nanoseconds, ratio: ratioOf(samples, times[base]), goal: ratioGoal(name, variant, runtime) }]
    }),
  )

/** Of CPU time: what each spends beyond the empty Worker; otherwise like `caseResult`. */
export const cpuResult = (runtime, name, { empty, ...times }) => {
  const beyond = Object.entries(times).map(([variant, samples]) => [variant, differenceOf(samples, empty)])
  const { ours } = Object.fromEntries(beyond)
  return Object.fromEntries(
    beyond.map(([variant, nanoseconds]) => [
      variant,
      variant === "ours"
        ? { nanoseconds }
        : { nanoseconds, ratio: ratioOfSummaries(nanoseconds, ours), goal: ratioGoal(name, variant, runtime) },
    ]),
  )
}

/** Of fresh processes: what each takes beyond the empty one. */
export const beyondEmpty = (runtime, what, { empty, ...samples }) =>
  Object.fromEntries([
    ["empty", { amount: summaryOf(empty) }],
    ...Object.entries(samples).map(([name, amounts]) => [
      name,
      { beyond: differenceOf(amounts, empty), limit: name === "ours" ? limit(what, runtime) : undefined },
    ]),
  ])

export const libraryVersions = (folder) =>
  Object.fromEntries(
    ["pusher-http-wasm", "pusher", "pusher-http-edge"].map((name) => [
      name,
      JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")).version,
    ]),
  )
