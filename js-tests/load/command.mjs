// Node, Deno and Bun under load. Prints a line of JSON for each call, and ends by itself.
import "../endurance/spy.mjs"
import { packageIsThere } from "../endurance/spy.mjs"
import { drive, isMeasured } from "./drive.mjs"
import { measureMemory } from "./memory.mjs"
import { makePerformer } from "./perform.mjs"

/** @type {import("./plan.mjs").Order} */
const order = JSON.parse((globalThis.Deno?.args ?? process.argv.slice(2))[0])
const library = await import("pusher-http-wasm")
packageIsThere()
const performer = makePerformer(library, order)

const tell = async (step, body) => {
  const response = await fetch(`${order.control}${step}`, { method: "POST", body: JSON.stringify(body) })
  if (!response.ok) throw new Error(await response.text())
  await response.text()
}

await drive(order, {
  async begin(phase) {
    await tell("begin", { phase })
    performer.begin(phase)
  },
  async perform(index) {
    console.log(JSON.stringify(await performer.perform(index)))
  },
  async end(phase) {
    performer.end()
    if (isMeasured(order, phase)) await tell("memory", await measureMemory())
  },
})
