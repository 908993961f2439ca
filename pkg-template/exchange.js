// One exchange with the server, over the host's `fetch` or the caller's: it ends with its answer, after the timeout, or when the caller
// aborts.
import { PusherRequestError } from "./errors.js"
import { library, memberOf } from "./values.js"

/** Why an exchange has no result; the module puts it into words. */
class Failure {
  #isOne

  /** Unlike `instanceof`, this asks nothing of the value, which may be a proxy. */
  static is(value) {
    return typeof value === "object" && value !== null && #isOne in value
  }

  constructor(code, cause, status, body) {
    Object.assign(this, { code, cause, status, body })
  }
}

/**
 * Sends and waits for the whole answer: the host's `Response`, or, where `parsed`, the value of the JSON in its body. Rejects with a
 * `Failure`; a status other than 2xx is one.
 */
export const exchange = async (settings, url, init, options, timeout, parsed) => {
  // The call into the module is to return before any code of the caller's runs.
  await undefined
  const { signal: caller, idempotencyKey } = options ?? {}
  let whole
  // Over node:http it is left out, for Node's costs as much as all that the module does.
  let controller = settings.agent ? undefined : new AbortController()
  /** Ends the host's part; gives the host's reason for it. */
  const abort = () => {
    controller ??= new AbortController()
    controller.abort()
    if (settings.agent) whole?.stop?.()
    return controller.signal.reason
  }
  const aborted = () => {
    if (!memberOf(caller, "aborted")) return undefined
    abort()
    return new Failure("aborted", caller.reason)
  }
  const before = aborted()
  if (before) throw Object.assign(before, { url })

  const { onRequest, onResponse } = settings
  const told = (onRequest || onResponse) && { method: init.method, url: withoutSignature(url), attempt: 1 }
  const begun = onResponse && clock()
  // A clock may be set back meanwhile.
  const end = (outcome) => onResponse && notify(onResponse, { ...told, ...outcome, ms: Math.max(0, clock() - begun) })
  if (onRequest) notify(onRequest, { ...told })

  let timer, giveUp
  try {
    whole = initOf(settings, init, idempotencyKey, controller?.signal)
    // One promise that whatever comes first settles: each promise of a race would cost as much again.
    const { status, value } = await new Promise((resolve, reject) => {
      giveUp = reject
      caller?.addEventListener("abort", giveUp)
      // A hook may have aborted it.
      if (memberOf(caller, "aborted")) return reject()
      if (timeout > 0) timer = setTimeout(giveUp, timeout, Failure)
      answerOf(settings, url, whole, parsed).then(resolve, reject)
    })
    end({ status })
    return value
  } catch (error) {
    // Where the caller aborts or the time is over (only the timer has `Failure` to reject with), the host's part is aborted, too.
    let failure = aborted() ?? error
    if (failure === Failure) failure = new Failure("timeout", abort())
    else if (!Failure.is(failure)) failure = new Failure("network", error)
    const { code, status } = failure
    end({ ...(status !== undefined && { status }), code })
    failure.url = url
    throw failure
  } finally {
    // Nothing can be done, or is lost, if the host or the caller's signal refuses.
    try {
      clearTimeout(timer)
      caller?.removeEventListener("abort", giveUp)
    } catch {}
  }
}

/** The URL for logs: its signature is what it ends with. */
const withoutSignature = (url) => `${url.slice(0, url.lastIndexOf("=") + 1)}(signature)`

/** The plain object beside the URL, that any function of `fetch`'s shape can take. Member by member: V8 is slow to spread a second object. */
const initOf = (settings, { method, body, redirect }, idempotencyKey, signal) => {
  const headers = { ...settings.headers, "x-pusher-library": library }
  // Only some servers honour it; Pusher's own do not.
  if (idempotencyKey) headers["x-idempotency-key"] = idempotencyKey
  if (body !== undefined) headers["content-type"] = "application/json"
  return { ...settings.fetchOptions, method, body, redirect, headers, signal }
}

/** Sends, and reads the answer with its body: so the timeout covers the body, and the connection is free again whether it is read or not. */
const answerOf = async (settings, url, init, parsed) => {
  const response = await send(settings.fetch, url, init)
  const status = memberOf(response, "status")
  if (typeof status !== "number") throw new Error("`fetch` resolved to something that is no Response")
  const isSuccess = status >= 200 && status < 300
  if (isSuccess && !parsed) {
    const body = await response.arrayBuffer?.()
    try {
      return { status, value: wholeOf(response, status, body) }
    } catch (exception) {
      throw new Failure("network", exception, status)
    }
  }
  const body = await textOf(response)
  const text = typeof body === "string" ? body : undefined
  let cause
  try {
    if (isSuccess && text !== undefined) return { status, value: settings.parse(text) }
  } catch (exception) {
    cause = exception
  }
  throw new Failure("http", cause, status, text)
}

/** Sends with the caller's `fetch`, or with the global one as it is now: it may have been replaced since the last call. */
const send = (fetch = globalThis.fetch, url, init) => {
  if (typeof fetch === "function") return fetch(url, init)
  throw new TypeError("This host has no global `fetch`: pass the `fetch` option")
}

/** Reads a response's body; `undefined` where it has no such method. A test's double may have `json` alone. */
const textOf = async (response) => {
  if (typeof response.text !== "function" && typeof response.json === "function")
    return JSON.stringify(await response.json())
  return response.text?.()
}

/**
 * The response with its whole body, as the host's own `Response`. What has no readable body is not a response but something that
 * a caller's own `fetch` made, such as a test's double: it is theirs, and stays as it is.
 */
const wholeOf = (response, status, body) => {
  if (body === undefined) return response
  // These may not be made with a body.
  return new Response(status === 204 || status === 205 ? null : body, response)
}

/** Calls a hook; nothing that it does can break the call that it is told of. */
const notify = (hook, event) => {
  try {
    Promise.resolve(hook(event)).catch(() => {})
  } catch {
    // The hook's own problem.
  }
}

const clock = () => {
  try {
    return Date.now()
  } catch {
    return 0
  }
}

/** The status of a failure that the server's answer made; 0 for any other. */
export const statusOf = (failure) => (Failure.is(failure) && failure.code === "http" ? failure.status : 0)

/** The error that callers get. What is no failure of an exchange passes through as it is. */
export const requestError = (failure, message, hint) => {
  if (!Failure.is(failure)) return failure
  const { url, code, cause, status, body } = failure
  const late = code === "timeout" ? "The server did not answer within `timeout` milliseconds." : ""
  return new PusherRequestError(message, url, cause, status, body, code, hint || late)
}
