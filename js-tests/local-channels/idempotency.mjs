/**
 * The answers to calls that carried an `X-Idempotency-Key`: a call repeated with its key gets the first
 * one's answer and does nothing. A refused call is not remembered.
 */
export class RememberedAnswers {
  #now
  #ttlMs
  /** @type {Map<string, { answer: object, expiresAt: number }>} */
  #answers = new Map()

  /** @param {{ now: () => number, limits: import("./limits.mjs").Limits }} context */
  constructor({ now, limits }) {
    this.#now = now
    this.#ttlMs = limits.idempotencyTtlSeconds * 1000
  }

  /**
   * @param {string | undefined} key undefined: the call is not to be remembered
   * @param {() => object} work may throw
   * @returns {object} its answer, or the earlier one
   */
  once(key, work) {
    if (key === undefined) return work()
    const known = this.#answers.get(key)
    if (known !== undefined && known.expiresAt > this.#now()) return known.answer
    const answer = work()
    this.#answers.set(key, { answer, expiresAt: this.#now() + this.#ttlMs })
    return answer
  }
}
