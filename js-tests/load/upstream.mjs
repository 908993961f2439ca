// Starts the server, tells it what to do, and starts it again when it has died.
import { fork } from "node:child_process"
import { EventEmitter, once } from "node:events"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

/** Milliseconds without any server: long enough that clients meet the gap. */
const GAP = 400
const PATIENCE = 10_000
/** How often it tries to get a port, or its port back, which another program may have. */
const STARTS = 20
/** Ports below those that systems give out: no other program is given the server's port while it is dead, and no client connects to itself. */
const [FIRST_PORT, PORTS] = [20_000, 10_000]
/** A phase has a death for each so many calls, but no more than three. */
const CALLS_A_LIFE = 400
/** How often all connections are reset in a phase, of so many requests each at most. */
const [RESETS, RESET_EVERY] = [4, 40]

/**
 * The server of one run, on one port for all its lives. Emits `dying` before it dies, and `back` with functions to call when subscribers are
 * back as well, or cannot be; `broken` with an error if it does not come back.
 */
export class Upstream extends EventEmitter {
  port = 0
  /** @type {number[]} when it died, in milliseconds since 1970 */
  deaths = []
  /** @type {number[]} when it was ready again */
  returns = []

  #order
  #ledger
  /** @type {import("node:child_process").ChildProcess} */
  #child
  #deathsDue = { left: 0, dieAfter: 0 }
  #recovery = Promise.resolve()
  #mayEnd = false

  /**
   * @param {import("./plan.mjs").Order} order
   * @param {string} ledger a path
   */
  constructor(order, ledger) {
    super()
    this.#order = order
    this.#ledger = ledger
  }

  /** Starts it on a free port, or on the one that it had. It answers no request before `beReady`. */
  async start() {
    const isFirst = this.port === 0
    for (let starts = 1; ; starts++) {
      if (isFirst) this.port = FIRST_PORT + Math.floor(Math.random() * PORTS)
      try {
        return await this.#startOnPort()
      } catch (error) {
        if (starts === STARTS) throw error
        await sleep(GAP)
      }
    }
  }

  async #startOnPort() {
    const given = JSON.stringify({ order: this.#order, port: this.port, ledger: this.#ledger })
    const child = fork(join(import.meta.dirname, "server.mjs"), [given])
    this.#child = child
    child.on("message", (message) => this.emit(message.type, message))
    const [listening] = await Promise.race([once(this, "listening"), once(child, "exit").then(() => [])])
    if (!listening) throw new Error(`the server did not start on port ${this.port}`)
    this.#mayEnd = false
    const isDead = once(child, "exit")
    once(this, "dying").then(() => {
      this.#mayEnd = true
      this.deaths.push(Date.now())
      this.#recovery = isDead.then(() => this.#restart())
      this.#recovery.catch((error) => this.emit("broken", error))
    })
    isDead.then(() => this.#mayEnd || this.emit("broken", new Error("the server ended by itself")))
  }

  beReady() {
    this.#send("ready")
  }

  /**
   * Begins a phase of so many calls.
   *
   * @param {import("./phases.mjs").Phase} phase
   * @param {number} calls
   */
  async begin({ kills, resets, serverClock }, calls) {
    await this.#recovery
    const left = kills ? Math.min(3, Math.ceil(calls / CALLS_A_LIFE)) : 0
    // Of a Worker's calls, many fail during a gap without a request: so not all are waited for.
    this.#deathsDue = { left, dieAfter: Math.ceil((0.3 * calls) / (left || 1)) }
    this.#send("begin", {
      dieAfter: this.#nextDeath(),
      ...(resets && { resetEvery: Math.min(RESET_EVERY, Math.ceil(calls / RESETS / 2)) }),
      ...(serverClock !== undefined && { clock: serverClock, clockAfter: Math.ceil(calls / 3) }),
    })
  }

  /** @returns {Promise<{ exchanges: number, connections: number }>} how many clients wait, and how many are connected */
  async state() {
    this.#send("state")
    const [state] = await once(this, "state")
    return state
  }

  async stop() {
    // Where a run has failed, nobody may be there to come back for.
    await Promise.race([this.#recovery.catch(() => {}), sleep(PATIENCE, undefined, { ref: false })])
    const child = this.#child
    if (!child?.connected) return
    this.#mayEnd = true
    const ended = once(child, "exit")
    this.#send("stop")
    await ended
  }

  #nextDeath() {
    if (this.#deathsDue.left === 0) return undefined
    this.#deathsDue.left--
    return this.#deathsDue.dieAfter
  }

  async #restart() {
    await sleep(GAP)
    await this.start()
    this.#send("begin", { dieAfter: this.#nextDeath() })
    await new Promise((resolve, reject) => this.emit("back", { resolve, reject }))
    this.returns.push(Date.now())
    this.beReady()
  }

  #send(action, given) {
    this.#child.send({ action, ...given })
  }
}
