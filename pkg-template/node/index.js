// Adapters from fetch-style handlers to servers that have no `Request` and `Response` of their own. Imports nothing of Node's, so that
// bundlers for other hosts take it as well.
export { lambdaHandler } from "./lambda-handler.js"
export { nodeHandler } from "./node-handler.js"
