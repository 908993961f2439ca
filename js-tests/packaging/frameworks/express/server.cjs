const { once } = require("node:events")
const express = require("express")
const Pusher = require("pusher-http-wasm")
const { channelAuthHandler, userAuthHandler, webhookHandler } = require("pusher-http-wasm/handlers")
const { nodeHandler } = require("pusher-http-wasm/node")

const pusher = Pusher.fromEnv()
const app = express()

// One parser for all routes, which keeps the bytes for the one that needs them.
const keepBytes = (request, _response, bytes) => {
  request.rawBody = bytes
}
app.use(express.json({ verify: keepBytes }), express.urlencoded())

app.post("/webhook", (request, response) => {
  const webhook = pusher.webhook(request)
  if (!webhook.isValid()) return response.status(401).json({})
  response.json(webhook.getEvents())
})

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

const endpoints = import("./application.mjs").then(({ authenticate, authorize, cors, makeCallbacks }) => {
  app.all("/channel-auth", nodeHandler(channelAuthHandler(Pusher.fromEnv, authorize, { cors })))
  app.all("/user-auth", nodeHandler(userAuthHandler(Pusher.fromEnv, authenticate, { cors })))
  app.post("/webhooks", nodeHandler(webhookHandler(Pusher.fromEnv, makeCallbacks())))
})

app.use((error, _request, response, next) => {
  if (error instanceof Pusher.PusherValidationError) return response.status(400).json({ code: error.code })
  if (error instanceof Pusher.RequestError) return response.status(502).json({ code: error.code })
  next(error)
})

const server = app.listen(0, "127.0.0.1")
Promise.all([once(server, "listening"), endpoints]).then(() => console.log(`listening on ${server.address().port}`))
