// An exchange with the server, over the host's `fetch` or the caller's. It ends with the answer, after the timeout, or when the caller
// aborts; what follows a failure is the module's to decide (src/wasm/recovery.rs).

import { recover } from "../module/instance.js"
import { withoutSignature } from "../redact.js"
import { getMember } from "../values.js"
import { Failure, requestError } from "./failure.js"

/** The value of the header `x-pusher-library`. tools/build.mjs fills in the version. */
const LIBRARY = `pusher-http-wasm ${PACKAGE_VERSION}`

/**
 * Sends a request (URL, and body if it is a POST) and waits for the whole answer: the host's `Response`, or, if `isParsed`, the
 * value of the JSON in its body. Rejects with a `PusherRequestError`; a status other than 2xx is one.
 */
export const exchange = async (settings, request, options, isParsed) => {
  const outcome = await attempt(settings, request, options ?? {}, isParsed)
  if (!Failure.is(outcome)) return outcome.value
  throw requestError(outcome, request[0], await recover(outcome))
}

// What ends an attempt instead of an answer: its time is over, or the caller's signal says so.
const TIMED_OUT = {}
const ABORTED = {}

/**
 * Sends a request once. Resolves to `{ status, value }`, or to a `Failure`: no promise in here rejects, so that none is left to reject unheard
 * where the host interrupts the script.
 */
const attempt = async (settings, [url, body], { signal: caller, idempotencyKey }, isParsed) => {
  if (getMember(caller, "aborted")) return new Failure("aborted", caller.reason)
  const { agent, onRequest, onResponse, timeout } = settings
  const method = body === undefined ? "GET" : "POST"
  const event = (onRequest || onResponse) && { method, url: withoutSignature(url), attempt: 1 }
  const startedAt = onResponse && milliseconds()
  if (onRequest) notify(onRequest, { ...event })

  // An agent is sent no signal, which costs as much on Node as all that the module does.
  const controller = agent ? undefined : new AbortController()
  let stopAgent, timer, onAbort, outcome
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
    outcome = await new Promise((resolve) => {
      onAbort = () => resolve(ABORTED)
      caller?.addEventListener("abort", onAbort)
      // A hook may have aborted it.
      if (getMember(caller, "aborted")) return onAbort()
      if (timeout > 0) timer = setTimeout(resolve, timeout, TIMED_OUT)
      const sent = agent ? settings.fetch(url, init, (stop) => (stopAgent = stop)) : send(settings.fetch, url, init)
      readAnswer(sent, settings, isParsed).then(resolve)
    })
  } catch (exception) {
    outcome = new Failure("network", exception)
  } finally {
    // Nothing can be done, or is lost, if the host or the caller's signal refuses.
    try {
      clearTimeout(timer)
      caller?.removeEventListener("abort", onAbort)
    } catch {}
  }
  if (outcome === TIMED_OUT || outcome === ABORTED || Failure.is(outcome)) {
    outcome = failureOf(outcome, caller, controller, stopAgent)
  }
  if (onResponse) notifyEnd(onResponse, event, startedAt, outcome)
  return outcome
}

/** Makes a failure of what ended an attempt. Where that was the caller or the time, the host's part is ended, too. */
const failureOf = (outcome, caller, controller, stopAgent) => {
  const isAborted = outcome === ABORTED || getMember(caller, "aborted")
  if (!isAborted && outcome !== TIMED_OUT) return outcome
  // An agent's part has no controller, but its end has a host's reason, too.
  const stopped = controller ?? new AbortController()
  stopped.abort()
  stopAgent?.()
  return isAborted ? new Failure("aborted", caller.reason) : new Failure("timeout", stopped.signal.reason)
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

/**
 * Reads an answer with its body: so the timeout covers the body, and the connection is free again whether it is read or not. Resolves as
 * `attempt` does.
 */
const readAnswer = async (sent, { parse }, isParsed) => {
  try {
    const response = await sent
    const status = getMember(response, "status")
    if (typeof status !== "number") throw new Error("`fetch` resolved to something that is no Response")
    const isSuccess = status >= 200 && status < 300
    if (isSuccess && !isParsed) {
      const body = await response.arrayBuffer?.()
      try {
        return { status, value: bufferedResponse(response, status, body) }
      } catch (exception) {
        return new Failure("network", exception, headOf(response, status))
      }
    }
    const body = await textOf(response)
    const text = typeof body === "string" ? body : undefined
    if (!isSuccess || text === undefined) return new Failure("http", undefined, headOf(response, status), text)
    try {
      return { status, value: parse(text) }
    } catch (exception) {
      return new Failure("http", exception, headOf(response, status), text)
    }
  } catch (exception) {
    return new Failure("network", exception)
  }
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
const notifyEnd = (onResponse, event, startedAt, { status, head, code }) => {
  const outcome = code === undefined ? { status } : { ...(head && { status: head.status }), code }
  notify(onResponse, { ...event, ...outcome, ms: Math.max(0, milliseconds() - startedAt) })
}

const milliseconds = () => {
  try {
    return Date.now()
  } catch {
    return 0
  }
}
