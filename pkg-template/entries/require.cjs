// CommonJS: the class itself is what `require` gives; everything else hangs on it. By `import`, which esbuild makes flat: of a `require`
// it would make functions, whose text is parsed once more as they are called.
import { Pusher } from "./inline.js"

// Untyped, as a parameter is: TypeScript's old resolution sees this file with the types of `import`, which cannot say `export =`, and attw
// would call that a fault.
const give = (type) => {
  module.exports = type
  module.exports.default = type
}
give(Pusher)
