// The library stays whole, whatever is thrown through it or asked of it: afterwards, each client signs with its own secret and sends to its
// own host. Last in the suite, for a module that has been broken would let everything after it fail.
import aliases from "./whole/aliases.mjs"
import callersCode from "./whole/callers-code.mjs"
import overflow from "./whole/overflow.mjs"
import sizes from "./whole/sizes.mjs"

const parts = {
  aliases,
  "the caller's code": callersCode,
  sizes,
  "stack overflow": overflow,
}

export default (QUnit, library, environment) => {
  for (const [name, part] of Object.entries(parts)) QUnit.module(name, () => part(QUnit, library, environment))
}
