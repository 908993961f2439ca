// Whether memory stays flat over a million clients, a million calls, and thousands of failed and encrypted ones, and within a bound as payloads
// grow, on each runtime, which is told when to collect: nothing here hangs on when it likes to. Prints the curves and keeps them in
// target/endurance.json.
//
//   node js-tests/endurance/run.mjs [--share 0.1] [--natural] [--only PART-OF-A-STEP'S-NAME] [RUNTIME…]
//
// With --natural, each collects when it likes to, as it does for users. Such curves are to be looked at: they prove nothing.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { json } from "node:stream/consumers"
import { parseArgs } from "node:util"

import { bin } from "../support/packages.mjs"
import { installPacked } from "../support/packed.mjs"
import { serveWorker } from "../support/workerd.mjs"
import { steps } from "./steps.mjs"

const { values, positionals } = parseArgs({
  options: {
    share: { type: "string", default: "1" },
    natural: { type: "boolean", default: false },
    only: { type: "string", default: "" },
  },
  allowPositionals: true,
})
const { natural } = values
const settings = { share: Number(values.share), natural }

const unlessNatural = (...flags) => (natural ? [] : flags)
const deno = [
  "run",
  "--quiet",
  "--no-prompt",
  "--node-modules-dir=manual",
  "--allow-net=127.0.0.1",
  ...unlessNatural("--v8-flags=--expose-gc"),
]
const runtimes = {
  node: (folder, order) => command(folder, order, process.execPath, unlessNatural("--expose-gc")),
  deno: (folder, order) => command(folder, order, bin("deno"), deno),
  bun: (folder, order) => command(folder, order, bin("bun"), ["run"]),
  workerd: (folder, order) => worker(folder, order),
}
const what = {
  bytes: "the module's memory",
  values: "the module's values",
  objects: "the number of objects that nobody uses",
  resident: "the process",
}

const mebibyte = 2 ** 20
const inMebibytes = (bytes) => `${Math.round(bytes / mebibyte)} MiB`
/**
 * By how much each may rise. V8's young generation grows to three times 16 MiB when it likes. JavaScriptCore takes what only looks like
 * a reference for one, so that a few of those that were dropped may be left, and what they hold.
 */
const slack = (runtime) => ({
  bytes: 0,
  resident: 48 * mebibyte,
  ...(runtime === "bun" ? { objects: 5, values: 15 } : { objects: 0, values: 0 }),
})

const { folder, remove } = await installPacked()
cpSync(import.meta.dirname, join(folder, "endurance"), { recursive: true })
const nearLimit = "suite/whole/near-limit.mjs"
cpSync(join(import.meta.dirname, "..", nearLimit), join(folder, nearLimit))
const curves = {}
let [passed, failed] = [0, 0]
try {
  for (const [name, run] of Object.entries(runtimes)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    console.log(`\n${name}`)
    curves[name] = {}
    for (const step of Object.keys(steps).filter((step) => step.includes(values.only))) {
      let samples
      try {
        samples = await samplesOf((order) => run(folder, { ...order, step }))
      } catch (error) {
        // The next step has a process of its own.
        console.log(`  ✗ ${step}: ${error.message}`)
        failed++
        continue
      }
      curves[name][step] = samples
      const wrong = natural ? undefined : mistakeIn(samples, slack(name), steps[step].most)
      console.log(
        `  ${natural ? "·" : wrong ? "✗" : "✓"} ${step}, ${samples.at(-1).done.toLocaleString("en")} times${wrong ? `: ${wrong}` : ""}`,
      )
      const every = Math.ceil(samples.length / 10)
      const shown = samples.filter((_, at) => (at + 1) % every === 0)
      const line = (label, form) => console.log(`      ${label.padEnd(12)} ${shown.map(form).join(" ")}`)
      line("process, MiB", ({ resident }) => Math.round(resident / mebibyte))
      line("module, KiB", ({ bytes }) => bytes / 1024)
      line("values", ({ values }) => values)
      line("objects", ({ objects }) => objects)
      if (!natural) wrong ? failed++ : passed++
    }
  }
} finally {
  await remove()
}
mkdirSync(join(import.meta.dirname, "../../target"), { recursive: true })
writeFileSync(join(import.meta.dirname, "../../target/endurance.json"), JSON.stringify(curves, null, 1))
if (!natural) {
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}

/** What is not as it should be: something that grows, or something that is made to grow and is not found to. */
function mistakeIn(samples, slack, most) {
  const [{ leaks }] = samples
  if (most !== undefined) {
    const highest = Math.max(...samples.map(({ bytes }) => bytes))
    return highest <= most ? undefined : `${what.bytes} grows to ${inMebibytes(highest)}, beyond ${inMebibytes(most)}`
  }
  const grown = grownIn(samples, slack)
  const unseen = leaks.filter((key) => !grown.includes(key))
  if (unseen.length > 0) return `it was not seen that ${unseen.map((key) => what[key]).join(" and ")} grows`
  if (leaks.length === 0 && grown.length > 0) return `${grown.map((key) => what[key]).join(" and ")} grows`
}

/** What grew: the second half of a curve must not rise above the first, in which pools and caches fill. */
function grownIn(samples, slack) {
  const half = Math.floor(samples.length / 2)
  const highest = (key, part) => Math.max(...part.map((sample) => sample[key]))
  return Object.keys(what).filter(
    (key) => highest(key, samples.slice(half)) > highest(key, samples.slice(0, half)) + slack[key],
  )
}

/** Runs a step: what the runtime tells after each portion, and what the system says of its process then. */
async function samplesOf(run) {
  const samples = []
  let pid
  const server = createServer(async (request, response) => {
    const told = await json(request)
    const resident = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096
    samples.push({ ...told, resident })
    response.end("counted")
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  try {
    const running = await run({ counter: `http://127.0.0.1:${server.address().port}/`, ...settings })
    pid = running.pid
    await running.done
  } finally {
    server.closeAllConnections()
    server.close()
  }
  return samples
}

async function command(folder, order, executable, args) {
  const child = spawn(executable, [...args, "endurance/command.mjs", JSON.stringify(order)], {
    cwd: folder,
    stdio: "inherit",
  })
  const done = once(child, "exit").then(([code]) => {
    if (code !== 0) throw new Error(`the runtime ended with ${code}`)
  })
  return { pid: child.pid, done }
}

async function worker(folder, order) {
  const { withoutFinalizationRegistry } = steps[order.step]
  const name = withoutFinalizationRegistry ? "worker-without-finalization-registry" : "worker"
  const entry = join(folder, `endurance/${name}.mjs`)
  const { url, pid, stop } = await serveWorker({
    folder,
    entry,
    name: "endurance",
    v8Flags: unlessNatural("--expose-gc"),
  })
  const done = fetch(url, { method: "POST", body: JSON.stringify(order) })
    .then(async (response) => {
      if (!response.ok) throw new Error(await response.text())
    })
    .finally(stop)
  return { pid, done }
}
