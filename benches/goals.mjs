// What is to be reached, from goals.json. A ratio's goal says how many times as long as ours a variant takes at least.
import goals from "./goals.json" with { type: "json" }

export const ratioGoal = (name, variant, runtime) =>
  goals.ratios.find((goal) => goal.case === name && goal.of === variant)?.[runtime]
