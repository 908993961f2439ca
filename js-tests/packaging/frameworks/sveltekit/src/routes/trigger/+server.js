import { pusherOf, refusal } from "$lib/server/client.js"

export async function POST({ request, platform }) {
  const { channel, event, data } = await request.json()
  try {
    return await pusherOf(platform).trigger(channel, event, data)
  } catch (error) {
    return refusal(error)
  }
}
