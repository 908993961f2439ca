// The checks of `doctor`, in order. Each gives a state and a sentence; once one says that nothing further can be learnt, the rest is skipped.
import process from "node:process"

import { baseUrlOf } from "./configuration.js"
import { count } from "./describe.js"
import { describeError } from "./errors.js"

/** How long an exchange may take, in milliseconds. */
const TIMEOUT = 10_000
/** How far off a clock may be, in seconds: what servers accept, what is worth a note, and what is not worth a word. */
const CLOCK_LIMIT = 600
const CLOCK_NOTE = 60
const CLOCK_TOLERANCE = 2
const PROXIES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"]
const LOOPBACK = /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/

/**
 * @typedef {object} Finding
 * @property {"ok" | "note" | "fail" | "skip"} state
 * @property {string} message
 * @property {boolean} [isLast] whether nothing further can be learnt
 */

const ok = (message) => ({ state: "ok", message })
const note = (message) => ({ state: "note", message })
const fail = (message, isLast = false) => ({ state: "fail", message, isLast })

/** Returns the codes of an error and of its causes: hosts put theirs in different depths. */
const codesOf = (error) => {
  const codes = []
  for (let at = error, depth = 0; at && depth < 5; at = at.cause ?? at.errors?.[0], depth++)
    codes.push(String(at.code ?? ""), String(at.message ?? ""))
  return codes.join(" ")
}

/** Why there is no connection, by what codes and messages of Node, Bun and Deno have in common; the first that fits. */
/** @type {[RegExp, string][]} */
const NO_CONNECTION = [
  [/ENOTFOUND|EAI_AGAIN|FailedToOpenSocket|dns error|failed to lookup/i, "unknown"],
  [/ECONNREFUSED|ConnectionRefused|refused|Unable to connect/i, "closed"],
  [/TimeoutError|timed out|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT/i, "silent"],
  [/WRONG_VERSION|PACKET_LENGTH|InvalidContentType|corrupt message|ERR_SSL|EPROTO|wrong version/i, "plain"],
  [/EXPIRED|expired/, "expired"],
  [/SELF_SIGNED|self.signed|UNABLE_TO_|UnknownIssuer|unknown issuer|unable to (get|verify)/i, "untrusted"],
  [/ALTNAME|altnames|NotValidForName|not valid for name/i, "otherName"],
]

const clusterOf = (host) => /^api-(.+)\.pusher\.com$/.exec(host)?.[1]

/** Says in words why there is no connection: for the check of the connection, or of TLS. */
const explain = (error, pusher) => {
  const { host } = pusher.config
  const base = baseUrlOf(pusher)
  const kind = NO_CONNECTION.find(([pattern]) => pattern.test(codesOf(error)))?.[1]
  const cluster = clusterOf(host)
  const sentences = {
    unknown: cluster
      ? `there is no server ${host}: is ${cluster} the app's cluster? Or this machine has no DNS`
      : `there is no server ${host}: check PUSHER_HOST, or this machine's DNS`,
    closed: `nothing listens at ${base}: check the host and the port, and that the server runs`,
    silent: `no answer from ${base} within ${TIMEOUT / 1000} s: a firewall, or a wrong host or port`,
  }
  const tls = {
    plain: `the server does not speak TLS on this port: check the port, or use http://`,
    expired: `the server's certificate has expired; or this machine's clock is wrong`,
    untrusted: `the server's certificate is not trusted here: a proxy that opens TLS, or a private authority (NODE_EXTRA_CA_CERTS)`,
    otherName: `the server's certificate is for another name than ${host}`,
  }
  if (kind && kind in tls) return { name: "tls", message: tls[kind] }
  return { name: "connection", message: sentences[kind] ?? `no connection to ${base}: ${describeError(error).message}` }
}

/** Tells what the host does with the proxies of the environment. Shows no URL: it may have a password. */
const checkProxy = () => {
  const names = PROXIES.flatMap((name) => [name, name.toLowerCase()]).filter((name) => process.env[name])
  if (names.length === 0) return ok("none is set in the environment")
  const list = names.join(", ")
  const isNode = process.versions.bun === undefined && /** @type {any} */ (globalThis).Deno === undefined
  if (!isNode) return note(`${list} is set and used, unless NO_PROXY names the server`)
  if (process.env.NODE_USE_ENV_PROXY === "1") {
    return note(`${list} is set; Node uses it from version 22.21 and 24.5, because NODE_USE_ENV_PROXY is 1`)
  }
  return note(
    `${list} is set, but Node does not use it: set NODE_USE_ENV_PROXY=1 (Node 22.21, 24.5), or pass \`agent\``,
  )
}

