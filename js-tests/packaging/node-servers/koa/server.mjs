import { bodyParser } from "@koa/bodyparser"
import Koa from "koa"
import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"
import { channelAuthHandler, userAuthHandler, webhookHandler } from "pusher-http-wasm/handlers"
import { nodeHandler } from "pusher-http-wasm/node"

import { authenticate, authorize, cors, makeCallbacks } from "./application.mjs"

const pusher = Pusher.fromEnv()
const app = new Koa()

const routes = {
  "/auth": ({ socket_id: socketId, channel_name: channel }) => {
    const member = channel.startsWith("presence-") ? { user_id: "ada", user_info: { name: "Adá" } } : undefined
    return pusher.authorizeChannel(socketId, channel, member)
  },
  "/trigger": async ({ channel, event, data }) => (await pusher.trigger(channel, event, data)).json(),
}

const endpoints = {
  "/channel-auth": nodeHandler(channelAuthHandler(Pusher.fromEnv, authorize, { cors })),
  "/user-auth": nodeHandler(userAuthHandler(Pusher.fromEnv, authenticate, { cors })),
}
const webhooks = nodeHandler(webhookHandler(Pusher.fromEnv, makeCallbacks()))

app.use(async (ctx, next) => {
  try {
    await next()
  } catch (error) {
    if (error instanceof PusherValidationError) ctx.status = 400
    else if (error instanceof PusherRequestError) ctx.status = 502
    else throw error
    ctx.body = { code: error.code }
  }
})
app.use((ctx, next) => (ctx.path in endpoints ? endpoints[ctx.path](ctx, next) : next()))
app.use(bodyParser())
// After the parser, which keeps the text.
app.use((ctx, next) => (ctx.path === "/webhooks" ? webhooks(ctx, next) : next()))
app.use(async (ctx) => {
  if (ctx.path !== "/webhook") {
    ctx.body = await routes[ctx.path](ctx.request.body)
    return
  }
  const webhook = pusher.webhook({ headers: ctx.headers, rawBody: ctx.request.rawBody })
  ctx.status = webhook.isValid() ? 200 : 401
  ctx.body = webhook.isValid() ? webhook.getEvents() : {}
})

const server = app.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`))
