import { json } from "@sveltejs/kit"

import { pusherOf } from "$lib/server/client.js"

export async function POST({ request, platform }) {
  const form = await request.formData()
  const channel = form.get("channel_name")
  const member = channel.startsWith("presence-") ? { user_id: "ada", user_info: { name: "Adá" } } : undefined
  return json(pusherOf(platform).authorizeChannel(form.get("socket_id"), channel, member))
}
