// Measures whether the time that a wrong signature takes tells where it is wrong. Reports, and asserts nothing: a machine's noise is no fault.
//
//   make attack-timing [PAIRS=4000]
//
// Of each pair of samples, one has signatures that differ from the right one in the first digit, the other in the last. Welch's t of the two, of the quicker
// half, which no other program interrupted: above 4.5 in absolute value, with samples enough, means that they are told apart (Goodwill et al., 2011).
import { execFile } from "node:child_process"
import { copyFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"

import { bin } from "../support/packages.mjs"
import { installPacked } from "../support/packed.mjs"
import { getWorkerdDate, serveWorker } from "../support/workerd.mjs"
import { VERIFICATIONS } from "./timing-samples.mjs"

const pairs = Number(process.argv[2] ?? 4000)
const run = promisify(execFile)

const mean = (list) => list.reduce((sum, one) => sum + one, 0) / list.length
const variance = (list) => {
  const middle = mean(list)
  return list.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (list.length - 1)
}
const withoutSlowest = (list, limit) => list.filter((one) => one <= limit)

/** Returns the row of a runtime's samples. The same limit for both kinds, so that leaving out makes no difference of its own. */
const compare = ({ first, last }) => {
  const sorted = [...first, ...last].sort((one, other) => one - other)
  const limit = sorted[sorted.length >> 1]
  const [one, other] = [withoutSlowest(first, limit), withoutSlowest(last, limit)]
  const error = Math.sqrt(variance(one) / one.length + variance(other) / other.length)
  const difference = mean(other) - mean(one)
  return {
    samples: one.length + other.length,
    "first, µs": mean(one).toFixed(3),
    "last, µs": mean(other).toFixed(3),
    "last − first, ns": (difference * 1000).toFixed(1),
    "standard error, ns": (error * 1000).toFixed(1),
    "Welch's t": (difference / error).toFixed(2),
  }
}

const { folder, remove } = await installPacked()
try {
  copyFileSync(join(import.meta.dirname, "timing-samples.mjs"), join(folder, "timing-samples.mjs"))
  writeFileSync(
    join(folder, "program.mjs"),
    `import Pusher from "pusher-http-wasm"
    import { takeSamples } from "./timing-samples.mjs"
    console.log(JSON.stringify(takeSamples(Pusher, ${pairs})))`,
  )
  writeFileSync(
    join(folder, "worker.mjs"),
    `import Pusher from "pusher-http-wasm"
    import { makeKinds } from "./timing-samples.mjs"
    const kinds = makeKinds(Pusher)
    export default {
      fetch(request) {
        kinds[new URL(request.url).pathname.slice(1)]()
        return new Response()
      },
    }`,
  )
  const programs = {
    node: [process.execPath, "program.mjs"],
    deno: [bin("deno"), "run", "--quiet", "--no-remote", "--node-modules-dir=manual", "program.mjs"],
    bun: [bin("bun"), "run", "program.mjs"],
  }
  const rows = {}
  for (const [name, [command, ...args]] of Object.entries(programs)) {
    const { stdout } = await run(command, args, { cwd: folder, maxBuffer: 2 ** 26, timeout: 300_000 })
    rows[name] = compare(JSON.parse(stdout))
  }
  rows["workerd, from outside"] = compare(await timeWorker())
  console.table(rows)
} finally {
  await remove()
}

async function timeWorker() {
  const entry = join(folder, "worker.mjs")
  const { url, stop } = await serveWorker({ folder, entry, name: "timing", compatibilityDate: getWorkerdDate() })
  const samples = { first: [], last: [] }
  try {
    for (let pair = -20; pair < pairs; pair++) {
      for (const kind of Math.random() < 0.5 ? ["first", "last"] : ["last", "first"]) {
        const start = performance.now()
        await (await fetch(new URL(kind, url))).arrayBuffer()
        if (pair >= 0) samples[kind].push(((performance.now() - start) * 1000) / VERIFICATIONS)
      }
    }
  } finally {
    stop()
  }
  return samples
}
