// The endpoint that Channels sends webhooks to.

import { PusherWebHookError } from "pusher-http-wasm"

import { readBytes } from "./body.js"
import { clientSource, makeEndpoint, Refusal, readOptions, withHidden } from "./endpoint.js"
import { MAX_WEBHOOK_AGE, MAX_WEBHOOK_BYTES } from "./limits.js"
import { checkFlag, checkFunction, checkMembers, checkRequest, invalidOption } from "./options.js"
import { PARSED } from "./parsed.js"

const NAMES = [
  "channel_occupied",
  "channel_vacated",
  "member_added",
  "member_removed",
  "client_event",
  "subscription_count",
  "cache_miss",
  // Any other, and those without a callback of their own.
  "*",
]

/** What to answer to a webhook that is not valid, by its reason: 401, unless it is authentic. */
const STATUS = { content_type: 415, not_json: 400, no_events: 400, too_old: 400, unreadable: 400, too_large: 413 }

const READING = ["tokens", "maxAge"]

const checkReading = (options) => {
  const { tokens = [], maxAge = MAX_WEBHOOK_AGE } = options
  const isToken = (token) => typeof token?.key === "string" && typeof token.secret === "string"
  if (!Array.isArray(tokens) || !tokens.every(isToken)) {
    throw invalidOption("tokens", "it must be a list of objects with a key and a secret")
  }
  if (typeof maxAge !== "number" || !(maxAge > 0)) {
    throw invalidOption("maxAge", "it must be a number of milliseconds above 0; Infinity for any age")
  }
  return { tokens, maxAge }
}

const withStatus = (error) => {
  error.status = STATUS[error.reason] ?? 401
  return error
}

/** Makes the error about a webhook whose signature is not what is wrong with it. */
const failure = (message, reason, /** @type {any} */ { contentType, body, signature } = {}) =>
  withStatus(new PusherWebHookError(message, contentType, body, signature, reason))

const readBody = async (request) => {
  if (request[PARSED]) {
    throw new Error(
      "A body parser has read the webhook, whose signature covers the original bytes: keep them as `rawBody`, or handle webhooks before the parser",
    )
  }
  try {
    return await readBytes(request, MAX_WEBHOOK_BYTES)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw failure(error.message, error.status === 413 ? "too_large" : "unreadable")
  }
}

/** Returns the time by which the client signs, in whole seconds as milliseconds: where this machine's clock is off, that is the server's. */
const timeOf = (client) => {
  const query = new URLSearchParams(client.createSignedQueryString?.({ method: "GET", path: "/" }))
  return Number(query.get("auth_timestamp")) * 1000 || Date.now()
}

/** Reads a webhook with a client. Nothing of it is parsed before its signature is known to be right. */
const open = async (client, request, { tokens, maxAge }) => {
  const webhook = client.webhook({ headers: request.headers, rawBody: await readBody(request) })
  let data
  try {
    data = webhook.verify(tokens)
  } catch (error) {
    throw withStatus(error)
  }
  if (!Array.isArray(data?.events) || typeof data.time_ms !== "number") {
    throw failure("A webhook has `time_ms` and a list of `events`", "no_events", webhook)
  }
  const time = new Date(data.time_ms)
  if (timeOf(client) - data.time_ms > maxAge) {
    throw failure(`The webhook is older than ${maxAge} milliseconds`, "too_old", webhook)
  }
  return { events: data.events.map((event) => readEvent(client, event)), time, signature: webhook.signature }
}

const parse = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Makes an event easier to read: what a client sent is parsed, and decrypted, and a count is a number. */
const readEvent = (client, event) => {
  try {
    if (event?.name === "subscription_count") return { ...event, subscription_count: Number(event.subscription_count) }
    if (event?.name !== "client_event") return event
    const isEncrypted = String(event.channel).startsWith("private-encrypted-")
    return { ...event, data: isEncrypted ? client.decrypt(event.channel, event.data) : parse(event.data) }
  } catch (error) {
    return { ...event, error }
  }
}

/** Reads and checks a webhook. The promise rejects with a `PusherWebHookError` if it is not valid. */
export const readWebhook = async (pusher, request, options = {}) => {
  const getClient = clientSource(pusher)
  const reading = checkReading(checkMembers("options", options, READING))
  checkRequest(request)
  const { events, time } = await open(await getClient(undefined, undefined, request), request, reading)
  return { events, time }
}

/** Makes an endpoint that calls a callback for each event of a webhook. */
export const webhookHandler = (pusher, callbacks, options) => {
  const getClient = clientSource(pusher)
  const own = checkMembers("callbacks", callbacks, NAMES)
  if (Object.keys(own).length === 0) throw invalidOption("callbacks", "it must have at least one callback")
  for (const name in own) checkFunction(`callbacks.${name}`, own[name])
  const given = readOptions(options, [...READING, "dedupe", "waitUntil"])
  const { cors, onError, dedupe, waitUntil } = given
  if (cors) throw invalidOption("cors", "no page sends webhooks")
  const reading = checkReading(given)
  checkFlag("waitUntil", waitUntil)
  if (dedupe !== undefined && !(typeof dedupe?.has === "function" && typeof dedupe.add === "function")) {
    throw invalidOption("dedupe", "it must have the methods `has(key)` and `add(key)`")
  }

  const keep = async (signature) => dedupe?.add(signature)

  /** Calls the callbacks, one after the other. One that fails keeps no event from the others. Returns whether all succeeded. */
  const callAll = async ({ events, time, signature }, { request, env, ctx, report }) => {
    let isDone = true
    for (const event of events) {
      const callback = (NAMES.includes(event?.name) && own[event.name]) || own["*"]
      try {
        await callback?.(event, withHidden({ request, ctx, time, events }, { env }))
      } catch (error) {
        isDone = false
        await report(error)
      }
    }
    // A failure of the store is no reason to do it all again.
    if (isDone) await keep(signature).catch(report)
    return isDone
  }

  return makeEndpoint("POST", { cors, onError }, async (context) => {
    const { request, env, ctx, report } = context
    let webhook
    try {
      webhook = await open(await getClient(env, ctx, request), request, reading)
    } catch (error) {
      throw error instanceof PusherWebHookError ? new Refusal(/** @type {any} */ (error).status, error.message) : error
    }
    if (await dedupe?.has(webhook.signature)) return {}
    const work = callAll(webhook, context)
    if (waitUntil && typeof ctx?.waitUntil === "function") {
      try {
        ctx.waitUntil(work.catch(report))
        return {}
      } catch (error) {
        // The work has begun, and is waited for.
        await report(error)
      }
    }
    // So that Channels sends it again.
    if (!(await work)) throw new Refusal(500, "Internal error")
    return {}
  })
}
