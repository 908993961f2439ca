// Serves the endpoints with node:http alone.
import { createServer } from "node:http"

import { nodeHandler } from "pusher-http-wasm/node"

import endpoints from "./fetch.mjs"

const server = createServer(nodeHandler(endpoints.fetch))
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`))
