// Throws values of every kind at every export of the package, on each runtime: no call may trap, hang, forget a rejection, or throw what is
// not documented, and after each thousand the library must know every right answer.
//
//   node js-tests/fuzz/run.mjs [--calls 100000] [--seconds 560] [--seed N] [--only BLOCK[:PATH]] [--recipe JSON] [--trace] [RUNTIME…]
//
// The same seed makes the same calls. `--only` makes those of one block, or one call; `--recipe` makes a call that was printed.
import { spawn } from "node:child_process"
import { randomInt } from "node:crypto"
import { cpSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { parseArgs } from "node:util"

import { bin } from "../support/packages.mjs"
import { installPacked } from "../support/packed.mjs"
import { serveWorker } from "../support/workerd.mjs"

const BLOCK = 1000
/** Seconds after which a block that has not ended is one that hangs: the slowest takes a twentieth of that. */
const LONGEST_BLOCK = 180

const { values, positionals } = parseArgs({
  options: {
    calls: { type: "string", default: "100000" },
    seconds: { type: "string", default: "560" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    only: { type: "string" },
    recipe: { type: "string" },
    trace: { type: "boolean", default: false },
  },
  allowPositionals: true,
})
const root = join(import.meta.dirname, "../..")

/** The codes in the types: those of `PusherValidationError`, `PusherRequestError` and `PusherWebHookError`. */
const documentedCodes = () => {
  const types = readFileSync(join(root, "pkg-template/types/index.d.ts"), "utf8")
  const codes = [...types.matchAll(/readonly code:([^\n]*(?:\n\s+\|[^\n]*)*)/g)].flatMap(
    ([, list]) => list.match(/"\w+"/g) ?? [],
  )
  return codes.map((code) => JSON.parse(code))
}

const [block, ...path] = values.only?.split(":") ?? []
const order = {
  seed: Number(values.seed),
  codes: documentedCodes(),
  trace: values.trace,
  ...(path.length > 0 && { path: path.join(":") }),
  ...(values.recipe && { recipe: JSON.parse(values.recipe) }),
}
const isOne = values.only !== undefined || values.recipe !== undefined
const blocks = Math.ceil(Number(values.calls) / BLOCK)
const range = isOne ? { first: Number(block ?? 0), last: Number(block ?? 0) } : { first: 0, last: blocks - 1 }
const calls = Math.min(BLOCK, Number(values.calls))
const seconds = Number(values.seconds)

const children = new Set()
const stopAll = () => {
  for (const stop of children) stop()
}
process.once("exit", stopAll)

/** Runs the blocks in a command. Yields the report of each. */
async function* byCommand(folder, executable, args) {
  const task = JSON.stringify({ ...order, ...range, calls, seconds })
  const child = spawn(executable, [...args, "js-tests/fuzz/command.mjs", task], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  })
  const stop = () => child.kill("SIGKILL")
  children.add(stop)
  let watch
  const rewind = () => {
    clearTimeout(watch)
    watch = setTimeout(stop, LONGEST_BLOCK * 1000)
  }
  const exit = new Promise((resolve) => child.once("exit", (code, signal) => resolve(signal ?? code)))
  try {
    rewind()
    for await (const line of createInterface(child.stdout)) {
      rewind()
      yield JSON.parse(line)
    }
    const how = await exit
    if (how !== 0) yield { failure: { message: `the runtime ended with ${how}, in the block after the last one` } }
  } finally {
    clearTimeout(watch)
    children.delete(stop)
    stop()
  }
}

/** Runs the blocks in a Worker. Yields the report of each. */
async function* byWorker(folder) {
  const { url, stop } = await serveWorker({ folder, entry: join(folder, "js-tests/fuzz/worker.mjs"), name: "fuzz" })
  children.add(stop)
  try {
    const end = Date.now() + seconds * 1000
    for (let block = range.first; block <= range.last && Date.now() < end; block++) {
      const answer = await fetch(url, {
        method: "POST",
        body: JSON.stringify({ ...order, block, calls }),
        signal: AbortSignal.timeout(LONGEST_BLOCK * 1000),
      })
      const report = answer.ok ? await answer.json() : { failure: { message: await answer.text(), only: `${block}` } }
      yield { block, ...report }
      if (report.failure) return
    }
  } finally {
    children.delete(stop)
    stop()
  }
}

const deno = ["run", "--quiet", "--no-prompt", "--no-remote", "--node-modules-dir=manual", "--allow-net=127.0.0.1"]
const runtimes = {
  node: (folder) => byCommand(folder, process.execPath, []),
  deno: (folder) => byCommand(folder, bin("deno"), deno),
  bun: (folder) => byCommand(folder, bin("bun"), ["run"]),
  workerd: byWorker,
}
const unknown = positionals.filter((name) => !Object.hasOwn(runtimes, name))
if (unknown.length > 0) {
  console.error(`unknown runtime ${unknown.join(", ")}: there are ${Object.keys(runtimes).join(", ")}`)
  process.exit(2)
}

const { folder, remove } = await installPacked({ also: ["fast-check", "ws"] })
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    stopAll()
    await remove()
    process.exit(130)
  })
}
const parts = [
  "js-tests/fuzz",
  "js-tests/suite",
  "js-tests/endurance/spy.mjs",
  "js-tests/support/assertions.mjs",
  "tests/vectors.json",
]
for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true })

console.log(`seed ${order.seed}`)
let failed = 0
try {
  for (const [name, run] of Object.entries(runtimes)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    const start = Date.now()
    let [made, most, failure] = [0, 0, undefined]
    try {
      for await (const report of run(folder)) {
        made += report.calls ?? 0
        most = Math.max(most, report.bytes ?? 0)
        failure ??= report.failure && { block: report.block, ...report.failure }
      }
    } catch (error) {
      failure = { message: error.stack }
    }
    if (made === 0) failure ??= { message: "no call was made" }
    const took = ((Date.now() - start) / 1000).toFixed(1)
    const memory = `${(most / 2 ** 20).toFixed(1)} MiB at most in the module`
    console.log(`${failure ? "✗" : "✓"} ${name.padEnd(8)} ${made.toLocaleString("en")} calls in ${took} s, ${memory}`)
    if (!failure) continue
    failed++
    console.log(`  ${failure.message.replaceAll("\n", "\n  ")}`)
    const command = "node js-tests/fuzz/run.mjs"
    if (failure.only) console.log(`  again: ${command} --seed ${order.seed} --only ${failure.only} ${name}`)
    if (failure.recipe)
      console.log(`  by itself: ${command} --recipe '${failure.recipe.replaceAll("'", "'\\''")}' ${name}`)
  }
} finally {
  await remove()
}
process.exitCode = failed > 0 ? 1 : 0
