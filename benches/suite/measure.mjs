// One case with one set of libraries: first whether all variants do the same, then how long they take.
import { variantsOf } from "./libraries.mjs"
import { inTurns } from "./rounds.mjs"

export const measure = async (measured, libraries, settings) => {
  const variants = variantsOf(await measured.variants(libraries))
  await assertEqual(measured, variants, libraries)
  return inTurns(variants, settings)
}

/** At one and the same time of day, for it is part of what is signed. */
const assertEqual = async ({ name, seen }, variants, libraries) => {
  const now = Date.now
  Date.now = () => 1772600767890
  try {
    const results = {}
    for (const [variant, call] of Object.entries(variants)) {
      const result = await call()
      results[variant] = canonical(seen ? seen(libraries) : result)
    }
    for (const [variant, result] of Object.entries(results)) {
      if (result !== results.ours) throw new Error(`${name}: ${variant} gives ${result}, but ours gives ${results.ours}`)
    }
  } finally {
    Date.now = now
  }
}

/** As JSON whose members are sorted, except within strings. */
const canonical = (value) =>
  JSON.stringify(value, (_, member) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  )
