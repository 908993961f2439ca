// Requests to Beams, by a client of Channels: so timeouts, retries, signals, limits and errors are the same, and there is one copy of them. Its
// key and secret stand for nothing. Beams' path is the client's path below the app, which its `fetch` makes into Beams' URL again: no URL with
// a signature is sent or shown.
import { Pusher, PusherRequestError } from "pusher-http-wasm"

import { checkFunction, checkMembers, invalidOption } from "../handlers/options.js"
import { getOption, isAbsent, setOwn } from "../values.js"

const APP = "beams"
/** A client's URL: what is before its app, its path, which the core has encoded, and the query with the signature. */
const URL_PARTS = /^(.*?)\/apps\/beams(\/.*)\?.*$/
/** Paths that are asked for by another method than the client's `get` and `post`. */
const DELETED = /^\/customer_api\//

/** Returns the parts of Beams' URL. */
const readUrl = (url) => {
  const [, base, path] = /** @type {RegExpExecArray} */ (URL_PARTS.exec(url))
  return [base, decodeURIComponent(path)]
}

/** Makes a `fetch` for the client. Without one of the caller's, it calls the host's as it is then. */
const fetchFrom = (given) => (url, init) => {
  const fetch = given ?? globalThis.fetch
  if (typeof fetch !== "function") throw new TypeError("There is no global `fetch`: pass the `fetch` option")
  const [base, path] = readUrl(url)
  const sent = fetch(base + path, DELETED.test(path) ? { ...init, method: "DELETE" } : init)
  return Promise.resolve(sent).then(withoutTime)
}

/** Takes the time out of a refusal: the client would take a clock that is off for its reason. */
const withoutTime = (response) => {
  if (response?.status !== 401 || !response.headers?.get?.("date")) return response
  const headers = new Headers(response.headers)
  headers.delete("date")
  return new Response(response.body, { status: 401, headers })
}

/** A scheme, a name or an address, and a port. */
const HOST = /^(?:(https?):\/\/)?((?:[\w.-]+|\[[\da-f:.]+\])(?::(\d+))?)$/i

/** Reads the option `host` into options of the client. */
const readHost = (host, instanceId) => {
  if (isAbsent(host)) return { host: `${instanceId}.pushnotifications.pusher.com` }
  const [, scheme, name, port = "443"] = (typeof host === "string" && HOST.exec(host)) || []
  if (name && Number(port) > 0 && Number(port) < 65_536) return { host: name, scheme: scheme?.toLowerCase() }
  const rule =
    "it must be a name or an address ('[::1]'), with a port if it has one, and http:// before it for plain HTTP"
  // No credentials that stand before it.
  throw invalidOption(
    "host",
    `${rule}, not ${typeof host === "string" ? `'${host.replace(/.*@/s, "")}'` : typeof host}`,
  )
}

/** Makes a connection to an instance of Beams; throws if an option is wrong. */
export const connect = ({ instanceId, secretKey, host, fetch, timeout, retry }) => {
  checkFunction("fetch", fetch ?? undefined, true)
  const client = new Pusher({
    appId: APP,
    key: APP,
    secret: APP,
    .../** @type {any} */ (readHost(host, instanceId)),
    fetch: fetchFrom(fetch),
    timeout,
    retry,
    headers: { accept: "application/json", authorization: `Bearer ${secretKey}` },
  })
  return { client, secretKey }
}

/** Reads the options of a call, each once. */
const readCall = (options) => {
  if (isAbsent(options)) return {}
  return checkMembers("options", options, ["signal", "retry"])
}

/** Publishes. Throws at once if an option is wrong; resolves to the JSON of the answer. */
export const post = ({ client, secretKey }, path, body, options) => {
  const answer = client.post({ ...readCall(options), path, body })
  return readJson(explained(answer, secretKey), `${client.config.scheme}://${client.config.host}${path}`, secretKey)
}

/** Deletes, as `post` publishes; resolves to nothing. By `get`, since a deletion may be retried as that. */
export const remove = ({ client, secretKey }, path, options) => {
  const answer = client.get({ ...readCall(options), path })
  return explained(answer, secretKey).then(() => {})
}

const readJson = async (answer, url, secretKey) => {
  const response = await answer
  let text
  try {
    // A test's double may have `json` alone.
    if (!response.text) return await response.json()
    text = await response.text()
    return JSON.parse(text)
  } catch (exception) {
    const message = "Could not parse response body"
    throw conceal(new PusherRequestError(message, url, exception, response.status, text), secretKey)
  }
}

/** Puts a failure into Beams' words. */
const explained = async (answer, secretKey) => {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof PusherRequestError)) throw error
    const told = conceal(error, secretKey)
    const [base, path] = readUrl(told.url)
    told.url = base + path
    setOwn(told, "hint", hintOf(told))
    if (told.hint === undefined) delete told.hint
    throw told
  }
}

/** What to do about a status, where what a client of Channels says of it does not hold. */
const HINTS = {
  401: "Check `secretKey`.",
  403: undefined,
  404: "Check `instanceId`, and `host` if there is one.",
  413: "The notification is too large (Beams: 10 KB to interests, 200 KB to users).",
}

const hintOf = (error) => {
  const { status, body, hint } = /** @type {any} */ ({ __proto__: null, ...error })
  const { error: what, description } = /** @type {any} */ ({ __proto__: null, ...parse(body) })
  if (what && description) return `${what} - ${description}`
  if (status in HINTS) return HINTS[status]
  if (/useTLS/.test(hint)) {
    return status
      ? "Redirects are not followed: check `host`."
      : "If this server speaks plain HTTP, write `http://` before `host`."
  }
  return hint
}

const parse = (text) => {
  try {
    return JSON.parse(text)
  } catch {}
}

/** Takes the secret key out of an error of the library, and out of its copies of the host's errors, wherever somebody has repeated it. */
const conceal = (error, secretKey) => {
  for (let part = error; typeof part === "object" && part !== null; part = getOption(part, "cause")) {
    for (const name of ["message", "stack", "code", "hint", "body", "cause"]) {
      const value = getOption(part, name)
      if (typeof value === "string") part[name] = value.replaceAll(secretKey, "(secret key)")
    }
  }
  return error
}
