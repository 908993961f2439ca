// What this server has to do with Channels: three functions that turn a `Request` into a `Response`.
import Pusher, { PusherRequestError } from "pusher-http-wasm"
import { channelAuthHandler, webhookHandler } from "pusher-http-wasm/handlers"

let pusher
/** Returns the client, made at the first request: a build needs no credentials. */
const getPusher = () => {
  pusher ??= Pusher.fromEnv()
  return pusher
}

/** Lets pusher-js subscribe. Demo only: trusts the name that the page sends. Use your session instead. */
export const authorize = channelAuthHandler(getPusher, ({ channel, kind, params: { user } }) => {
  if (typeof user !== "string" || !/^[\w-]{1,40}$/.test(user)) return false
  if (channel !== "private-chat" && channel !== "presence-chat") return false
  return kind === "presence" ? { user_id: user.toLowerCase(), user_info: { name: user } } : true
})

/** Receives webhooks. An event whose callback throws is sent again. */
export const receiveWebhook = webhookHandler(getPusher, {
  "*": (event) => console.log("webhook", JSON.stringify(event)),
})

/** Sends `{ "text" }` to everyone in the chat. */
export async function postMessage(request) {
  if (request.method !== "POST") return refuse(405, "Use POST")
  const { text } = (await request.json().catch(() => undefined)) ?? {}
  if (typeof text !== "string" || text === "") return refuse(400, "The body must be JSON with a text")
  try {
    await getPusher().trigger("presence-chat", "message", { text })
  } catch (error) {
    if (!(error instanceof PusherRequestError)) throw error
    if (error.status === 413) return refuse(413, "The message is too long")
    console.error(error)
    return refuse(502, "Channels did not take the message")
  }
  return Response.json({ sent: true }, { status: 202 })
}

const refuse = (status, error) => Response.json({ error }, { status })
