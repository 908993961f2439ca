// Serves a fetch-style handler with Koa: without a parser, and behind one, which always keeps the text.
import { bodyParser } from "@koa/bodyparser"
import Koa from "koa"
import { nodeHandler } from "pusher-http-wasm/node"

import { handler } from "./handler.mjs"

const app = new Koa()
const adapted = nodeHandler(handler)

app.use(async (ctx, next) => {
  ctx.set("x-before", "1")
  try {
    await next()
  } catch (error) {
    ctx.set("x-failed", error.message)
    ctx.status = 500
  }
})
app.use((ctx, next) => (ctx.path.startsWith("/raw/") ? adapted(ctx, next) : next()))
app.use(bodyParser())
app.use(adapted)

const server = app.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`))
