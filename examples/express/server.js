import express from "express"
import { nodeHandler } from "pusher-http-wasm/node"

import { authorize, postMessage, receiveWebhook } from "./channels.js"

const app = express()
// Before any `express.json()`: the signature of a webhook covers the bytes, which a parser does not keep.
app.post("/pusher/auth", nodeHandler(authorize))
app.post("/pusher/webhook", nodeHandler(receiveWebhook))
app.post("/messages", nodeHandler(postMessage))

const { HOST = "127.0.0.1", PORT = "3000" } = process.env
const server = app.listen(Number(PORT), HOST, () => {
  console.log(`Listening on http://${HOST}:${server.address().port}`)
})
