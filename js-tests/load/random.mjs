/** Returns a function whose numbers, from 0 up to 1, are the same for the same seed and index, on every runtime. */
export const makeRandom = (seed, index) => {
  let state = (seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Returns one of a list, by a function of `makeRandom`. */
export const pickOne = (random, list) => list[Math.floor(random() * list.length)]
