// What each call of a run is, by its number alone: the program under load, the server, and what checks them all work it out by themselves.
import { isLargest } from "./events.mjs"
import { phaseOf } from "./phases.mjs"
import { makeRandom, pickOne } from "./random.mjs"

/**
 * What is to be run, as it is passed to programs.
 *
 * @typedef {object} Order
 * @property {number} seed
 * @property {number} count of calls
 * @property {number} inFlight calls at a time
 * @property {string[]} ways in which the server fails, by their names in ../support/faults.mjs
 * @property {number} faultEvery one call in so many meets one of them
 * @property {object} server the clients' options for it
 * @property {{ headers: object, rawBody: string, isValid: boolean }[]} webhooks
 * @property {string} [control] URL to which a program tells how far it is
 */

/**
 * @typedef {object} Call
 * @property {number} index
 * @property {string} kind one of ./kinds.mjs
 * @property {boolean} isKeyed whether it has an idempotency key
 * @property {{ name: string, attempts: number } | undefined} fault that its first attempts meet
 * @property {"before" | "at once" | "next task" | "later" | "leaving" | undefined} abort when its caller gives up
 * @property {boolean} losesName whether its first two attempts find no address
 */

const abortEvery = 7
/** A caller gives up before the call, right after it, in the host's next task, some milliseconds later; or, of a Worker, goes away. */
const ABORTS = ["before", "at once", "next task", "later", "leaving"]

/** Kinds of calls by how often they come, of a hundred. */
const SENDING = { trigger: 34, encrypted: 18, batch: 12, mixed: 10, user: 8, publish: 4, ask: 14 }
const ALL = { ...SENDING, authorise: 15, webhook: 15 }
const listOf = (shares) => Object.entries(shares).flatMap(([kind, share]) => Array(share).fill(kind))
const [sending, all] = [SENDING, ALL].map(listOf)

/** @param {Order} order @returns {Call} */
export const makeCall = ({ seed, count, ways, faultEvery }, index) => {
  const random = makeRandom(seed, index)
  const phase = phaseOf(count, index)
  const isFaulty = index % faultEvery === seed % faultEvery
  const turn = Math.floor(index / faultEvery)
  // The first calls that meet a fault see its end: so the server fails in each way at least once.
  const isAborted = index % abortEvery === seed % abortEvery && !(isFaulty && turn < ways.length)
  const kind = isLargest(index)
    ? Object.keys(SENDING)[index % Object.keys(SENDING).length]
    : pickOne(random, isFaulty || isAborted ? sending : all)
  const isKeyed = random() < 0.5
  const abort = isAborted ? pickOne(random, ABORTS) : undefined
  const attempts = pickOne(random, [1, 1, 1, 2, Infinity])
  const losesName = Boolean(phase.losesName) && random() < 0.2
  const name = isFaulty ? ways[turn % ways.length] : undefined
  // Its answer has the real time: where the clock is another one, clients would be misled.
  const isMisleading = name === "clock" && (phase.clientClock !== undefined || phase.serverClock !== undefined)
  const fault = name && { name: isMisleading ? "quota" : name, attempts }
  return { index, kind, isKeyed, fault, abort, losesName }
}
