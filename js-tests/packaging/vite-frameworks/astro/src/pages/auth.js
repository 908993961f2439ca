import { pusher } from "../client.js"

export async function POST({ request }) {
  const form = await request.formData()
  const channel = form.get("channel_name")
  const member = channel.startsWith("presence-") ? { user_id: "ada", user_info: { name: "Adá" } } : undefined
  return Response.json(pusher.authorizeChannel(form.get("socket_id"), channel, member))
}
