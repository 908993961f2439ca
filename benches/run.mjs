// Measures this library beside others, and prints how many times as long they take.
//
//   node benches/run.mjs [--only TEXT]… [--runtime NAME]… [--package PATH] [--quick]
//
// --only takes the cases whose name has the text in it; --package takes another package of ours than pkg/, a folder or a tarball.
import { parseArgs } from "node:util"

import { install } from "./install.mjs"
import { printRatios } from "./report.mjs"
import { runtimes } from "./runtimes.mjs"
import { cases } from "./suite/cases/all.mjs"

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
const names = cases.map(({ name }) => name).filter((name) => values.only.some((text) => name.includes(text)))

const { folder, remove } = await install(values.package)
try {
  for (const runtime of values.runtime) {
    console.log(`\n${runtime}: how many times as long others take, and the goal for pusher`)
    await runtimes[runtime](folder, { names, settings }, ({ name, times }) => printRatios(runtime, name, times))
  }
} finally {
  await remove()
}
