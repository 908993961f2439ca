// Calls that are made where there is hardly any room left on the stack.

/** More frames than lie between no room at all and enough for any call. */
const mostCalls = 2000
/** A call that has returned so many times in a row has enough room. */
export const enough = 3

/**
 * Calls `call` again and again: at the very end of the stack at first, and each time with the room of one frame more, until it returns. So
 * the stack overflows in each of its functions, wherever an engine looks how much is left. Gives what was returned and what was thrown.
 */
export const callNearLimit = (call) => {
  // Filled by hand: a call of `push` takes room, too, and nothing that was returned may be lost.
  const returned = new Array(mostCalls).fill(undefined)
  const thrown = new Array(mostCalls).fill(undefined)
  let calls = 0
  let inARow = 0
  let isAtEnd = false
  const descend = () => {
    try {
      descend()
    } catch {
      // The end of the stack. From here on, each frame makes one call on its way out.
      isAtEnd = true
    }
    if (calls === mostCalls || inARow === enough) return
    const at = calls++
    try {
      returned[at] = { value: call() }
      inARow++
    } catch (error) {
      thrown[at] = { error }
      inARow = 0
    }
  }
  descend()
  if (!isAtEnd) throw new Error("the stack has no end")
  const isThere = (item) => item !== undefined
  return {
    returned: returned.filter(isThere).map(({ value }) => value),
    thrown: thrown.filter(isThere).map(({ error }) => error),
  }
}
