import { Hono } from "hono"
import Pusher, { PusherRequestError } from "pusher-http-wasm"
import { channelAuthHandler, webhookHandler } from "pusher-http-wasm/handlers"

/** Lets pusher-js subscribe. Demo only: trusts the name that the page sends. Use your session instead. */
const authorize = channelAuthHandler(Pusher.fromEnv, ({ channel, kind, params: { user } }) => {
  if (typeof user !== "string" || !/^[\w-]{1,40}$/.test(user)) return false
  if (channel !== "private-chat" && channel !== "presence-chat") return false
  return kind === "presence" ? { user_id: user.toLowerCase(), user_info: { name: user } } : true
})

/** Receives webhooks. An event whose callback throws is sent again. */
const receiveWebhook = webhookHandler(Pusher.fromEnv, {
  "*": (event) => console.log("webhook", JSON.stringify(event)),
})

const app = new Hono()

app.post("/pusher/auth", ({ req, env, executionCtx }) => authorize(req.raw, env, executionCtx))
app.post("/pusher/webhook", ({ req, env, executionCtx }) => receiveWebhook(req.raw, env, executionCtx))

/** Sends `{ "text" }` to everyone in the chat. */
app.post("/messages", async (context) => {
  const { text } = (await context.req.json().catch(() => undefined)) ?? {}
  if (typeof text !== "string" || text === "") return context.json({ error: "The body must be JSON with a text" }, 400)
  await Pusher.fromEnv(context.env).trigger("presence-chat", "message", { text })
  return context.json({ sent: true }, 202)
})

app.notFound((context) => context.json({ error: "No such route" }, 404))

app.onError((error, context) => {
  if (error instanceof PusherRequestError && error.status === 413)
    return context.json({ error: "The message is too long" }, 413)
  console.error(error)
  if (error instanceof PusherRequestError) return context.json({ error: "Channels did not take the message" }, 502)
  return context.json({ error: "Internal error" }, 500)
})

export default app
