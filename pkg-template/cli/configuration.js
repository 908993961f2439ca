// The app that commands work with. Every setting is a variable as `Pusher.fromEnv` reads it: from `--url`, which is PUSHER_URL, the environment, or a file.
import { readFileSync } from "node:fs"
import process from "node:process"
import { parseEnv } from "node:util"

import { UsageError } from "./errors.js"

const FILES = [".env", ".dev.vars"]
const CREDENTIALS = /_(ID|KEY|SECRET)$/

/** Reads the variables of a file in the current folder; none if it is not there. */
const readVariables = (file) => {
  try {
    return parseEnv(readFileSync(file, "utf8"))
  } catch (/** @type {any} */ error) {
    if (error.code === "ENOENT") return {}
    throw new UsageError(`Cannot read ${file}: ${error.code ?? error.name}`)
  }
}

/** Lists the variables that `fromEnv` reads. It looks each of them up, and finds none. */
const listVariables = (Pusher) => {
  const names = []
  const get = (_, name) => void names.push(name)
  try {
    Pusher.fromEnv(new Proxy({}, { get }))
  } catch {}
  return names
}

/** Returns the name of a variable's setting: some have two variables, such as PUSHER_KEY and PUSHER_APP_KEY. */
const settingOf = (variable) => variable.replace("PUSHER_APP_", "PUSHER_")

/** Merges sources by their order. Credentials of one take precedence over the PUSHER_URL of a later one. */
const merge = (names, sources) => {
  const variables = {}
  const used = []
  for (const { name, given } of sources) {
    const taken = Object.keys(variables)
    const hasCredentials = taken.some((variable) => CREDENTIALS.test(variable))
    const settings = new Set(taken.map(settingOf))
    const added = names.filter(
      (variable) =>
        given[variable] && !settings.has(settingOf(variable)) && !(variable === "PUSHER_URL" && hasCredentials),
    )
    for (const variable of added) variables[variable] = given[variable]
    if (added.length > 0) used.push(name)
  }
  return { variables, used }
}

/** Calls `make`. Says where settings may also be, if some are missing. */
const makeClient = (make) => {
  try {
    return make()
  } catch (/** @type {any} */ error) {
    if (error?.code !== "missing_option") throw error
    const hint = "Give --url, or set PUSHER_URL, in the environment or in .env or .dev.vars in this folder."
    throw new UsageError(error.message, hint)
  }
}

/**
 * Makes the client. `sources` names what its settings are from, and `secrets` are not to be printed.
 * @param {string | undefined} url the value of `--url`
 * @param {object} [options] further options of the client
 */
export const openClient = async (url, options) => {
  const { default: Pusher } = await import("pusher-http-wasm")
  const { variables, used } = merge(listVariables(Pusher), [
    { name: "--url", given: url === undefined ? {} : { PUSHER_URL: url } },
    { name: "the environment", given: process.env },
    ...FILES.map((name) => ({ name, given: readVariables(name) })),
  ])
  const pusher = makeClient(() => Pusher.fromEnv(variables, options))
  const { secret } = pusher.config.token
  const masterKey = variables.PUSHER_ENCRYPTION_MASTER_KEY_BASE64
  const secrets = [secret, encodeURIComponent(secret), masterKey].filter(Boolean)
  return { pusher, sources: used, secrets, hasMasterKey: masterKey !== undefined }
}

/** Returns where the client's server is: `https://api-eu.pusher.com`. */
export const baseUrlOf = ({ config: { scheme, host, port } }) => `${scheme}://${host}${port ? `:${port}` : ""}`
