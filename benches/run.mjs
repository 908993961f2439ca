// Measures this library beside others, and prints how many times as long they take.
//
//   node benches/run.mjs [--only TEXT]… [--runtime NAME]… [--package PATH] [--quick | --long | --check]
//
// --only takes what has the text in its name: a case, "dispatch", "CPU", "start-up", "bundle", "profile"; --package takes another package of ours than
// pkg/, a folder or a tarball; --long measures a million events as well (2 minutes). A run of everything writes results/ anew, and with them
// the charts and docs/speed.md. --check measures nothing: it fails if a case does not run, if results differ, or if a goal has no case.
import { parseArgs } from "node:util"

import { getRuntimeVersion, machine } from "../js-tests/support/machine.mjs"
import { bundleWeights } from "./bundles.mjs"
import { check } from "./check.mjs"
import { cpuNames, measureCpu } from "./cpu.mjs"
import { install } from "./install.mjs"
import { profile, profiledNames } from "./profile.mjs"
import { publish } from "./publish.mjs"
import { printing, printingNames } from "./report.mjs"
import { beyondEmpty, caseResult, cpuResult, libraryVersions } from "./results.mjs"
import { runtimes } from "./runtimes.mjs"
import { serve } from "./serve.mjs"
import { settingsOf } from "./settings.mjs"
import { freshProcesses } from "./startup.mjs"
import { save } from "./stored.mjs"
import { cases } from "./suite/cases/all.mjs"
import { sendingNames } from "./suite/cases/sending.mjs"

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [""] },
    runtime: { type: "string", multiple: true, default: Object.keys(runtimes) },
    package: { type: "string" },
    quick: { type: "boolean", default: false },
    long: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
  },
})

const settings = settingsOf(values)
const print = values.check ? printingNames : printing
const whole = process.argv.slice(2).every((argument) => argument === "--long")

const wanted = (name) => values.only.some((text) => name.toLowerCase().includes(text.toLowerCase()))
const listCalling = (runtime) =>
  cases
    .filter(({ runtimes = [runtime] }) => runtimes.includes(runtime))
    .filter(({ isLong, longRounds }) => (values.long || !isLong) && !(values.check && longRounds))
    .map(({ name }) => name)
    .filter(wanted)
const spending = cpuNames.filter(wanted)
const sending = sendingNames.filter(wanted)

const { folder, remove } = await install(values.package)
const { server, stop } = await serve()
try {
  const common = {
    day: new Date().toISOString().slice(0, 10),
    machine: machine(),
    libraries: libraryVersions(folder),
  }
  const results = {}
  for (const runtime of values.runtime) {
    results[runtime] = { runtime, version: getRuntimeVersion(runtime), ...common, ...(await measure(runtime)) }
    if (whole) save(runtime, results[runtime])
  }
  if (wanted("bundle")) {
    const weights = await bundleWeights(folder)
    print.bundles(weights)
    results.bundles = { libraries: common.libraries, ...weights }
    if (whole) save("bundles", results.bundles)
  }
  if (wanted("profile") && values.package === undefined) {
    // Last, for it gives the package's module names, which only that of pkg/ has.
    const profiles = profile(folder, { names: profiledNames, milliseconds: settings.profile })
    results.profile = Object.fromEntries(Object.entries(profiles).map(([name, { groups }]) => [name, groups]))
    print.profile(results.profile)
    if (whole) save("profile", results.profile)
  }
  if (whole) publish()
  if (values.check) check(results, wanted)
} finally {
  stop()
  await remove()
}

async function measure(runtime) {
  print.heading(runtime, getRuntimeVersion(runtime))
  const measured = {}
  const reportBy =
    (makeResult) =>
    ({ name, times }) => {
      measured[name] = makeResult(runtime, name, times)
      print.case(name, measured[name])
    }
  const { calls, cpu, requests, processes } = settings
  const calling = listCalling(runtime)
  if (calling.length > 0) await runtimes[runtime](folder, { names: calling, settings: calls }, reportBy(caseResult))
  if (sending.length > 0)
    await runtimes[runtime](folder, { names: sending, settings: requests, server }, reportBy(caseResult))
  if (runtime === "workerd" && spending.length > 0) {
    await measureCpu(folder, { names: spending, settings: cpu, server }, reportBy(cpuResult))
  }
  const fresh = wanted("start-up") ? await freshResults(runtime, processes) : {}
  return { cases: measured, fresh }
}

async function freshResults(runtime, rounds) {
  const fresh = {}
  for (const [what, samples] of Object.entries(await freshProcesses(runtime, folder, rounds))) {
    fresh[what] = beyondEmpty(runtime, what, samples)
    print.beyondEmpty(what, fresh[what])
  }
  return fresh
}
