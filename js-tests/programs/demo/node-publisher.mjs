// Publishes from a Node process. The demo copies this file next to the installed package.
import Pusher from "pusher-http-wasm"

const pusher = Pusher.fromEnv()

// Answers a call, `{ id, method, args }`, with `{ id, answer }` or `{ id, error }`.
process.on("message", async ({ id, method, args }) => {
  try {
    const response = await pusher[method](...args)
    process.send({ id, answer: await response.json() })
  } catch (error) {
    // The hint, or else the host's own error, says what to do.
    const host = error.cause?.cause?.message || error.cause?.message
    process.send({ id, error: [error.message, error.hint ?? host].filter(Boolean).join(". ") })
  }
})
process.on("disconnect", () => process.exit())
process.send({ ready: true })
