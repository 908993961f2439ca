import { Hono } from "hono"
import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"
import { channelAuthHandler, userAuthHandler, webhookHandler } from "pusher-http-wasm/handlers"

import { authenticate, authorize, cors, makeCallbacks } from "./application.mjs"

const app = new Hono()
const channelAuth = channelAuthHandler(Pusher.fromEnv, authorize, { cors })
const userAuth = userAuthHandler(Pusher.fromEnv, authenticate, { cors })
const webhooks = webhookHandler(Pusher.fromEnv, makeCallbacks(Pusher.fromEnv))

app.all("/channel-auth", ({ req, env, executionCtx }) => channelAuth(req.raw, env, executionCtx))
app.all("/user-auth", ({ req, env, executionCtx }) => userAuth(req.raw, env, executionCtx))
app.post("/webhooks", ({ req, env, executionCtx }) => webhooks(req.raw, env, executionCtx))

// The variables come with each request, and so does the client.
app.use(async (context, next) => {
  context.set("pusher", Pusher.fromEnv(context.env))
  await next()
})

app.post("/auth", async (context) => {
  const { socket_id: socketId, channel_name: channel } = await context.req.parseBody()
  const member = channel.startsWith("presence-") ? { user_id: "ada", user_info: { name: "Adá" } } : undefined
  return context.json(context.var.pusher.authorizeChannel(socketId, channel, member))
})

app.post("/trigger", async (context) => {
  const { channel, event, data } = await context.req.json()
  return context.var.pusher.trigger(channel, event, data)
})

app.post("/webhook", async (context) => {
  const webhook = context.var.pusher.webhook({
    headers: context.req.raw.headers,
    rawBody: await context.req.arrayBuffer(),
  })
  if (!webhook.isValid()) return context.json({}, 401)
  return context.json(webhook.getEvents())
})

app.onError((error, context) => {
  if (error instanceof PusherValidationError) return context.json({ code: error.code }, 400)
  if (error instanceof PusherRequestError) return context.json({ code: error.code }, 502)
  throw error
})

export default app
