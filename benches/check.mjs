// Whether results are complete: for the charts, for docs/speed.md, and for the goals.
import { strict as assert } from "node:assert"

import { makeTables } from "../tools/figures.mjs"
import { makeCharts } from "./charts.mjs"
import goals from "./goals.json" with { type: "json" }

/** Throws if something is missing in results: those `wanted`, by name, on the runtimes that are there. Draws them, if they are of everything. */
export const check = (results, wanted) => {
  for (const { case: name, of, ...runtimes } of goals.ratios) {
    if (!wanted(name)) continue
    // Only Linux tells CPU time.
    if (name.startsWith("CPU") && process.platform !== "linux") continue
    for (const [runtime, goal] of Object.entries(runtimes)) {
      if (results[runtime] === undefined) continue
      assert.equal(results[runtime].cases[name]?.[of]?.goal, goal, `${runtime}: ${name}, ${of}`)
    }
  }
  const isWhole =
    wanted("") && ["node", "deno", "bun", "workerd", "bundles", "profile"].every((name) => name in results)
  if (isWhole) {
    // As they are when read again.
    const read = (name) => JSON.parse(JSON.stringify(results[name]))
    for (const text of [makeTables(read), ...Object.values(makeCharts(read))]) {
      assert.doesNotMatch(text, /undefined|NaN|Infinity/)
    }
  }
  console.log("\nAll cases ran with equal results.")
}
