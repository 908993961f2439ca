import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"

export async function POST(request, { params }) {
  const { action } = await params
  return actions[action](request, Pusher.fromEnv())
}

const actions = {
  async auth(request, pusher) {
    const form = await request.formData()
    const channel = form.get("channel_name")
    const member = channel.startsWith("presence-") ? { user_id: "ada", user_info: { name: "Adá" } } : undefined
    return Response.json(pusher.authorizeChannel(form.get("socket_id"), channel, member))
  },

  async trigger(request, pusher) {
    const { channel, event, data } = await request.json()
    try {
      return await pusher.trigger(channel, event, data)
    } catch (error) {
      if (error instanceof PusherValidationError) return Response.json({ code: error.code }, { status: 400 })
      if (error instanceof PusherRequestError) return Response.json({ code: error.code }, { status: 502 })
      throw error
    }
  },

  async webhook(request, pusher) {
    const webhook = pusher.webhook({ headers: request.headers, rawBody: await request.text() })
    if (!webhook.isValid()) return Response.json({}, { status: 401 })
    return Response.json(webhook.getEvents())
  },
}
