/** A list that is waited on: what has come is looked at first, and then each entry as it comes. */
export class Inbox {
  entries = []
  #waiting = new Set()

  add(entry) {
    this.entries.push(entry)
    for (const look of [...this.#waiting]) look(entry)
  }

  /**
   * The first entry for which `matches` is true.
   *
   * @param {(entry: object) => boolean} matches
   * @param {{ deadline: number, from?: number }} options `deadline`: milliseconds to wait; `from`: entries before it are not looked at
   * @returns {Promise<object | undefined>} undefined when none came in time
   */
  find(matches, { deadline, from = 0 }) {
    const there = this.entries.slice(from).find(matches)
    if (there) return Promise.resolve(there)
    return new Promise((resolve) => {
      const end = (entry) => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve(entry)
      }
      const look = (entry) => matches(entry) && end(entry)
      const timer = setTimeout(end, deadline, undefined)
      this.#waiting.add(look)
    })
  }
}

/** Whether `value` has everything that `wanted` has, however deep; what else it has does not matter. */
export function includes(value, wanted) {
  if (typeof wanted !== "object" || wanted === null) return Object.is(value, wanted)
  if (typeof value !== "object" || value === null) return false
  return Object.entries(wanted).every(([key, part]) => includes(value[key], part))
}
