import { pusher, refuse } from "../channels.js"

export async function POST({ request }) {
  const { channel, event, data } = await request.json()
  try {
    return await pusher.trigger(channel, event, data)
  } catch (error) {
    return refuse(error)
  }
}
