// Node, Deno and Bun: ends when it has told all.
import "./spy.mjs"
import { endure } from "./endure.mjs"
import { steps } from "./steps.mjs"

const order = JSON.parse((globalThis.Deno?.args ?? process.argv.slice(2))[0])
if (steps[order.step].withoutFinalizationRegistry) await import("./without-finalization-registry.mjs")
const { default: Pusher } = await import("pusher-http-wasm")
await endure(Pusher, order)
