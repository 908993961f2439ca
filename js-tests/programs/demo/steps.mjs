// The demo's steps. Each ends as done, missing or left out.
import { DemoError, Interrupted } from "./errors.mjs"

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {"done" | "missing" | "left out"} status
 * @property {string} summary the result, or why the step is missing or left out
 * @property {number} [ms] duration
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

  /** Lists the missing steps with their reasons. @returns {string[]} */
  get missing() {
    return this.all.filter(({ status }) => status === "missing").map(({ name, summary }) => `${name}: ${summary}`)
  }

  /**
   * Runs a step. If it fails, it is missing; the error is not thrown.
   *
   * @param {string} name
   * @param {(signal: AbortSignal) => Promise<string>} body resolves to the summary; `signal` is that of {@link runWithin}
   * @returns {Promise<Step>}
   * @throws {Interrupted}
   */
  async run(name, body) {
    const begin = performance.now()
    const step = { name, status: "missing", summary: "the demo ended before" }
    // Before it runs, so that steps that run at the same time keep their order.
    this.all.push(step)
    try {
      const summary = await this.#runInTime(body)
      Object.assign(step, { status: "done", summary, ms: performance.now() - begin })
    } catch (error) {
      if (this.#signal?.aborted) throw new Interrupted()
      step.summary = error.message
    }
    return step
  }

  /** Tells whether `body` succeeds, without making it a step. @throws {Interrupted} */
  async attempt(body) {
    try {
      await this.#runInTime(body)
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

  async #runInTime(body) {
    const ms = Math.min(this.#patienceMs, this.#deadline - performance.now())
    if (ms <= 0) throw new Error("not tried, because the time was up")
    return runWithin(ms, this.#signal, body)
  }
}

/**
 * Runs `body` with a signal that aborts after `ms` or with `outer`. The signal's reason is an Error.
 *
 * @template Result
 * @param {number} ms
 * @param {AbortSignal | undefined} outer
 * @param {(signal: AbortSignal) => Promise<Result>} body
 */
export async function runWithin(ms, outer, body) {
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
