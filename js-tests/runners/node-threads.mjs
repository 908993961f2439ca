// Runs the suite in two worker threads of Node at once. One imports the package, the other requires it.
import { once } from "node:events"
import { Worker } from "node:worker_threads"

const threads = ["import", "require"].map(async (workerData) => {
  const thread = new Worker(new URL("node-thread.mjs", import.meta.url), { workerData, argv: process.argv.slice(2) })
  const [result] = await Promise.race([once(thread, "message"), once(thread, "exit")])
  if (!result?.failures) throw new Error(`the thread ended with ${result} and posted no result`)
  for (const failure of result.failures) failure.name = `thread of ${workerData}: ${failure.name}`
  return result
})

const results = await Promise.all(threads)
const addUp = (name) => results.reduce((total, result) => total + result[name], 0)
const result = {
  passed: addUp("passed"),
  failed: addUp("failed"),
  failures: results.flatMap(({ failures }) => failures),
}
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit())
