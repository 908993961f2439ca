import { createFileRoute } from "@tanstack/react-router"

import { pusher } from "../channels"

export const Route = createFileRoute("/auth")({
  server: {
    handlers: {
      POST: async ({ request }) => {
        const form = new URLSearchParams(await request.text())
        const channel = form.get("channel_name") ?? ""
        const member = channel.startsWith("presence-") ? { user_id: "ada", user_info: { name: "Adá" } } : undefined
        return Response.json(pusher.authorizeChannel(form.get("socket_id") ?? "", channel, member))
      },
    },
  },
})
