// Node, Deno and Bun: ends when it has told all.
import "./spy.mjs"
import { endure } from "./endure.mjs"

const order = JSON.parse((globalThis.Deno?.args ?? process.argv.slice(2))[0])
const { default: Pusher } = await import("pusher-http-wasm")
await endure(Pusher, order)