/** Compares this machine's clock with the time that a server gave between `started` and `ended`, in whole seconds. */
const checkClock = (date, started, ended) => {
  const time = Date.parse(date ?? "")
  if (Number.isNaN(time)) return note("the server does not say what time it is")
  const [ahead, behind] = [started - (time + 999), time - ended]
  const seconds = Math.round(Math.max(ahead, behind, 0) / 1000)
  if (seconds <= CLOCK_TOLERANCE) return ok("agrees with the server's")
  const words = `${count(seconds, "second")} ${ahead > 0 ? "ahead of" : "behind"} the server's`
  if (seconds > CLOCK_LIMIT)
    return fail(`${words}, more than the ${CLOCK_LIMIT} that are accepted: set this machine's clock`)
  return seconds > CLOCK_NOTE ? note(`${words}; ${CLOCK_LIMIT} are accepted`) : ok(words)
}

/** Says what an answer to a signed request tells of the app and its credentials. */
const judgeAnswer = (error, pusher) => {
  const { appId, host } = pusher.config
  const cluster = clusterOf(host)
  const place = cluster ? `cluster ${cluster}` : host
  const { status, message, body } = describeError(error)
  const said = body ? ` (“${body.trim().slice(0, 200)}”)` : ""
  const app = ok(`${place} knows app ${appId}`)
  if (status === 404) return [fail(`${place} has no app ${appId}: check PUSHER_APP_ID, and the cluster or host${said}`)]
  if (status === 403) return [app, fail(`the app is disabled, or over its quota${said}`)]
  if (status !== 401) return [fail(`${message}${said}`)]
  if (/^(?!.*signature).*timestamp/is.test(body ?? ""))
    return [app, fail(`the server refuses this machine's time${said}`)]
  if (/signature/i.test(body ?? ""))
    return [app, fail(`the secret is not that of the key: copy PUSHER_SECRET again${said}`)]
  return [fail(`${place} does not know the key for app ${appId}: check PUSHER_KEY, and the cluster or host${said}`)]
}

/** Asks the server a signed question. Resolves to what that tells of the app, and of its credentials. */
const checkApp = async (pusher) => {
  const { appId, host } = pusher.config
  const cluster = clusterOf(host)
  try {
    const { channels } = await pusher.channels()
    return [
      ok(`${cluster ? `cluster ${cluster}` : host} knows app ${appId}`),
      ok(`accepted; ${count(Object.keys(channels ?? {}).length, "occupied channel")}`),
    ]
  } catch (error) {
    return judgeAnswer(error, pusher)
  }
}

const NAMES = ["configuration", "proxy", "connection", "tls", "clock", "app", "credentials"]

/**
 * Runs the checks. Calls `report` with the name of each and what it found.
 * @param {() => Promise<{ pusher: any, sources: string[], hasMasterKey: boolean }>} open
 * @param {(name: string, finding: Finding) => void} report
 */
export const runChecks = async (open, report) => {
  const done = new Set()
  const tell = (name, finding) => {
    done.add(name)
    report(name, finding)
  }
  const skipRest = () => {
    for (const name of NAMES) if (!done.has(name)) tell(name, { state: "skip", message: "not tried" })
  }
  let client
  try {
    client = await open()
  } catch (error) {
    const { message, hint } = describeError(error)
    tell("configuration", fail(hint ? `${message}. ${hint}` : message))
    return skipRest()
  }
  const { pusher, sources, hasMasterKey } = client
  const { scheme, host, appId } = pusher.config
  const key = hasMasterKey ? ", with a master key" : ""
  tell("configuration", ok(`app ${appId} at ${baseUrlOf(pusher)}${key}, from ${sources.join(" and ")}`))
  tell("proxy", checkProxy())

  let date
  let ended
  const started = Date.now()
  try {
    const answer = await fetch(`${baseUrlOf(pusher)}/`, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT) })
    ended = Date.now()
    date = answer.headers.get("date")
    await answer.body?.cancel()
  } catch (error) {
    const { name, message } = explain(error, pusher)
    if (name === "tls") tell("connection", ok(`${baseUrlOf(pusher)} answers`))
    tell(name, fail(message))
    return skipRest()
  }
  tell("connection", ok(`${baseUrlOf(pusher)} answers`))
  if (scheme === "https") tell("tls", ok("the server's certificate is accepted"))
  else if (LOOPBACK.test(host)) tell("tls", ok("not used: the server is on this machine"))
  else tell("tls", note("not used: anyone on the network can read the events"))
  tell("clock", checkClock(date, started, ended))

  const [app, credentials] = await checkApp(pusher)
  tell("app", app)
  if (credentials) tell("credentials", credentials)
  skipRest()
}
