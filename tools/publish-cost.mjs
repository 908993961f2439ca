// Measures the CPU time that `publish` takes for a request of ten events, on Node and workerd, against a `fetch` that answers at once.
//
//   node tools/publish-cost.mjs
import { cpSync, readFileSync } from "node:fs"
import { join } from "node:path"

import { installPacked } from "../js-tests/support/packed.mjs"
import { serveWorker } from "../js-tests/support/workerd.mjs"

const { folder, remove } = await installPacked()
const count = 50_000
/** Of five times, the median: microseconds of CPU a request. */
const measure = async (name, getMicroseconds, publish) => {
  await publish()
  const costs = []
  for (let time = 0; time < 5; time++) {
    const before = getMicroseconds()
    const requests = await publish()
    costs.push((getMicroseconds() - before) / requests)
  }
  console.log(`${name}: ${Math.round(costs.sort((one, other) => one - other)[2])} µs of CPU a request`)
}
const entry = join(folder, "publish-cost-worker.mjs")
cpSync(join(import.meta.dirname, "publish-cost-worker.mjs"), entry)
const { publishMany } = await import(entry)
await measure(
  `Node ${process.versions.node}`,
  () => {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  () => publishMany(count),
)
const worker = await serveWorker({ folder, entry, name: "cost" })
// 10 000 µs each.
const ticksOf = () => {
  const fields = readFileSync(`/proc/${worker.pid}/stat`, "utf8").split(") ")[1].split(" ")
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}
await measure("workerd", ticksOf, async () => Number(await (await fetch(`${worker.url}?count=${count}`)).text()))
worker.stop()
await remove()
