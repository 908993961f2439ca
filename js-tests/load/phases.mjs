// A run is a row of phases, each with a trouble of its own. All calls of a phase end before the next begins, so that each call belongs to one.

const minutes = 60_000

/**
 * @typedef {object} Phase
 * @property {string} name
 * @property {number} share of all calls
 * @property {string} [label] of its row in the report; without one, its calls are reported by the fault that each meets
 * @property {"all" | "keyed"} succeeding which calls must succeed that meet no fault and are not aborted: all, or those that may be retried
 * @property {number} [clientClock] milliseconds by which the clients' clock is ahead
 * @property {number} [serverClock] milliseconds by which the server's clock is ahead from the middle on
 * @property {boolean} [kills] whether the server is killed and started again
 * @property {boolean} [resets] whether all connections are reset again and again
 * @property {boolean} [losesName] whether one call in five finds no address for the server's name at first
 */

/** @type {Phase[]} */
export const PHASES = [
  // Pools and caches fill before memory is measured for the first time.
  { name: "warm-up", share: 0.15, succeeding: "all" },
  { name: "faults", share: 0.35, succeeding: "all" },
  { name: "killed", share: 0.2, label: "server killed and started again", succeeding: "keyed", kills: true },
  { name: "reset", share: 0.1, label: "all connections reset", succeeding: "keyed", resets: true },
  { name: "names", share: 0.04, label: "name does not resolve", succeeding: "all", losesName: true },
  { name: "ahead", share: 0.04, label: "clients' clock 15 min ahead", succeeding: "all", clientClock: 15 * minutes },
  { name: "behind", share: 0.04, label: "clients' clock 15 min behind", succeeding: "all", clientClock: -15 * minutes },
  {
    name: "server ahead",
    share: 0.04,
    label: "server's clock steps 15 min ahead",
    succeeding: "all",
    serverClock: 15 * minutes,
  },
  {
    name: "server behind",
    share: 0.04,
    label: "server's clock steps 15 min behind",
    succeeding: "all",
    serverClock: -15 * minutes,
  },
]

/**
 * Divides a number of calls among the phases.
 *
 * @param {number} count
 * @returns {(Phase & { from: number, to: number })[]} each has the calls from `from` up to, but not including, `to`
 */
export const phasesOf = (count) => {
  let share = 0
  return PHASES.map((phase) => {
    const from = Math.round(share * count)
    share += phase.share
    return { ...phase, from, to: Math.round(share * count) }
  })
}

/** Returns the phase of a call. */
export const phaseOf = (count, index) => phasesOf(count).find(({ to }) => index < to)
