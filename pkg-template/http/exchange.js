// An exchange with the server, over the host's `fetch` or the caller's. It ends with the answer, after the deadline, or when the caller
// aborts. What follows a failure is the module's to decide (src/wasm/recovery.rs).

import { elapsedNow, setClock } from "../input/clock.js"
import { freshKey } from "../input/nonces.js"
import { plainHeaders } from "../input/options.js"
import { DEADLINE } from "../limits.js"
import { withoutSignature } from "../redact.js"
import { getOption, tryRead } from "../values.js"
import { fault, judge, requestError, tooLong } from "./failure.js"
import { hostBody } from "./host-body.js"

/** The value of the header `x-pusher-library`. tools/build.mjs fills in the version. */
const LIBRARY = `pusher-http-wasm ${PACKAGE_VERSION}`

/**
 * Sends a request (URL, and body if it is a POST) and waits for the whole answer: the host's `Response`, or, if there is a function to `convert`
 * it, the value of the JSON in its body. After a failure, the request may be sent again, as `signAgain` makes it. Rejects with a
 * `PusherRequestError`; a status other than 2xx is one.
 */
export const exchange = async (settings, request, options, convert, signAgain) => {
  const { signal, retry = settings.retry, idempotencyKey, idempotencyKeys = settings.idempotencyKeys } = options
  const isPost = request[1] !== undefined
  const key = idempotencyKey ?? (isPost && idempotencyKeys ? freshKey(settings) : undefined)
  const startedAt = elapsedNow()
  // By default, the first attempt has all of its own time.
  let left = retry.deadline ?? Infinity
  let [isAborted, isClockSet] = [false, false]
  for (let attempt = 1; ; attempt++) {
    isAborted ||= getOption(signal, "aborted") === true
    const outcome = await attemptOnce(settings, request, signal, key, isAborted, left, attempt, convert)
    if (!outcome.code) return outcome.value
    const elapsed = elapsedNow() - startedAt
    const verdict = await judge(outcome, request[0], !isPost || key, retry, attempt, elapsed, isClockSet)
    const [, , delayText, , setsClock, , serverTime] = verdict
    if (setsClock) setClock(settings, serverTime)
    isClockSet ||= setsClock
    // One that was not sent is none.
    if (!delayText) throw requestError(outcome, request[0], verdict, attempt - Number(isAborted))
    const delay = Number(delayText)
    if (settings.onRetry) notify(settings.onRetry, { ...eventOf(request, attempt), ...endOf(outcome), delay })
    isAborted = await pause(delay, signal)
    left = (retry.deadline ?? DEADLINE) - elapsedNow() + startedAt
    // Timers may be late.
    if (!isAborted && left <= 0) throw requestError(outcome, request[0], verdict, attempt)
    if (!isAborted) request = signAgain()
  }
}

/** Waits so many milliseconds, or until the signal aborts: then it resolves to `true`. */
export const pause = (delay, signal) =>
  new Promise((resolve) => {
    const end = (event) => {
      clearTimeout(timer)
      tryRead(() => signal?.removeEventListener("abort", end))
      resolve(event !== undefined)
    }
    const timer = setTimeout(end, delay)
    tryRead(() => signal?.addEventListener("abort", end))
    // A hook may have aborted it.
    if (getOption(signal, "aborted")) end(signal)
  })

/**
 * Why an attempt has no result, until the module has judged it and put it into words: `code` as callers get it; the host's own error as
 * `cause`; of an answer, its `head` (a `Response`) and `body`.
 */
const makeFailure = (code, cause, head, body) => ({ code, cause, head, body })

// What ends an attempt instead of an answer: its time is over, or the caller's signal says so.
const TIMED_OUT = makeFailure("timeout")
const ABORTED = makeFailure("aborted")

/**
 * Sends a request once. Resolves to `{ status, value }`, or to a failure: no promise in here rejects, so that none is left to reject unheard
 * where the host interrupts the script.
 */
const attemptOnce = async (settings, request, caller, key, isAborted, left, attempt, convert) => {
  if (isAborted) return makeFailure("aborted", caller.reason)
  const [url, body] = request
  const { onRequest, onResponse, timeout } = settings
  const limit = Math.min(timeout || Infinity, left)
  const event = (onRequest || onResponse) && eventOf(request, attempt)
  const startedAt = onResponse && elapsedNow()
  const returned = onRequest && notify(onRequest, { ...event })

  // An agent is sent no signal, which costs as much on Node as all that the module does.
  const controller = HAS_AGENTS && settings.agent ? undefined : new AbortController()
  let stopAgent, timer, onAbort, outcome
  try {
    const init = {
      ...settings.fetchOptions,
      method: methodOf(body),
      body,
      // Not followed: the signature is for one path.
      redirect: "manual",
      headers: headersOf(settings, returned, body, key),
      signal: controller?.signal,
    }
    // One promise that whatever comes first settles: each promise of a race would cost as much again.
    outcome = await new Promise((resolve) => {
      onAbort = () => resolve(ABORTED)
      caller?.addEventListener("abort", onAbort)
      // A hook may have aborted it.
      if (getOption(caller, "aborted")) return onAbort()
      if (limit < Infinity) timer = setTimeout(resolve, limit, TIMED_OUT)
      const sent =
        HAS_AGENTS && !controller
          ? settings.fetch(url, init, settings.maxResponseBytes, (stop) => (stopAgent = stop))
          : send(settings.fetch, url, init)
      readAnswer(sent, settings, convert).then(resolve)
    })
  } catch (exception) {
    outcome = makeFailure("network", exception)
  } finally {
    // Nothing can be done, or is lost, if the host or the caller's signal refuses.
    try {
      clearTimeout(timer)
      caller?.removeEventListener("abort", onAbort)
    } catch {}
  }
  if (outcome.code) outcome = failureOf(outcome, caller, controller, stopAgent)
  if (onResponse)
    notify(onResponse, { ...event, ...endOf(outcome), ms: Math.max(0, elapsedNow() - startedAt) }, returned)
  return outcome
}

