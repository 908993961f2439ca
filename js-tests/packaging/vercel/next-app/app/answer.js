// Shared by the edge route and the Node route.
import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"

// At module scope, so the build evaluates it as well, without the app's variables.
const pusher = new Pusher({
  appId: process.env.PUSHER_APP_ID,
  key: process.env.PUSHER_KEY,
  secret: process.env.PUSHER_SECRET,
  host: process.env.PUSHER_HOST,
  port: process.env.PUSHER_PORT,
  useTLS: false,
})

export async function answer(request, { params }) {
  const { action } = await params
  return actions[action](request)
}

const actions = {
  async auth(request) {
    const form = await request.formData()
    const channel = form.get("channel_name")
    const member = channel.startsWith("presence-") ? { user_id: "ada", user_info: { name: "Adá" } } : undefined
    return Response.json(pusher.authorizeChannel(form.get("socket_id"), channel, member))
  },

  async trigger(request) {
    const { channel, event, data } = await request.json()
    try {
      return await pusher.trigger(channel, event, data)
    } catch (error) {
      if (error instanceof PusherValidationError) return Response.json({ code: error.code }, { status: 400 })
      if (error instanceof PusherRequestError) return Response.json({ code: error.code }, { status: 502 })
      throw error
    }
  },

  async webhook(request) {
    // A client made from the environment for each request.
    const webhook = Pusher.fromEnv().webhook({ headers: request.headers, rawBody: await request.text() })
    if (!webhook.isValid()) return Response.json({}, { status: 401 })
    return Response.json(webhook.getEvents())
  },
}
