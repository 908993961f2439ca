/**
 * Keeps the answers to calls with an `X-Idempotency-Key`. A call retried with its key gets the first call's
 * answer and does nothing. Refused calls are not kept.
 */
export class RememberedAnswers {
  #now
  #ttlMs
  /** @type {Map<string, { answer: object, expiresAt: number }>} */
  #answers = new Map()

  /** @param {{ now: () => number, limits: import("./limits.js").Limits }} context */
  constructor({ now, limits }) {
    this.#now = now
    this.#ttlMs = limits.idempotencyTtlSeconds * 1000
  }

  /**
   * Runs `work` unless the key has an answer already.
   *
   * @param {string | undefined} key undefined: always runs it
   * @param {() => object} work may throw
   * @returns {object} the answer of `work`, or the earlier one
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