/** Makes a failure of what ended an attempt. Where that was the caller or the time, the host's part is ended, too. */
const failureOf = (outcome, caller, controller, stopAgent) => {
  const isAborted = outcome === ABORTED || getOption(caller, "aborted")
  if (!isAborted && outcome !== TIMED_OUT) return outcome
  // An agent's part has no controller, but its end has a host's reason, too.
  const stopped = controller ?? new AbortController()
  stopped.abort()
  if (HAS_AGENTS) stopAgent?.()
  return isAborted ? makeFailure("aborted", caller.reason) : makeFailure("timeout", stopped.signal.reason)
}

const headersOf = ({ headers }, returned, body, idempotencyKey) => {
  // A hook cannot break the call: its headers, if they cannot be sent, are left out.
  const added = returned && tryRead(() => plainHeaders("onRequest", getOption(returned, "headers")))
  // Only some servers honour it; Pusher's own do not.
  const key = idempotencyKey && { "x-idempotency-key": idempotencyKey }
  const type = body !== undefined && { "content-type": "application/json" }
  return { ...headers, ...added, "x-pusher-library": LIBRARY, ...key, ...type }
}

/** Sends with the caller's `fetch`, or with the global one as it is now: it may have been replaced since the last call. */
const send = (given, url, init) => {
  const fetch = given ?? globalThis.fetch
  if (HAS_AGENTS && !given) init.body = hostBody(init.body, fetch)
  if (typeof fetch === "function") return fetch(url, init)
  throw fault("There is no global `fetch`: pass the `fetch` option")
}

/**
 * Reads an answer with its body: so the timeout covers the body, and the connection is free again whether it is read or not. Resolves as
 * `attempt` does.
 */
const readAnswer = async (sent, { parse, maxResponseBytes }, convert) => {
  try {
    const response = await sent
    const status = getOption(response, "status")
    // A whole number below 1024. (Browsers give 0 for a redirect.)
    if ((status & 1023) !== status) throw fault("`fetch` resolved to what is no Response")
    const isSuccess = status >= 200 && status < 300
    const isText = convert || !isSuccess
    const body = await readBody(response, isText, maxResponseBytes)
    // Some hosts leave a byte order mark in it.
    const text = isText && typeof body === "string" ? body.replace(/^\ufeff/, "") : undefined
    const failWith = (code, cause) => makeFailure(code, cause, headOf(response, status), text)
    if (!isSuccess || (isText && text === undefined)) return failWith("http")
    try {
      return {
        status,
        code: undefined,
        value: isText ? convert(parse(text)) : bufferedResponse(response, status, body),
      }
    } catch (exception) {
      return failWith(isText ? "http" : "network", exception)
    }
  } catch (exception) {
    return makeFailure("network", exception)
  }
}

const makeResponse = (body, { headers }, status) => new Response(body, { status, headers })

/** Copies status and headers, so that the module reads a genuine `Response` of the host's, and runs no code of a double's. */
const headOf = (response, status) => {
  return tryRead(() => makeResponse(null, response, status)) ?? { status }
}

/**
 * Reads a body, as text or bytes, but no more than `limit` bytes of it; `undefined` where there is none. Leaves it to the response's own
 * methods where it is known to be shorter, which takes half the time on Bun, or is no stream: a test's double may have `json` alone.
 */
const readBody = async (response, isText, limit) => {
  if (response.bodyUsed) {
    throw fault("`fetch` resolved to a Response that was read before")
  }
  const header = (name) => tryRead(() => response.headers?.get?.(name))
  const length = header("content-length")
  // Pages may not see the content coding of another origin's answer.
  const isShort =
    length && length <= limit && response.type !== "cors" && !header("content-encoding") && !header("transfer-encoding")
  const reader = isShort ? undefined : response.body?.getReader?.()
  if (!reader) {
    if (!isText) return response.arrayBuffer?.()
    return !response.text && response.json ? JSON.stringify(await response.json()) : response.text?.()
  }
  const chunks = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    size += value.byteLength
    // Also where something other than bytes is in it.
    if (size <= limit) continue
    reader.cancel().catch(() => {})
    throw tooLong(limit)
  }
  const body = chunks.length === 1 ? chunks[0] : new Blob(chunks)
  return isText ? new Response(body).text() : body
}

/**
 * Makes the host's own `Response` of one whose whole body has arrived. What has no readable body is no response but something that a
 * caller's own `fetch` made, such as a test's double: it is theirs, and stays as it is.
 */
const bufferedResponse = (response, status, body) => {
  if (body === undefined) return response
  // These may not be made with a body.
  const allowed = status === 204 || status === 205 ? null : body
  // On some hosts, the reason phrase may only have certain characters.
  return tryRead(() => new Response(allowed, response)) ?? makeResponse(allowed, response, status)
}

/** Calls a hook and returns what it returns. Nothing that it does can break the call that it is told of. */
export const notify = (hook, event, context) => {
  try {
    const returned = hook(event, context)
    Promise.resolve(returned).catch(() => {})
    return returned
  } catch {
    // The hook's own problem.
  }
}

const methodOf = (body) => (body === undefined ? "GET" : "POST")

/** Returns what hooks are told of an attempt. */
const eventOf = ([url, body], attempt) => ({ method: methodOf(body), url: withoutSignature(url), attempt })

/** Returns what hooks are told of an attempt's end. */
const endOf = ({ status, head, code }) =>
  code === undefined ? { status } : { ...(head && { status: head.status }), code }
