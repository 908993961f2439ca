import { defineEventHandler, readBody } from "h3"

import { getPusher } from "../client.js"

export default defineEventHandler(async (event) => {
  const { socket_id: socketId, channel_name: channel } = await readBody(event)
  const member = channel.startsWith("presence-") ? { user_id: "ada", user_info: { name: "Adá" } } : undefined
  return getPusher(event).authorizeChannel(socketId, channel, member)
})
