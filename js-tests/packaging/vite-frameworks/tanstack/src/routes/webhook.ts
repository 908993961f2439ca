import { createFileRoute } from "@tanstack/react-router"

import { pusher } from "../channels"

export const Route = createFileRoute("/webhook")({
  server: {
    handlers: {
      POST: async ({ request }) => {
        const webhook = pusher.webhook({ headers: request.headers, rawBody: await request.text() })
        return webhook.isValid() ? Response.json(webhook.getEvents()) : Response.json({}, { status: 401 })
      },
    },
  },
})
