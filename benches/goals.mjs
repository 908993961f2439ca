// What is to be reached, from goals.json.
import goals from "./goals.json" with { type: "json" }

/** How many times as long as ours a variant of a case should take at least. */
export const ratioGoal = (name, variant, runtime) =>
  goals.ratios.find((goal) => goal.case === name && goal.of === variant)?.[runtime]

/** What ours should need at most. */
export const limit = (what, runtime = "all") => goals.limits.find((goal) => goal.of === what)?.[runtime]
