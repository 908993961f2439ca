import Fastify from "fastify"
import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"
import { channelAuthHandler, userAuthHandler, webhookHandler } from "pusher-http-wasm/handlers"
import { nodeHandler } from "pusher-http-wasm/node"

import { authenticate, authorize, cors, makeCallbacks } from "./application.mjs"

const pusher = Pusher.fromEnv()
const app = Fastify()

app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
  done(null, Object.fromEntries(new URLSearchParams(body))),
)

// In a context of its own, where bodies stay bytes: a webhook's signature covers them.
app.register(async (webhooks) => {
  webhooks.removeContentTypeParser("application/json")
  webhooks.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => done(null, body))
  webhooks.post("/webhooks", nodeHandler(webhookHandler(Pusher.fromEnv, makeCallbacks())))
  webhooks.post("/webhook", async (request, reply) => {
    const webhook = pusher.webhook({ headers: request.headers, rawBody: request.body })
    if (!webhook.isValid()) return reply.code(401).send({})
    return webhook.getEvents()
  })
})

app.all("/channel-auth", nodeHandler(channelAuthHandler(Pusher.fromEnv, authorize, { cors })))
app.all("/user-auth", nodeHandler(userAuthHandler(Pusher.fromEnv, authenticate, { cors })))

app.post("/auth", async (request) => {
  const { socket_id: socketId, channel_name: channel } = request.body
  const member = channel.startsWith("presence-") ? { user_id: "ada", user_info: { name: "Adá" } } : undefined
  return pusher.authorizeChannel(socketId, channel, member)
})

app.post("/trigger", async (request) => {
  const { channel, event, data } = request.body
  return (await pusher.trigger(channel, event, data)).json()
})

app.setErrorHandler((error, _request, reply) => {
  if (error instanceof PusherValidationError) return reply.code(400).send({ code: error.code })
  if (error instanceof PusherRequestError) return reply.code(502).send({ code: error.code })
  throw error
})

await app.listen({ host: "127.0.0.1", port: 0 })
console.log(`listening on ${app.server.address().port}`)
