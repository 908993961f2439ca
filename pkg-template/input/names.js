// Names of members that the caller has mistyped. An unknown name by itself is no mistake; one that is close to a known name is.
import { argumentError } from "../errors.js"

/** Throws if a member's name is not known but close to one that is. `what` says what the members are: "option". */
export const checkNames = (object, known, what) => {
  for (const name of Object.keys(object)) {
    if (known.includes(name)) continue
    const meant = known.find((other) => isClose(normalise(name), normalise(other)))
    if (meant) throw argumentError(`Unknown ${what} '${name}': did you mean '${meant}'?`, name)
  }
}

const normalise = (name) => name.toLowerCase().replace(/[_-]/g, "")

/** Tells whether two names differ by one letter at most, which is added, missing, wrong, or swapped with the next. */
const isClose = (one, other) => {
  let same = 0
  while (same < one.length && one[same] === other[same]) same++
  const [a, b] = [one.slice(same), other.slice(same)]
  const [afterOne, afterOther] = [a.slice(1), b.slice(1)]
  return afterOne === b || a === afterOther || afterOne === afterOther || a[1] + a[0] + a.slice(2) === b
}
