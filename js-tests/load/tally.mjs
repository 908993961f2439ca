// Puts together what became of each call, what the server did, and what subscribers saw.
import { callOf, eventsOf } from "./events.mjs"
import { phaseOf } from "./phases.mjs"
import { makeCall } from "./plan.mjs"

/** @typedef {{ calls: number, requests: number, accepted: number, delivered: number, lost: number, doubled: number, failed: number }} Row */

/** @returns {Row} */
const makeRow = () => ({ calls: 0, requests: 0, accepted: 0, delivered: 0, lost: 0, doubled: 0, failed: 0 })

const NO_FAULT = "none"
const ABORTED = "aborted by its caller"

/** Returns the row of a call: the phase's own trouble, or the fault that it meets, or that it is aborted. */
const rowOf = (order, call) =>
  phaseOf(order.count, call.index).label ?? call.fault?.name ?? (call.abort ? ABORTED : NO_FAULT)

/** Of an event that `publish` had not taken from its list when it was aborted. */
const NOT_TAKEN = { code: "aborted", attempts: 0 }

/** Returns what is known of each event on each channel, by `name channel`: how it failed, or else that it was acknowledged. */
const outcomesOf = (order, call, { value, failure, isUnknown }) => {
  const outcomes = new Map()
  const taken = value?.failed ? value.published + value.failed.length : Infinity
  for (const [at, { name, channels }] of eventsOf(order, call).entries()) {
    const failed = failure ?? value?.failed?.find(({ index }) => index === at) ?? (at < taken ? undefined : NOT_TAKEN)
    for (const channel of channels) outcomes.set(`${name} ${channel}`, { failure: failed, isUnknown })
  }
  return outcomes
}

/**
 * @typedef {object} Tally
 * @property {Row} total
 * @property {Map<string, Row>} rows by fault
 * @property {Map<string, number>} errors by code, and status
 * @property {Map<string, number>} met how often requests met each fault, and other trouble
 * @property {string[]} lost events that were acknowledged or accepted, and are missing somewhere
 * @property {string[]} doubled events that were accepted, or arrived, more than once
 * @property {string[]} strange events that arrived and were never accepted, or whose data was another's
 * @property {string[]} unaccepted events that were acknowledged, and not accepted
 * @property {string[]} misled events that were accepted, although the error says that they were not sent, or can be sent again
 * @property {number} recovery milliseconds from the server's return to the end of the last call that had waited for it
 */

/**
 * @param {import("./plan.mjs").Order} order
 * @param {{ outcomes: Map<number, import("./perform.mjs").Outcome>, entries: any[], inboxes: { name: string, inbox: any }[], returns: number[] }} seen
 * @returns {Tally}
 */
export function makeTally(order, { outcomes, entries, inboxes, returns }) {
  const tally = {
    total: makeRow(),
    rows: new Map([NO_FAULT, ABORTED].map((name) => [name, makeRow()])),
    errors: new Map(),
    met: new Map(),
    lost: [],
    doubled: [],
    strange: [],
    unaccepted: [],
    misled: [],
    recovery: 0,
  }
  const count = (map, key) => map.set(key, (map.get(key) ?? 0) + 1)
  const [arrived, accepted] = [new Map(), new Map()]
  for (const entry of entries) {
    if (entry.arrived !== undefined) count(arrived, entry.arrived)
    if (entry.met !== undefined) count(tally.met, entry.met)
    for (const [name, channels] of entry.accepted ?? [])
      for (const channel of channels) count(accepted, `${name} ${channel}`)
  }
  const rows = new Map()
  for (let index = 0; index < order.count; index++) {
    const call = makeCall(order, index)
    const name = rowOf(order, call)
    if (!tally.rows.has(name)) tally.rows.set(name, makeRow())
    const both = [tally.total, tally.rows.get(name)]
    rows.set(index, both)
    const add = (what, number = 1) => {
      for (const row of both) row[what] += number
    }
    add("calls")
    add("requests", arrived.get(index) ?? 0)
    const outcome = outcomes.get(index)
    if (!outcome) continue
    const failures = outcome.failure ? [outcome.failure] : (outcome.value?.failed ?? [])
    for (const { code, status } of failures) count(tally.errors, [code, status].filter(Boolean).join(" "))
    if (failures.length > 0) add("failed")
    // Of more than one return that a call has waited for, the last ended its wait.
    const readyAt = returns.findLast((time) => time < outcome.end)
    if (outcome.start < readyAt) tally.recovery = Math.max(tally.recovery, outcome.end - readyAt)

    for (const [key, { failure, isUnknown }] of outcomesOf(order, call, outcome)) {
      const times = accepted.get(key) ?? 0
      const arrivals = inboxes.map(({ inbox }) => inbox.counts.get(key) ?? 0)
      const isAcknowledged = !failure && !isUnknown
      if (times > 0) add("accepted")
      if (isAcknowledged && times === 0) tally.unaccepted.push(key)
      if (times > 0 && arrivals.every((arrivals) => arrivals > 0)) add("delivered")
      if ((times > 0 || isAcknowledged) && arrivals.includes(0)) {
        add("lost")
        tally.lost.push(`${key}: ${describeArrivals(inboxes, arrivals)}`)
      }
      if (times > 1 || arrivals.some((arrivals) => arrivals > 1)) {
        add("doubled")
        tally.doubled.push(`${key}: accepted ${times} times; ${describeArrivals(inboxes, arrivals)}`)
      }
      const isUnsent = failure && (failure.attempts ?? 0) === 0
      if ((isUnsent || (failure?.retryable && !call.isKeyed)) && times > 0)
        tally.misled.push(`${key}: ${JSON.stringify(failure)}`)
    }
  }
  for (const { name, inbox } of inboxes) {
    for (const key of inbox.wrong) tally.strange.push(`${key}: another event's data at ${name}`)
    for (const key of inbox.counts.keys())
      if (!accepted.has(key)) tally.strange.push(`${key}: never accepted, but arrived at ${name}`)
  }
  for (const key of accepted.keys()) if (!rows.has(callOf(key))) tally.strange.push(`${key}: of no call`)
  return tally
}

const describeArrivals = (inboxes, arrivals) =>
  inboxes.map(({ name }, at) => `${arrivals[at]} times at ${name}`).join(", ")
