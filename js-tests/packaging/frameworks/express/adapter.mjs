// Serves a fetch-style handler with Express: without a parser, behind parsers, and behind one that keeps the bytes.
import express from "express"
import { nodeHandler } from "pusher-http-wasm/node"

import { handler } from "./handler.mjs"

const app = express()
const adapted = nodeHandler(handler)
const keepBytes = (request, _response, bytes) => {
  request.rawBody = bytes
}

app.use((_request, response, next) => {
  response.set("x-before", "1")
  next()
})
app.use("/raw", adapted)
app.post("/kept/echo", express.json({ verify: keepBytes }), adapted)
app.use("/parsed", express.json(), express.urlencoded(), adapted)
app.use((error, _request, response, _next) => {
  response.set("x-failed", error.message).status(500).end()
})

const server = app.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`))
