// Chooses the demo's Channels server: the embedded one, or one that the user names.
import { DemoError } from "./errors.mjs"

/** The variables that name a server, as in the examples. */
const NAMES = [
  "PUSHER_URL",
  "PUSHER_APP_ID",
  "PUSHER_KEY",
  "PUSHER_SECRET",
  "PUSHER_CLUSTER",
  "PUSHER_HOST",
  "PUSHER_PORT",
  "PUSHER_SCHEME",
]
const REQUIRED = ["PUSHER_APP_ID", "PUSHER_KEY", "PUSHER_SECRET"]
const LOOPBACK = /^(localhost|\[?::1\]?|127(\.\d{1,3}){3})$/

/**
 * Returns the variables of the server that the user names; `undefined` if none is named.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {Record<string, string> | undefined}
 * @throws {DemoError} if only some of the required variables are set
 */
export function readNamedServer(env) {
  const given = Object.fromEntries(NAMES.filter((name) => env[name]).map((name) => [name, env[name]]))
  if (Object.keys(given).length === 0) return undefined
  // It takes precedence in the examples as well.
  if (given.PUSHER_URL) return { PUSHER_URL: given.PUSHER_URL }
  const missing = REQUIRED.filter((name) => !given[name])
  if (missing.length === 0) return given
  throw new DemoError(
    `${Object.keys(given).join(", ")} ${Object.keys(given).length > 1 ? "are" : "is"} set, but ${missing.join(", ")} ` +
      `${missing.length > 1 ? "are" : "is"} not. Set all of them (or PUSHER_URL) for your own server, or none for the embedded one.`,
  )
}

/** Describes the embedded server in variables. @param {import("../../../pkg-template/testing/local-channels.js").LocalChannels} server */
export function describeServer({ host, port, apps: [{ id, key, secret }] }) {
  return {
    PUSHER_APP_ID: id,
    PUSHER_KEY: key,
    PUSHER_SECRET: secret,
    PUSHER_HOST: host,
    PUSHER_PORT: String(port),
    PUSHER_SCHEME: "http",
  }
}

/** Makes the environment of a process that knows this server and no other. */
export function makeEnvironment(variables, env) {
  const others = Object.entries(env).filter(([name]) => !name.startsWith("PUSHER_"))
  return { ...Object.fromEntries(others), ...variables }
}

export const isLoopback = (host) => LOOPBACK.test(host)

/** Reads the Worker's port. @returns {number} 0 for any free one @throws {DemoError} */
export function readPort({ DEMO_PORT = "" }) {
  const port = Number(DEMO_PORT || 0)
  if (/^\d*$/.test(DEMO_PORT) && port < 65_536) return port
  throw new DemoError(`DEMO_PORT is ${JSON.stringify(DEMO_PORT)}: it must be a port, 1 to 65535`)
}
