// The list of what the demo shows: each step is done, missing or left out.
import { DemoError, Interrupted } from "./errors.mjs"

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {"done" | "missing" | "left out"} status
 * @property {string} summary what was seen, or why it is missing or left out
 * @property {number} [ms] from the step's begin to its end
 */

export class Steps {
  /** @type {Step[]} */
  all = []

  #deadline
  #patienceMs
  #signal

  /**
   * @param {{ deadlineMs: number, patienceMs: number, signal?: AbortSignal }} limits
   *   `deadlineMs`: for all steps together, from now on; `patienceMs`: for one
   */
  constructor({ deadlineMs, patienceMs, signal }) {
    this.#deadline = performance.now() + deadlineMs
    this.#patienceMs = patienceMs
    this.#signal = signal
  }

  /** What did not arrive, a line each. @returns {string[]} */
  get missing() {
    return this.all.filter(({ status }) => status === "missing").map(({ name, summary }) => `${name}: ${summary}`)
  }

  /**
   * Runs a step; what goes wrong in it makes it missing and is no exception.
   *
   * @param {string} name
   * @param {(signal: AbortSignal) => Promise<string>} body resolves to what was seen; `signal` is that of {@link within}
   * @returns {Promise<Step>}
   * @throws {Interrupted}
   */
  async run(name, body) {
    const begin = performance.now()
    const step = { name, status: "missing", summary: "the demo ended before" }
    // At once: steps that run at the same time keep their order.
    this.all.push(step)
    try {
      const summary = await this.#patiently(body)
      Object.assign(step, { status: "done", summary, ms: performance.now() - begin })
    } catch (error) {
      if (this.#signal?.aborted) throw new Interrupted()
      step.summary = error.message
    }
    return step
  }

  /** Whether `body` comes to its end; it is no step, and nothing is missing if it does not. @throws {Interrupted} */
  async attempt(body) {
    try {
      await this.#patiently(body)
      return true
    } catch {
      if (this.#signal?.aborted) throw new Interrupted()
      return false
    }
  }

  /** @returns {Step} */
  leaveOut(name, why) {
    const step = { name, status: "left out", summary: why }
    this.all.push(step)
    return step
  }

  async #patiently(body) {
    const ms = Math.min(this.#patienceMs, this.#deadline - performance.now())
    if (ms <= 0) throw new Error("not tried, the time was up")
    return within(ms, this.#signal, body)
  }
}

/**
 * Runs `body` with a signal that aborts after `ms`, or with `outer`. Its reason is an Error to be thrown.
 *
 * @template Result
 * @param {number} ms
 * @param {AbortSignal | undefined} outer
 * @param {(signal: AbortSignal) => Promise<Result>} body
 */
export async function within(ms, outer, body) {
  if (outer?.aborted) throw new Interrupted()
  const inner = new AbortController()
  const timer = setTimeout(() => inner.abort(new DemoError(`nothing within ${(ms / 1000).toFixed(1)} s`)), ms)
  const interrupt = () => inner.abort(new Interrupted())
  outer?.addEventListener("abort", interrupt)
  try {
    return await body(inner.signal)
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener("abort", interrupt)
  }
}
