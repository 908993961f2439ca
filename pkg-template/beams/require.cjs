// CommonJS. By `import`, which esbuild makes flat: its own form of a module weighs 0.2 KB more.
import { Beams } from "./beams.js"

exports.Beams = Beams
