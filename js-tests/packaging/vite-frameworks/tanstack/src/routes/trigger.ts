import { createFileRoute } from "@tanstack/react-router"

import { pusher, refuse } from "../channels"

export const Route = createFileRoute("/trigger")({
  server: {
    handlers: {
      POST: async ({ request }) => {
        const { channel, event, data } = await request.json()
        try {
          return await pusher.trigger(channel, event, data)
        } catch (error) {
          return refuse(error)
        }
      },
    },
  },
})
