/** A list of entries that can be waited for. */
export class Inbox {
  entries = []
  #waiting = new Set()

  add(entry) {
    this.entries.push(entry)
    for (const look of [...this.#waiting]) look(entry)
  }

  /**
   * Resolves to the first entry that matches, whether it is there already or still to come.
   *
   * @param {(entry: object) => boolean} matches
   * @param {{ deadline: number, from?: number }} options `deadline`: milliseconds to wait; `from`: index of the first entry to consider
   * @returns {Promise<object | undefined>} undefined if none comes in time
   */
  find(matches, { deadline, from = 0 }) {
    const known = this.entries.slice(from).find(matches)
    if (known) return Promise.resolve(known)
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

/** Tells whether `value` has every member of `wanted`, at any depth. It may have others. */
export function includes(value, wanted) {
  if (typeof wanted !== "object" || wanted === null) return Object.is(value, wanted)
  if (typeof value !== "object" || value === null) return false
  return Object.entries(wanted).every(([key, part]) => includes(value[key], part))
}
