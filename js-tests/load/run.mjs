// Puts a Worker in workerd, and a program of Node, Deno and Bun, under load and faults: whatever happens, accepted events must reach subscribers
// exactly once. DESCRIPTION
//
//   node js-tests/load/run.mjs [--count 50000] [--in-flight 200] [--seed NUMBER] [--limit SECONDS] [--results FOLDER] [RUNTIME…]
import { cpSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"

import { installPacked } from "../support/packed.mjs"
import { load } from "./load.mjs"
import { programs } from "./programs.mjs"

const { values, positionals } = parseArgs({
  options: {
    count: { type: "string", default: "50000" },
    "in-flight": { type: "string", default: "200" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    limit: { type: "string", default: "300" },
    results: { type: "string", default: join(import.meta.dirname, "results") },
  },
  allowPositionals: true,
})
const [count, inFlight, seed, limit] = [values.count, values["in-flight"], values.seed, values.limit].map(Number)
const runtimes = positionals.length > 0 ? positionals : Object.keys(programs)

const { folder, remove } = await installPacked()
for (const path of ["load", "endurance", "support/lanes.mjs"])
  cpSync(join(import.meta.dirname, "..", path), join(folder, path), { recursive: true })
console.log(`seed ${seed}`)
let failed = 0
try {
  for (const runtime of runtimes) {
    const run = await load(runtime, { folder, seed, count, inFlight, limit })
    console.log(run.tally.total, run.tally.errors, run.memory, run.arrivals, run.left, run.calledFor, run.tally.recovery, run.deaths)
    for (const { name, broken } of run.results) {
      console.log(`${broken.length ? "✗" : "✓"} ${name}`)
      for (const line of broken.slice(0, 5)) console.log(`    ${line}`)
      if (broken.length > 0) failed++
    }
  }
} finally {
  await remove()
}
process.exitCode = failed > 0 ? 1 : 0
