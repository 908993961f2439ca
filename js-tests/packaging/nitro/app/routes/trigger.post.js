import { defineEventHandler, readBody } from "h3"

import { getPusher, refuse } from "../client.js"

export default defineEventHandler(async (event) => {
  const { channel, event: name, data } = await readBody(event)
  try {
    return await getPusher(event).trigger(channel, name, data)
  } catch (error) {
    return refuse(error)
  }
})
