// The clock by which requests are signed.
import { optionError } from "../errors.js"

/** Returns the time at which a request is signed, in whole seconds since 1970. The option `now` is caller code. */
export const secondsNow = ({ now }) => {
  const milliseconds = now ? now() : Date.now()
  const seconds = typeof milliseconds === "number" ? Math.floor(milliseconds / 1000) : NaN
  if (seconds >= 0 && seconds < 9e15) return seconds
  throw optionError(`${now ? "The `now` option" : "`Date.now`"} must return milliseconds since 1970`, "now")
}
