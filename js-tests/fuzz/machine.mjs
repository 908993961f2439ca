// What the host's world looks like to the library under test. Must be imported before the package.
import { held, packageIsThere } from "../endurance/spy.mjs"

export { held }

/** Timers take at most that long, in milliseconds: so a call that waits for an answer, or to try again, ends soon. */
const LONGEST_TIMER = 2

const { setTimeout: start } = globalThis
/** The host's own. */
export const startTimer = start

/** From now on, what the library starts is short; to be called once it is loaded. */
export const shortenTimers = () => {
  packageIsThere()
  globalThis.setTimeout = (callback, delay, ...rest) => start(callback, Math.min(delay ?? 0, LONGEST_TIMER), ...rest)
  // Nothing leaves this machine.
  globalThis.fetch = async () => new Response("{}")
  for (const name of ["log", "info", "warn", "error"]) console[name] = () => {}
}
