import { bodyParser } from "@koa/bodyparser"
import Koa from "koa"
import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"

const pusher = Pusher.fromEnv()
const app = new Koa()

const routes = {
  "/auth": ({ socket_id: socketId, channel_name: channel }) => {
    const member = channel.startsWith("presence-") ? { user_id: "ada", user_info: { name: "Adá" } } : undefined
    return pusher.authorizeChannel(socketId, channel, member)
  },
  "/trigger": async ({ channel, event, data }) => (await pusher.trigger(channel, event, data)).json(),
}

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
app.use(bodyParser())
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
