// How often, and with what delays, a call is retried: the option `retry`.
import { optionError } from "../errors.js"
import { MOST } from "../limits.js"
import { getOption, typeName } from "../values.js"
import { checkNames } from "./names.js"

/** What `retry` is by default. src/retry.rs says what its members mean, and has the same numbers for Rust. */
export const DEFAULT_RETRY = { attempts: 3, baseDelay: 200, maxDelay: 5_000, deadline: undefined }

/** Returns a number that must be whole, and at least so much. Infinity is as much as the module takes, and timers can wait. */
export const wholeNumber = (name, value, least, field) => {
  if ((Number.isInteger(value) || value === Infinity) && value >= least) return Math.min(value, MOST)
  throw optionError(`Invalid ${name}: it must be a whole number, ${least} or more`, field)
}

/** Reads the option `retry`, of a client or a call. Members left out are those of `base`. */
export const readRetry = (given, base) => {
  if ((given ?? true) === true) return base
  if (given === false) return { ...base, attempts: 1 }
  if (typeof given !== "object" || Array.isArray(given))
    throw optionError(`Invalid retry: it must be an object or false, not ${typeName(given)}`, "retry")
  checkNames(given, Object.keys(base), "member")
  const policy = { ...base }
  for (const name in base) {
    const value = getOption(given, name) ?? undefined
    if (value !== undefined) policy[name] = wholeNumber(`retry.${name}`, value, name.endsWith("Delay") ? 0 : 1, "retry")
  }
  return policy
}
