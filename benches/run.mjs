// Measures this library beside others, and prints how many times as long they take.
//
//   node benches/run.mjs [--only TEXT]… [--runtime NAME]… [--package PATH] [--quick | --long]
//
// --only takes what has the text in its name: a case, "dispatch", "start-up", "bundle"; --package takes another package of ours than
// pkg/, a folder or a tarball; --long measures a million events as well (2 minutes). A run of everything writes results/ anew, and with them
// the charts and docs/speed.md.
import { parseArgs } from "node:util"

import { getRuntimeVersion, machine } from "../js-tests/support/machine.mjs"
import { bundleWeights } from "./bundles.mjs"
import { cpuNames, measureCpu } from "./cpu.mjs"
import { install } from "./install.mjs"
import { publish } from "./publish.mjs"
import { printBeyondEmpty, printBundles, printCase, printHeading } from "./report.mjs"
import { beyondEmpty, caseResult, cpuResult, libraryVersions, save } from "./results.mjs"
import { runtimes } from "./runtimes.mjs"
import { serve } from "./serve.mjs"
import { freshProcesses } from "./startup.mjs"
import { cases } from "./suite/cases/all.mjs"
import { sendingNames } from "./suite/cases/sending.mjs"

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [""] },
    runtime: { type: "string", multiple: true, default: Object.keys(runtimes) },
    package: { type: "string" },
    quick: { type: "boolean", default: false },
    long: { type: "boolean", default: false },
  },
})

/** Of calls and of requests: see `inTurns`. */
const settings = values.quick
  ? {
      calls: { rounds: 25, batch: 1, warmUp: 100 },
      requests: { rounds: 10, batch: 20, warmUp: 200 },
      cpu: { rounds: 6, requests: 100, warmUp: 400 },
      processes: 7,
    }
  : {
      calls: { rounds: 50, batch: 2, warmUp: 250 },
      requests: { rounds: 30, batch: 40, warmUp: 500 },
      cpu: { rounds: 16, requests: 200, warmUp: 1000 },
      processes: 20,
    }
const whole = process.argv.slice(2).every((argument) => argument === "--long")

const wanted = (name) => values.only.some((text) => name.toLowerCase().includes(text.toLowerCase()))
const listCalling = (runtime) =>
  cases
    .filter(({ runtimes = [runtime], isLong }) => runtimes.includes(runtime) && (values.long || !isLong))
    .map(({ name }) => name)
    .filter(wanted)
const spending = cpuNames.filter(wanted)
const sending = sendingNames.filter(wanted)

const { folder, remove } = await install(values.package)
const { server, stop } = await serve()
try {
  const common = { day: new Date().toISOString().slice(0, 10), machine: machine(), libraries: libraryVersions(folder) }
  for (const runtime of values.runtime) {
    const results = { runtime, version: getRuntimeVersion(runtime), ...common, ...(await measure(runtime)) }
    if (whole) save(runtime, results)
  }
  if (wanted("bundle")) {
    const weights = await bundleWeights(folder)
    printBundles(weights)
    if (whole) save("bundles", { libraries: common.libraries, ...weights })
  }
  if (whole) publish()
} finally {
  stop()
  await remove()
}

async function measure(runtime) {
  printHeading(runtime, getRuntimeVersion(runtime))
  const measured = {}
  const report = ({ name, times }) => {
    measured[name] = caseResult(runtime, name, times)
    printCase(name, measured[name])
  }
  const { calls, cpu, requests, processes } = settings
  const calling = listCalling(runtime)
  if (calling.length > 0) await runtimes[runtime](folder, { names: calling, settings: calls }, report)
  if (runtime === "workerd" && spending.length > 0) {
    await measureCpu(folder, { names: spending, settings: cpu, server }, ({ name, times }) => {
      measured[name] = cpuResult(runtime, name, times)
      printCase(name, measured[name])
    })
  }
  if (sending.length > 0) await runtimes[runtime](folder, { names: sending, settings: requests, server }, report)
  const fresh = wanted("start-up") ? await freshResults(runtime, processes) : {}
  return { cases: measured, fresh }
}

async function freshResults(runtime, rounds) {
  const fresh = {}
  for (const [what, samples] of Object.entries(await freshProcesses(runtime, folder, rounds))) {
    fresh[what] = beyondEmpty(runtime, what, samples)
    printBeyondEmpty(what, fresh[what])
  }
  return fresh
}
