// Serves a fetch-style handler with node:http alone.
import { createServer } from "node:http"

import { nodeHandler } from "pusher-http-wasm/node"

import { handler } from "./handler.mjs"

const server = createServer(nodeHandler(handler))
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`))
