// What `require` gives of the subpath `/node`.
import node = require("pusher-http-wasm/node")

const handler: node.FetchHandler = () => new Response()
const listener: (req: object, res: object) => void = node.nodeHandler(handler)
listener({}, {})
node
  .lambdaHandler(handler)({ httpMethod: "GET", path: "/" })
  .then((result: node.LambdaResult) => result.body)
// @ts-expect-error: no such member
node.default
