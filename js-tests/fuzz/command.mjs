// Runs blocks of calls in a runtime that is a command. Prints a line of JSON for each.
import { runBlock } from "./blocks.mjs"

const { Deno, process } = globalThis
const { first, last, seconds, ...order } = JSON.parse(Deno ? Deno.args[0] : process.argv[2])
const print = Deno
  ? (text) => Deno.stdout.writeSync(new TextEncoder().encode(text))
  : (text) => new Promise((resolve) => process.stdout.write(text, resolve))
const end = Date.now() + seconds * 1000
for (let block = first; block <= last && Date.now() < end; block++) {
  const report = await runBlock({ ...order, block })
  await print(`${JSON.stringify({ block, ...report })}\n`)
  if (report.failure) break
}
Deno ? Deno.exit() : process.exit()
