import express from "express"
import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"
import { channelAuthHandler, userAuthHandler, webhookHandler } from "pusher-http-wasm/handlers"
import { nodeHandler } from "pusher-http-wasm/node"

import { authenticate, authorize, cors, makeCallbacks } from "./application.mjs"

const pusher = Pusher.fromEnv()
const app = express()

// Before anything parses bodies: a webhook's signature is that of its bytes.
app.post("/webhook", express.raw({ type: "application/json" }), (request, response) => {
  const webhook = pusher.webhook({ headers: request.headers, rawBody: request.body })
  if (!webhook.isValid()) return response.status(401).json({})
  response.json(webhook.getEvents())
})

app.all("/channel-auth", nodeHandler(channelAuthHandler(Pusher.fromEnv, authorize, { cors })))
app.all("/user-auth", nodeHandler(userAuthHandler(Pusher.fromEnv, authenticate, { cors })))
app.post("/webhooks", nodeHandler(webhookHandler(Pusher.fromEnv, makeCallbacks())))

app.use(express.json(), express.urlencoded())

app.post("/auth", (request, response) => {
  const { socket_id: socketId, channel_name: channel } = request.body
  const member = channel.startsWith("presence-") ? { user_id: "ada", user_info: { name: "Adá" } } : undefined
  response.json(pusher.authorizeChannel(socketId, channel, member))
})

app.post("/trigger", async (request, response) => {
  const { channel, event, data } = request.body
  const answer = await pusher.trigger(channel, event, data)
  response.json(await answer.json())
})

app.use((error, _request, response, next) => {
  if (error instanceof PusherValidationError) return response.status(400).json({ code: error.code })
  if (error instanceof PusherRequestError) return response.status(502).json({ code: error.code })
  next(error)
})

const server = app.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`))
