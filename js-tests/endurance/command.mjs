// Node, Deno and Bun: all steps, each sample sent to whoever counts; ends when it has told that it is done.
import { held } from "./spy.mjs"
import { endure } from "./steps.mjs"

const { counter, share } = JSON.parse((globalThis.Deno?.args ?? process.argv.slice(2))[0])
const { default: Pusher } = await import("pusher-http-wasm")

await endure(
  Pusher,
  async (sample) => {
    await (await fetch(counter, { method: "POST", body: JSON.stringify({ ...sample, ...held() }) })).text()
  },
  share,
)
