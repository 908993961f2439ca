import { pusher, refuse } from "../client.js"

export async function POST({ request }) {
  const { channel, event, data } = await request.json()
  try {
    return await pusher.trigger(channel, event, data)
  } catch (error) {
    return refuse(error)
  }
}
