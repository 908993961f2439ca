// The end that the user asks for: Ctrl-C.
import process from "node:process"

/** Calls a function when the user ends the program. Returns a function that stops waiting for that. */
export const onInterrupt = (callback) => {
  const signals = ["SIGINT", "SIGTERM"]
  for (const signal of signals) process.once(signal, callback)
  return () => {
    for (const signal of signals) process.off(signal, callback)
  }
}
