// An exchange with the server, over the host's `fetch` or the caller's. It ends with the answer, after the timeout, or when the caller
// aborts; what follows a failure is the module's to decide (src/wasm/recovery.rs).

import { withoutSignature } from "../redact.js"
import { getMember } from "../values.js"
import { Failure, requestError } from "./failure.js"
import { recover } from "#module"

/** The value of the header `x-pusher-library`. tools/build.mjs fills in the version. */
const LIBRARY = `pusher-http-wasm ${PACKAGE_VERSION}`

/**
 * Sends a request (method, URL, and body if there is one) and waits for the whole answer: the host's `Response`, or, if `isParsed`, the
 * value of the JSON in its body. Rejects with a `PusherRequestError`; a status other than 2xx is one.
 */
export const exchange = (settings, request, options, isParsed) =>
  attempt(settings, request, options ?? {}, isParsed).catch(async (failure) => {
    if (!Failure.is(failure)) throw failure
    throw requestError(failure, request[1], await recover(failure))
  })

/** Sends a request once. Rejects with a `Failure`. */
const attempt = async (settings, [method, url, body], { signal: caller, idempotencyKey }, isParsed) => {
  if (getMember(caller, "aborted")) throw new Failure("aborted", caller.reason)
  const { agent, onRequest, onResponse, timeout } = settings
  const event = (onRequest || onResponse) && { method, url: withoutSignature(url), attempt: 1 }
  const startedAt = onResponse && milliseconds()
  if (onRequest) notify(onRequest, { ...event })

  // An agent is sent no signal, which costs as much on Node as all that the module does.
  const controller = agent ? undefined : new AbortController()
  let stopAgent, timer, rejectAttempt
  /** Ends the host's part; returns the host's reason for it. */
  const stop = () => {
    const { signal } = abortedBy(controller ?? new AbortController())
    stopAgent?.()
    return signal.reason
  }
  try {
    const init = {
      ...settings.fetchOptions,
      method,
      body,
      // Not followed: the signature is for one path.
      redirect: "manual",
      headers: headersOf(settings, body, idempotencyKey),
      signal: controller?.signal,
    }
    // One promise that whatever comes first settles: each promise of a race would cost as much again.
    const { status, value } = await new Promise((resolve, reject) => {
      rejectAttempt = reject
      caller?.addEventListener("abort", rejectAttempt)
      // A hook may have aborted it.
      if (getMember(caller, "aborted")) return reject()
      // The class itself stands for the end of the time.
      if (timeout > 0) timer = setTimeout(rejectAttempt, timeout, Failure)
      const sent = agent ? settings.fetch(url, init, (end) => (stopAgent = end)) : send(settings.fetch, url, init)
      answerOf(sent, settings, isParsed).then(resolve, reject)
    })
    if (onResponse) notifyEnd(onResponse, event, startedAt, { status })
    return value
  } catch (reason) {
    const failure = failureOf(reason, caller, stop)
    const status = failure.head && { status: failure.head.status }
    if (onResponse) notifyEnd(onResponse, event, startedAt, { ...status, code: failure.code })
    throw failure
  } finally {
    // Nothing can be done, or is lost, if the host or the caller's signal refuses.
    try {
      clearTimeout(timer)
      caller?.removeEventListener("abort", rejectAttempt)
    } catch {}
  }
}

const abortedBy = (controller) => {
  controller.abort()
  return controller
}

/** Makes a failure of what ended an attempt. */
const failureOf = (reason, caller, stop) => {
  if (getMember(caller, "aborted")) {
    stop()
    return new Failure("aborted", caller.reason)
  }
  if (reason === Failure) return new Failure("timeout", stop())
  return Failure.is(reason) ? reason : new Failure("network", reason)
}

const headersOf = ({ headers }, body, idempotencyKey) => {
  const all = { ...headers, "x-pusher-library": LIBRARY }
  // Only some servers honour it; Pusher's own do not.
  if (idempotencyKey) all["x-idempotency-key"] = idempotencyKey
  if (body !== undefined) all["content-type"] = "application/json"
  return all
}

/** Sends with the caller's `fetch`, or with the global one as it is now: it may have been replaced since the last call. */
const send = (fetch = globalThis.fetch, url, init) => {
  if (typeof fetch === "function") return fetch(url, init)
  throw new TypeError("This host has no global `fetch`: pass the `fetch` option")
}

/** Reads an answer with its body: so the timeout covers the body, and the connection is free again whether it is read or not. */
const answerOf = async (sent, { parse }, isParsed) => {
  const response = await sent
  const status = getMember(response, "status")
  if (typeof status !== "number") throw new Error("`fetch` resolved to something that is no Response")
  const isSuccess = status >= 200 && status < 300
  if (isSuccess && !isParsed) {
    const body = await response.arrayBuffer?.()
    try {
      return { status, value: bufferedResponse(response, status, body) }
    } catch (exception) {
      throw new Failure("network", exception, headOf(response, status))
    }
  }
  const body = await textOf(response)
  const text = typeof body === "string" ? body : undefined
  let cause
  try {
    if (isSuccess && text !== undefined) return { status, value: parse(text) }
  } catch (exception) {
    cause = exception
  }
  throw new Failure("http", cause, headOf(response, status), text)
}

/** Copies status and headers, so that the module reads a genuine `Response` of the host's, and runs no code of a double's. */
const headOf = (response, status) => {
  try {
    return new Response(null, { status, headers: response.headers })
  } catch {
    return { status }
  }
}

/** Reads a response's body; `undefined` where it has no such method. A test's double may have `json` alone. */
const textOf = async (response) => {
  if (typeof response.text !== "function" && typeof response.json === "function") {
    return JSON.stringify(await response.json())
  }
  return response.text?.()
}

/**
 * Makes the host's own `Response` of one whose whole body has arrived. What has no readable body is no response but something that a
 * caller's own `fetch` made, such as a test's double: it is theirs, and stays as it is.
 */
const bufferedResponse = (response, status, body) => {
  if (body === undefined) return response
  // These may not be made with a body.
  return new Response(status === 204 || status === 205 ? null : body, response)
}

/** Calls a hook. Nothing that it does can break the call that it is told of. */
const notify = (hook, event) => {
  try {
    Promise.resolve(hook(event)).catch(() => {})
  } catch {
    // The hook's own problem.
  }
}

/** Tells of an attempt's end. A clock may have been set back meanwhile. */
const notifyEnd = (onResponse, event, startedAt, outcome) =>
  notify(onResponse, { ...event, ...outcome, ms: Math.max(0, milliseconds() - startedAt) })

const milliseconds = () => {
  try {
    return Date.now()
  } catch {
    return 0
  }
}
