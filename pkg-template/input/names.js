// Names of members that the caller has mistyped. An unknown name by itself is no mistake; one that is close to a known name is.
import { argumentError } from "../errors.js"

/** Throws if a member's name is not known but close to one that is. `what` says what the members are: "option". */
export const checkNames = (object, known, what) => {
  for (const name of Object.keys(object)) {
    if (known.includes(name)) continue
    const forms = new Set(formsOf(name))
    const meant = known.find((other) => formsOf(other).some((form) => forms.has(form)))
    if (meant) throw argumentError(`Unknown ${what} '${name}': did you mean '${meant}'?`, name)
  }
}

/** Returns a name as it is and without each of its letters. Where one letter is added, missing, wrong, or in another place, two names have a form in common. */
const formsOf = (name) => {
  const plain = name.toLowerCase().replace(/[_-]/g, "")
  return [plain, ...[...plain].map((_, at) => plain.slice(0, at) + plain.slice(at + 1))]
}
