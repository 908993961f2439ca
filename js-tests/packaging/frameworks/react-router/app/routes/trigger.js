import { pusher, refusal } from "../channels.server.js"

export async function action({ request }) {
  const { channel, event, data } = await request.json()
  try {
    return await pusher.trigger(channel, event, data)
  } catch (error) {
    return refusal(error)
  }
}
