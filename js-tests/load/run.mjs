// Puts a program of Node, Deno and Bun, and a Worker in workerd, under load, aborts and faults, while the server dies and comes back, connections
// are reset, names do not resolve, clocks step, and a subscriber reads nothing: whatever is accepted must reach each subscriber exactly once.
// Writes load.md and load.svg. The same seed makes the same calls, which meet the same faults.
//
//   node js-tests/load/run.mjs [--count 50000] [--in-flight 200] [--seed NUMBER] [--limit SECONDS] [--together 1] [--results FOLDER] [RUNTIME…]
//
// --limit is the time that a runtime may take, --together how many runtimes are under load at a time.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"

import { eachTogether } from "../support/lanes.mjs"
import { getRuntimeVersion, machine } from "../support/machine.mjs"
import { installPacked } from "../support/packed.mjs"
import { drawChart } from "./chart.mjs"
import { load } from "./load.mjs"
import { programs } from "./programs.mjs"
import { makeReport } from "./report.mjs"

const { values, positionals } = parseArgs({
  options: {
    count: { type: "string", default: "50000" },
    "in-flight": { type: "string", default: "200" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    limit: { type: "string", default: "300" },
    together: { type: "string", default: "1" },
    results: { type: "string", default: join(import.meta.dirname, "results") },
  },
  allowPositionals: true,
})
const readCount = (name) => {
  const value = Number(values[name])
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new Error(`--${name} must be a whole number above 0, not ${values[name]}`)
}
const [count, inFlight, seed, limit, together] = ["count", "in-flight", "seed", "limit", "together"].map(readCount)
const runtimes = positionals.length > 0 ? positionals : Object.keys(programs)
const unknown = runtimes.filter((name) => !Object.hasOwn(programs, name))
if (unknown.length > 0) throw new Error(`there is no runtime ${unknown}, only ${Object.keys(programs)}`)
/** Of a promise that is broken a thousand times, so many lines tell enough. */
const MOST_LINES = 5

const { folder, remove } = await installPacked()
for (const path of ["load", "endurance", "support/lanes.mjs"])
  cpSync(join(import.meta.dirname, "..", path), join(folder, path), { recursive: true })
console.log(`load: ${count} calls on each runtime, ${inFlight} at a time, --seed ${seed}`)
const runs = []
let [passed, failed] = [0, 0]
try {
  await eachTogether(runtimes, together, tryOne)
  if (runs.length > 0)
    writeResults(runs.sort((one, other) => runtimes.indexOf(one.runtime) - runtimes.indexOf(other.runtime)))
} finally {
  await remove()
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

async function tryOne(runtime) {
  let results
  try {
    const run = await load(runtime, { folder, seed, count, inFlight, limit })
    runs.push(run)
    results = run.results
    console.log(`\n${runtime}: ${summarise(run)}`)
  } catch (error) {
    results = [{ name: "it runs to its end", broken: [error.stack] }]
    console.log(`\n${runtime}`)
  }
  for (const { name, broken } of results) {
    console.log(`  ${broken.length > 0 ? "✗" : "✓"} ${name}`)
    for (const line of broken.slice(0, MOST_LINES)) console.log(`      ${line}`)
    if (broken.length > MOST_LINES) console.log(`      and ${broken.length - MOST_LINES} more`)
  }
  const broken = results.filter((result) => result.broken.length > 0).length
  passed += results.length - broken
  failed += broken
  console.log(`${runtime}: ${results.length - broken} passed, ${broken} failed`)
}

function summarise({ tally: { total, recovery }, calledFor }) {
  const { calls, requests, accepted, delivered, lost, doubled, failed } = total
  return (
    `${calls} calls and ${requests} requests in ${(calledFor / 1000).toFixed(1)} s; ${accepted} events accepted, ${delivered} delivered, ` +
    `${lost} lost, ${doubled} doubled; ${failed} calls failed; ${recovery} ms to recover`
  )
}

function writeResults(runs) {
  const versions = Object.fromEntries(runtimes.map((name) => [name, getRuntimeVersion(name)]))
  versions.package = JSON.parse(
    readFileSync(join(folder, "node_modules/pusher-http-wasm/package.json"), "utf8"),
  ).version
  const about = { machine: machine(), versions, day: new Date().toISOString().slice(0, 10), seed, chart: "load.svg" }
  mkdirSync(values.results, { recursive: true })
  writeFileSync(join(values.results, "load.md"), makeReport(runs, about))
  writeFileSync(join(values.results, "load.svg"), drawChart(runs))
}
