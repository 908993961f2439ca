/** Keeps the last event of each cache channel, also after its subscribers have left. */
export class EventCache {
  #now
  #ttlMs
  #events = new Map()

  /** @param {{ now: () => number, limits: import("./limits.js").Limits }} context */
  constructor({ now, limits }) {
    this.#now = now
    this.#ttlMs = limits.cacheTtlSeconds * 1000
  }

  /** @param {string} channel @param {{ name: string, data: string }} event */
  remember(channel, { name, data }) {
    this.#events.set(channel, { name, data, expiresAt: this.#now() + this.#ttlMs })
  }

  /** @returns {{ name: string, data: string, ttl: number } | undefined} `ttl` in whole seconds */
  recall(channel) {
    const event = this.#events.get(channel)
    if (event === undefined) return undefined
    const remaining = event.expiresAt - this.#now()
    if (remaining <= 0) {
      this.#events.delete(channel)
      return undefined
    }
    return { name: event.name, data: event.data, ttl: Math.ceil(remaining / 1000) }
  }
}
