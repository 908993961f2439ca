// Environment variables: of an object, such as a Worker's `env`, or of the host.
import { isAbsent, tryRead } from "../values.js"

/** Reads the variables that are there, as names and values by turns. Only text counts. */
export const readVariables = (env, names) =>
  names.flatMap((name) => {
    const value = isAbsent(env) ? hostVariable(name) : env[name]
    return typeof value === "string" ? [name, value] : []
  })

/** Reads a variable that the host lets the program see. Deno first: its `process` is a layer over the same, and slower to come by. */
const hostVariable = (name) => tryRead(() => globalThis.Deno?.env?.get(name) ?? globalThis.process?.env?.[name])
