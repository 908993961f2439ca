// Environment variables: of an object, such as a Worker's `env`, or of the host.
import { validationError } from "../errors.js"
import { getOption, isAbsent, tryRead } from "../values.js"
import { checkObject, checkType, ID, TEXT } from "./options.js"

/** Reads the variables, as names and values by turns. `names` has that of the URL first. */
export const readVariables = (env, names) => {
  checkObject("env", env)
  return names.flatMap((name) => {
    const value = isAbsent(env) ? hostVariable(name, names) : getOption(env, name)
    return [name, checkType(name, value, /_(ID|PORT)$/.test(name) ? ID : TEXT)?.toString()]
  })
}

/**
 * Reads a variable of the host. Throws if the host denies it, unless the client can do without: with a URL, without the other variables;
 * without encrypted channels, without the master key.
 */
const hostVariable = (name, names) => {
  const read = readHost(name)
  if (read || name.endsWith("BASE64") || readHost(names[0])?.[0]) return read?.[0]
  throw validationError(`Cannot read ${name}: Deno needs --allow-env=${names}`, "missing_option", "env")
}

/** Deno first: its `process` is a layer over the same, and slower to come by. */
const readHost = (name) =>
  tryRead(() => {
    const { Deno, process } = /** @type {any} */ (globalThis)
    return [Deno?.env ? Deno.env.get(name) : getOption(process?.env, name)]
  })
