// Whether memory stays flat over a million clients, a million calls, and thousands of failed and encrypted ones, on each runtime.
// Prints the curves and keeps them in target/endurance.json.
//
//   node js-tests/endurance/run.mjs [--share 0.1] [RUNTIME…]
import { spawn } from "node:child_process"
import { once } from "node:events"
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { json } from "node:stream/consumers"
import { parseArgs } from "node:util"

import { installPacked } from "../packed.mjs"
import { bin, serveWorker } from "../runtimes.mjs"

const { values, positionals } = parseArgs({ options: { share: { type: "string", default: "1" } }, allowPositionals: true })
const share = Number(values.share)

const deno = (host) => ["run", "--quiet", "--no-prompt", "--node-modules-dir=manual", `--allow-net=${host}`]
const runtimes = {
  node: (folder, settings) => command(folder, settings, process.execPath, []),
  deno: (folder, settings) => command(folder, settings, bin("deno"), deno("127.0.0.1")),
  bun: (folder, settings) => command(folder, settings, bin("bun"), ["run"]),
  workerd: (folder, settings) => worker(folder, settings),
}

const { folder, remove } = await installPacked()
cpSync(import.meta.dirname, join(folder, "endurance"), { recursive: true })
const curves = {}
let [passed, failed] = [0, 0]
try {
  for (const [name, run] of Object.entries(runtimes)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    console.log(`\n${name}`)
    curves[name] = await samplesOf((settings) => run(folder, settings))
    for (const [step, samples] of Object.entries(curves[name])) {
      const growth = growthOf(samples)
      const mebibytes = (bytes) => Math.round(bytes / 2 ** 20)
      const every = Math.ceil(samples.length / 10)
      const line = (key, form) =>
        samples
          .filter((_, at) => (at + 1) % every === 0)
          .map((sample) => form(sample[key]))
          .join(" ")
      console.log(`  ${growth ? "✗" : "✓"} ${step}, ${samples.at(-1).done.toLocaleString("en")} times${growth ? `: ${growth}` : ""}`)
      console.log(`      process, MiB ${line("resident", mebibytes)}`)
      console.log(`      module, KiB  ${line("bytes", (bytes) => bytes / 1024)}`)
      console.log(`      values       ${line("values", String)}`)
      growth ? failed++ : passed++
    }
  }
} finally {
  await remove()
}
mkdirSync(join(import.meta.dirname, "../../target"), { recursive: true })
writeFileSync(join(import.meta.dirname, "../../target/endurance.json"), JSON.stringify(curves, null, 1))
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

/** What grew: the second half of a curve must not rise above the first, in which pools and caches fill. */
function growthOf(samples) {
  const half = Math.floor(samples.length / 2)
  const highest = (key, part) => Math.max(...part.map((sample) => sample[key]))
  const grew = (key, factor, slack) =>
    highest(key, samples.slice(half)) > highest(key, samples.slice(0, half)) * factor + slack
  // What was dropped and not collected yet is still there, and how much that is, each runtime decides anew. A leak would be more than
  // 64 bytes of each.
  const [{ collected }] = samples
  const mebibyte = 2 ** 20
  const late = collected ? 64 * (samples.at(-1).done - samples[half - 1].done) : 0
  if (grew("bytes", 1, late)) return "the module's memory grows"
  if (grew("values", collected ? 2 : 1, 0)) return "the module holds ever more values"
  if (grew("resident", 1.25, 32 * mebibyte + late)) return "the process grows"
}

/** Runs and counts: what the runtime tells after each portion, and what the system says of its process then. */
async function samplesOf(run) {
  const samples = {}
  let pid
  const server = createServer(async (request, response) => {
    const { step, ...held } = await json(request)
    const resident = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096
    ;(samples[step] ??= []).push({ ...held, resident })
    response.end("counted")
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  try {
    const running = await run({ counter: `http://127.0.0.1:${server.address().port}/`, share })
    pid = running.pid
    await running.done
  } finally {
    server.closeAllConnections()
    server.close()
  }
  return samples
}

async function command(folder, settings, executable, args) {
  const child = spawn(executable, [...args, "endurance/command.mjs", JSON.stringify(settings)], { cwd: folder, stdio: "inherit" })
  const done = once(child, "exit").then(([code]) => {
    if (code !== 0) throw new Error(`the runtime ended with ${code}`)
  })
  return { pid: child.pid, done }
}

async function worker(folder, settings) {
  const { url, pid, stop } = await serveWorker({ folder, entry: join(folder, "endurance/worker.mjs"), name: "endurance" })
  const done = fetch(url, { method: "POST", body: JSON.stringify(settings) })
    .then(async (response) => {
      if (!response.ok) throw new Error(await response.text())
    })
    .finally(stop)
  return { pid, done }
}
