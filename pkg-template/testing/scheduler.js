/**
 * Starts all timers of the server. A test passes `schedule` to control time; `close` drops all pending
 * timers, so that none keeps the process alive.
 *
 * @typedef {(callback: () => void, ms: number) => () => void} Schedule returns a function that cancels
 */
export class Scheduler {
  #schedule
  #pending = new Set()
  #closed = false

  /** @param {Schedule} [schedule] */
  constructor(schedule = scheduleWithTimeout) {
    this.#schedule = schedule
  }

  /** Runs `callback` after `ms` unless cancelled. @returns {() => void} cancels */
  after(ms, callback) {
    return this.#add(ms, callback, () => {})
  }

  /** Resolves to true after `ms`, or to false as soon as the server closes. */
  sleep(ms) {
    return new Promise((resolve) => {
      this.#add(
        ms,
        () => resolve(true),
        () => resolve(false),
      )
    })
  }

  close() {
    this.#closed = true
    for (const entry of this.#pending) {
      entry.cancel()
      entry.dropped()
    }
    this.#pending.clear()
  }

  #add(ms, callback, dropped) {
    if (this.#closed) {
      dropped()
      return () => {}
    }
    const entry = { cancel: () => {}, dropped }
    this.#pending.add(entry)
    entry.cancel = this.#schedule(() => {
      if (this.#pending.delete(entry)) callback()
    }, ms)
    return () => {
      if (this.#pending.delete(entry)) entry.cancel()
    }
  }
}

function scheduleWithTimeout(callback, ms) {
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}
