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

/** Tells whether one letter at most is added, missing, wrong, or in another place: without it, the names are the same. */
const isClose = (one, other) =>
  Math.abs(one.length - other.length) < 2 && withoutOne(one).some((name) => withoutOne(other).includes(name))

const withoutOne = (name) => [name, ...[...name].map((_, at) => name.slice(0, at) + name.slice(at + 1))]
