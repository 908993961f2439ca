// What others see of the results: the charts, docs/speed.md, and the table in the README.
//
//   node benches/publish.mjs       makes them anew from the results that are there
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

import { writeSpeedPage } from "../tools/figures.mjs"
import { drawCharts } from "./charts.mjs"
import { readResults } from "./results.mjs"

const readme = join(import.meta.dirname, "../README.md")
const [from, to] = ["<!-- make bench writes from here -->\n", "<!-- to here -->\n"]

/** Cases of the table, of those in the results. */
const shown = [
  "authorizeChannel, private",
  "authorizeChannel, presence",
  "authenticateUser",
  "webhook 0.5 KB",
  "webhook 8 KB",
  "signed query 0.2 KB",
  "trigger 0.2 KB",
  "encrypted trigger 10 KB",
  "dispatch, 32 in flight",
]

export const publish = () => {
  drawCharts()
  writeSpeedPage()
  const [before, rest] = readFileSync(readme, "utf8").split(from)
  const [, after] = rest.split(to)
  writeFileSync(readme, `${before}${from}${table()}${to}${after}`)
}

const table = () => {
  const runtimes = ["node", "deno", "bun", "workerd"].map(readResults)
  const heads = runtimes.map(
    ({ runtime, version }) => `${runtime[0].toUpperCase()}${runtime.slice(1)} ${version.split(".")[0]}`,
  )
  // workerd's versions are dates, which say nothing here.
  const head = `| how many times as fast as \`pusher\` | ${heads.join(" | ").replace(/Workerd \d+/, "workerd")} |\n|---|${"--:|".repeat(heads.length)}\n`
  const rows = shown.map(
    (name) =>
      `| ${name} | ${runtimes.map(({ cases }) => cases[name].pusher.ratio.median.toPrecision(2)).join(" | ")} |\n`,
  )
  return head + rows.join("")
}

if (process.argv[1] === import.meta.filename) publish()
