// CommonJS: the class itself is what `require` gives; everything else hangs on it. By `import`, which esbuild makes flat: of a `require`
// it would make functions, whose text is parsed once more as they are called.
import { Pusher } from "./inline.js"

module.exports = Pusher
module.exports.default = Pusher
