// The clocks: by one, requests are signed; the other measures how long something takes.
import { optionError } from "../errors.js"
import { tryRead } from "../values.js"

/** Returns the time at which a request is signed, in whole seconds since 1970. The option `now` is caller code. */
export const secondsNow = ({ now, serverNow }) => {
  const milliseconds = (serverNow ?? now ?? Date.now)()
  const seconds = typeof milliseconds === "number" ? Math.floor(milliseconds / 1000) : NaN
  if (seconds >= 0 && seconds < 9e15) return seconds
  throw optionError(`${now ? "The `now` option" : "`Date.now`"} must return milliseconds since 1970`, "now")
}

/** Returns milliseconds since some point in time. They pass at the same pace when the clock is set, except on hosts without `performance`. */
export const elapsedNow = () => tryRead(() => performance.now()) ?? Date.now()

/** Has requests signed by the server's clock from now on, where its time is known: `time`, in milliseconds since 1970. */
export const setClock = (settings, time) => {
  const start = time - elapsedNow()
  settings.serverNow = () => start + elapsedNow()
}
