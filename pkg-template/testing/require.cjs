// CommonJS. By `import`, which esbuild makes flat: its own form of a module weighs 0.2 KB more.
import { fakeChannels, startLocalChannels } from "./index.js"

exports.fakeChannels = fakeChannels
exports.startLocalChannels = startLocalChannels
