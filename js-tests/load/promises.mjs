// What must hold after a run, whatever happened during it. Each promise is a case; it returns what breaks it.
import { createHmac } from "node:crypto"

import { TROUBLES } from "./ledger.mjs"
import { reasonOf } from "./perform.mjs"
import { phaseOf } from "./phases.mjs"
import { makeCall } from "./plan.mjs"

const mebibyte = 2 ** 20
/**
 * By how much memory may rise: in 50,000 calls, by less than 3 bytes of the module's for each, and 84 of the heap. A collector that looks for
 * references on the stack keeps a few objects (Bun's).
 */
const SLACK = { bytes: 2 * 65_536, values: 15, objects: 5, heap: 4 * mebibyte }

/**
 * @typedef {object} Run
 * @property {import("./plan.mjs").Order} order
 * @property {string} runtime
 * @property {Map<number, import("./perform.mjs").Outcome>} outcomes
 * @property {import("./tally.mjs").Tally} tally
 * @property {{ bytes: number, values: number, objects: number, heap?: number, resident?: number }[]} memory after the warm-up, and at the end
 * @property {{ deaths: number[], returns: number[] }} upstream when the server died, and was ready again
 * @property {{ exchanges: number, connections: number }} left what was still open on the server in the end
 * @property {{ code?: number, signal?: string }} exit of the program; of workerd, nothing
 * @property {Set<string>} printed lines that the program, or its runtime, has printed
 * @property {{ others: number, slow: number, slowBefore: number, expected: number }} arrivals in total, and those at the slow subscriber before it
 *   was let read
 */

/** @type {Record<string, (run: Run) => string[]>} */
export const PROMISES = {
  "every call ends": ({ order, outcomes }) =>
    each(order, (call) => (outcomes.has(call.index) ? undefined : "never ended")),

  "no accepted event is lost": ({ tally }) => tally.lost,
  "no event is accepted twice, or arrives twice": ({ tally }) => tally.doubled,
  "nothing else arrives, and no data is another event's": ({ tally }) => tally.strange,
  "what is acknowledged was accepted": ({ tally }) => tally.unaccepted,
  "what was never sent, or may be retried without a key, was not accepted": ({ tally }) => tally.misled,

  "all errors are typed": ({ order, outcomes }) => each(order, (call) => mistakeOf(call, outcomes.get(call.index))),
  "calls without trouble succeed, and those with a key succeed where connections break": ({
    order,
    runtime,
    outcomes,
  }) => {
    let onClosing = 0
    return each(order, (call) => {
      const { failure, value } = outcomes.get(call.index) ?? {}
      const failed = failure ?? value?.failed?.[0]
      if (!failed || !mustSucceed(order, runtime, call)) return undefined
      if (mayBeOnClosing(call, failed) && ++onClosing <= order.count * MOST_ON_CLOSING) return undefined
      return JSON.stringify(failed)
    })
  },
  "what is signed and checked is right": ({ order, outcomes }) =>
    each(order, (call) => answerMistakeOf(order, call, outcomes.get(call.index)?.value)),

  "the server failed in every way": ({ order, tally }) =>
    [...order.ways, ...Object.values(TROUBLES)]
      // A call to a server that hangs may be over before its request has arrived.
      .filter((name) => !tally.met.has(name) && !(/hang/i.test(name) && tally.errors.has("timeout")))
      .map((name) => `no request met ${name}`),
  "the server died, came back, and was used again": ({ upstream: { deaths, returns }, tally }) =>
    deaths.length > 0 && returns.length === deaths.length && tally.recovery > 0
      ? []
      : [`${deaths.length} deaths, ${returns.length} returns, ${tally.recovery} ms`],
  "a subscriber that does not read holds up nobody": ({ arrivals: { others, slow, slowBefore, expected } }) =>
    others === expected && slow === expected && slowBefore < slow
      ? []
      : [`of ${expected}, ${others} came to the others, ${slow} to the slow one, ${slowBefore} of them before it read`],

  "nothing is printed: no warning, and no rejection that nobody hears": ({ printed }) => [...printed],
  "memory is flat": ({ memory: [start, end] }) => {
    if (!end) return ["it was not measured twice"]
    return Object.entries(SLACK)
      .filter(([name, slack]) => end[name] > start[name] + slack)
      .map(([name]) => `${name} rose from ${start[name]} to ${end[name]}`)
  },
  "nothing stays open": ({ left, exit }) => [
    ...(left.exchanges > 0 || left.connections > 0 ? [`on the server: ${JSON.stringify(left)}`] : []),
    ...((exit.code ?? exit.signal ?? 0) ? [`the program ended with ${exit.signal ?? exit.code}`] : []),
  ],
}

/** Collects what is wrong with calls. */
const each = (order, mistake) =>
  Array.from({ length: order.count }, (_, index) => {
    const call = makeCall(order, index)
    const found = mistake(call)
    return found && `call ${index}, ${JSON.stringify({ ...call, phase: phaseOf(order.count, index).name })}: ${found}`
  }).filter(Boolean)

/** Tells whether nothing that happens to a call excuses its failure. */
const mustSucceed = (order, runtime, call) => {
  const { succeeding } = phaseOf(order.count, call.index)
  if (call.fault || call.abort) return false
  // A Worker is not told that there was no connection.
  if (call.losesName && runtime === "workerd") return call.isKeyed || call.kind === "ask"
  return succeeding === "all" || call.isKeyed || ["ask", "authorise", "webhook"].includes(call.kind)
}

/**
 * Tells whether an event may have been sent on a kept connection that the server was closing, after the fault of another call: some five in 50,000 on
 * Bun, two on Deno. Nobody knows whether it was taken, so without a key it is not sent again.
 */
const mayBeOnClosing = ({ isKeyed }, { code }) => !isKeyed && code === "network"
/** The share of calls of which that may be so. */
const MOST_ON_CLOSING = 1 / 1000

/** Returns what is wrong with the error of a call. */
const mistakeOf = (call, { failure, value } = {}) => {
  for (const error of failure ? [failure] : (value?.failed ?? [])) {
    const isRight = error.type === "PusherRequestError" && CODES[error.code]?.(error, call)
    if (!isRight) return JSON.stringify(error)
  }
}

const CODES = {
  http: ({ status, attempts, retryable }) => Number.isInteger(status) && attempts > 0 && typeof retryable === "boolean",
  network: ({ attempts, retryable }) => attempts > 0 && typeof retryable === "boolean",
  timeout: ({ attempts }, { fault }) => attempts > 0 && /hang/i.test(fault?.name),
  aborted: ({ reason }, { abort, index }) => abort !== undefined && reason === reasonOf(index),
}

const hmac = ({ server: { key, secret } }, text) => `${key}:${createHmac("sha256", secret).update(text).digest("hex")}`

/** Returns what is wrong with the answer of a call that publishes nothing. */
const answerMistakeOf = (order, { kind, index }, value) => {
  if (kind === "webhook") {
    const { isValid, rawBody } = order.webhooks[index % order.webhooks.length]
    const events = isValid ? JSON.stringify(JSON.parse(rawBody).events) : undefined
    return value?.isValid === isValid && JSON.stringify(value.events) === events ? undefined : JSON.stringify(value)
  }
  if (kind === "authorise") {
    const { socketId, channel, channel_data: member, auth, user } = value ?? {}
    const right = hmac(order, [socketId, channel, member].filter(Boolean).join(":"))
    const isRight = auth === right && user.auth === hmac(order, `${socketId}::user::${user.user_data}`)
    return isRight && socketId === `${index}.1` ? undefined : JSON.stringify(value)
  }
}
