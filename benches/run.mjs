// Measures this library beside others, and prints how many times as long they take.
//
//   node benches/run.mjs [--only TEXT]… [--runtime NAME]… [--package PATH] [--quick]
//
// --only takes the cases whose name has the text in it; --package takes another package of ours than pkg/, a folder or a tarball.
import { parseArgs } from "node:util"

import { install } from "./install.mjs"
import { printRatios } from "./report.mjs"
import { runtimes } from "./runtimes.mjs"
import { serve } from "./serve.mjs"
import { cases } from "./suite/cases/all.mjs"
import { dispatchNames } from "./suite/cases/dispatch.mjs"

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [""] },
    runtime: { type: "string", multiple: true, default: Object.keys(runtimes) },
    package: { type: "string" },
    quick: { type: "boolean", default: false },
  },
})

/** See `inTurns`. */
const settings = values.quick ? { rounds: 25, batch: 1, warmUp: 100 } : { rounds: 80, batch: 2, warmUp: 300 }
const sendSettings = values.quick ? { rounds: 10, batch: 20, warmUp: 200 } : { rounds: 40, batch: 50, warmUp: 1000 }

const chosen = (names) => names.filter((name) => values.only.some((text) => name.includes(text)))
const names = chosen(cases.map(({ name }) => name))
const sending = chosen(dispatchNames)

const { folder, remove } = await install(values.package)
const { server, stop } = await serve()
try {
  for (const runtime of values.runtime) {
    console.log(`\n${runtime}: how many times as long as ours others take (✓ goal reached, ✗ not), and how long ours takes`)
    const report = ({ name, times }) => printRatios(runtime, name, times)
    if (names.length > 0) await runtimes[runtime](folder, { names, settings }, report)
    if (sending.length > 0) await runtimes[runtime](folder, { names: sending, settings: sendSettings, server }, report)
  }
} finally {
  stop()
  await remove()
}
