/** Messages in their order, which can be waited for before or after they come. */
export class Inbox {
  messages = []

  #waiting = new Set()
  #closed

  add(message) {
    this.messages.push(message)
    for (const check of [...this.#waiting]) check()
  }

  /** Rejects all waits, now and later, with the reason why nothing comes any more. */
  close(error) {
    this.#closed = error
    for (const check of [...this.#waiting]) check()
  }

  /**
   * Resolves to the first message for which `wanted(message, index)` is true. An error that `wanted` throws ends the wait.
   *
   * @template Message
   * @param {(message: Message, index: number) => boolean} wanted
   * @param {AbortSignal} [signal] ends the wait with its reason
   * @returns {Promise<Message>}
   */
  find(wanted, signal) {
    return new Promise((resolve, reject) => {
      const end = (settle, value) => {
        this.#waiting.delete(check)
        signal?.removeEventListener("abort", check)
        settle(value)
      }
      const check = () => {
        try {
          const found = this.messages.find(wanted)
          if (found !== undefined) return end(resolve, found)
        } catch (error) {
          return end(reject, error)
        }
        if (signal?.aborted) end(reject, signal.reason)
        else if (this.#closed) end(reject, this.#closed)
      }
      this.#waiting.add(check)
      signal?.addEventListener("abort", check)
      check()
    })
  }
}
