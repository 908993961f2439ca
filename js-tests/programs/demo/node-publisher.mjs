// The Node process that publishes. The demo copies this file to where the packed package is installed.
import Pusher from "pusher-http-wasm"

const pusher = Pusher.fromEnv()

// A message is a call: `{ id, method, args }`, answered by `{ id, answer }` or `{ id, error }`.
process.on("message", async ({ id, method, args }) => {
  try {
    const response = await pusher[method](...args)
    process.send({ id, answer: await response.json() })
  } catch (error) {
    // What a person needs to know is in the hint, or in the host's own error.
    const host = error.cause?.cause?.message || error.cause?.message
    process.send({ id, error: [error.message, error.hint ?? host].filter(Boolean).join(". ") })
  }
})
process.on("disconnect", () => process.exit())
process.send({ ready: true })
