// What the server has done, a line of JSON each, written before it does anything else: so it survives the server.
import { openSync, readFileSync, writeSync } from "node:fs"

/**
 * @typedef {{ arrived: number } | { met: string } | { key?: string, accepted: [name: string, channels: string[]][] }} Entry
 */

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

  /** A request has met a fault. @param {string} name */
  addFault(name) {
    this.#write({ met: name })
  }

  /** Events were accepted, of a request with an idempotency key or without one. */
  addAccepted(key, accepted) {
    this.#write({ key, accepted })
  }

  /** @returns {string[]} the idempotency keys so far */
  readKeys() {
    return readLedger(this.#path).flatMap(({ key }) => key ?? [])
  }

  #write(entry) {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`)
  }
}

/** @param {string} path @returns {any[]} its entries */
export const readLedger = (path) =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line))
