// Passes webhooks on to the Durable Object of their channel, which also answers who is online.
import Pusher from "pusher-http-wasm"
import { webhookHandler } from "pusher-http-wasm/handlers"

export { PresenceChannel } from "./presence-channel.js"

const passOn = ({ name, channel, user_id: userId }, { env, time }) =>
  env.PRESENCE.getByName(channel).change({ channel, userId, isOnline: name === "member_added", time: time.getTime() })

const receiveWebhook = webhookHandler(Pusher.fromEnv, { member_added: passOn, member_removed: passOn })

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url)
    if (pathname === "/pusher/webhook") return receiveWebhook(request, env, ctx)
    const [, channel] = /^\/online\/(presence-[\w=@,.;-]{1,191})$/.exec(pathname) ?? []
    if (channel === undefined || request.method !== "GET")
      return Response.json({ error: "No such route" }, { status: 404 })
    return Response.json({ online: await env.PRESENCE.getByName(channel).listOnline(channel) })
  },
}
