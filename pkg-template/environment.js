// A configuration's variables: of an object, such as a Worker's `env`, or of the host.
import { isAbsent, writeFrame } from "./values.js"

/** Writes the variable, or an absent field. */
export const writeVariable = (env, name) => writeFrame([isAbsent(env) ? variableOfHost(name) : textOf(env, name)])

const textOf = (env, name) => {
  try {
    const value = env[name]
    return typeof value === "string" ? value : undefined
  } catch {
    return undefined
  }
}

/** An environment variable, where the host has them and lets the program see this one. */
const variableOfHost = (name) => {
  try {
    // Deno first: its `process` is a layer over the same, and slower to come by.
    return globalThis.Deno?.env?.get(name) ?? globalThis.process?.env?.[name]
  } catch {
    return undefined
  }
}
