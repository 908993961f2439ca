// What the server has done, a line of JSON each, written before it does anything else: so it survives the server.
import { openSync, readFileSync, writeSync } from "node:fs"

/**
 * @typedef {{ arrived: number } | { met: string } | { at: number, key?: string, accepted: [name: string, channels: string[]][] }} Entry `at`: in
 *   milliseconds since 1970
 */

/** What else requests meet than the faults of ../support/faults.mjs. */
export const TROUBLES = { late: "refused for its time", resets: "all connections reset" }

export class Ledger {
  #path
  #file

  /** @param {string} path */
  constructor(path) {
    this.#path = path
    this.#file = openSync(path, "a")
  }

  /** A request of a call has arrived. @param {number} call */
  addArrival(call) {
    this.#write({ arrived: call })
  }

  /** A request has met a fault, or other trouble. @param {string} name */
  addTrouble(name) {
    this.#write({ met: name })
  }

  /** Events were accepted, of a request with an idempotency key or without one. */
  addAccepted(key, accepted) {
    this.#write({ at: Date.now(), key, accepted })
  }

  /** @returns {string[]} the idempotency keys so far */
  readKeys() {
    return readLedger(this.#path).flatMap(({ key }) => key ?? [])
  }

  #write(entry) {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`)
  }
}

/** @param {string} path @returns {any[]} its entries: each has some members of an `Entry` */
export const readLedger = (path) =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line))
