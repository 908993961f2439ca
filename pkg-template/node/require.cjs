// CommonJS. By `import`, which esbuild makes flat.
import { lambdaHandler } from "./lambda-handler.js"
import { nodeHandler } from "./node-handler.js"

exports.lambdaHandler = lambdaHandler
exports.nodeHandler = nodeHandler
