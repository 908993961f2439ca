// One case with one set of libraries: first whether all variants do the same, then how long they take.
import { variantsOf } from "./libraries.mjs"
import { inLongTurns, inTurns } from "./rounds.mjs"

/** @returns {Promise<Record<string, number[]>>} nanoseconds a call, of each variant in each round */
export const measure = async (measured, libraries, settings) => {
  const variants = await atOneTime(async () => {
    const variants = variantsOf(await measured.variants(libraries))
    await assertEqual(measured, variants, libraries)
    return variants
  })
  const { callsEach = 1, longRounds } = measured
  const times = await (longRounds ? inLongTurns(variants, longRounds) : inTurns(variants, settings))
  return Object.fromEntries(
    Object.entries(times).map(([variant, samples]) => [variant, samples.map((time) => time / callsEach)]),
  )
}

/** While the time of day stands still, for it is part of what is signed. */
const atOneTime = async (run) => {
  const now = Date.now
  Date.now = () => 1772600767890
  try {
    return await run()
  } finally {
    Date.now = now
  }
}

const assertEqual = async ({ name, before, seen }, variants, libraries) => {
  const results = {}
  for (const [variant, call] of Object.entries(variants)) {
    await before?.()
    const result = await call()
    results[variant] = canonical(seen ? await seen(libraries) : result)
  }
  for (const [variant, result] of Object.entries(results)) {
    if (result !== results.ours) throw new Error(`${name}: ${variant} gives ${result}, but ours gives ${results.ours}`)
  }
}

/** As JSON whose members are sorted, except within strings. */
const canonical = (value) =>
  JSON.stringify(value, (_, member) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  )
