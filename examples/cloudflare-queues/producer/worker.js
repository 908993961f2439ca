// Puts events on the queue. It knows no secret: only the consumer publishes.
import { batchesOf, fitsMessage, sendBatch } from "../queue.js"

export default {
  async fetch(request, env) {
    if (request.method !== "POST" || new URL(request.url).pathname !== "/events") return refuse(404, "No such route")
    const body = await request.json().catch(() => undefined)
    const events = Array.isArray(body) ? body : [body]
    for (const [index, event] of events.entries()) {
      const mistake = findMistake(event)
      if (mistake) return refuse(400, `Event ${index}: ${mistake}`)
    }
    let queued = 0
    try {
      for (const batch of batchesOf(events.map((body) => ({ body })))) {
        await sendBatch(env.EVENTS, batch)
        queued += batch.length
      }
    } catch (error) {
      // Mostly "Too Many Requests". The caller sends the events from number `queued` on again.
      console.error(error)
      return refuse(503, "The queue took no more events", { queued })
    }
    return Response.json({ queued }, { status: 202 })
  },
}

/** Names a plain mistake, while the caller can still be told. The consumer checks everything else. */
function findMistake(event) {
  if (typeof event !== "object" || event === null || Array.isArray(event)) return "it must be an object"
  const { name, channel, channels, userId } = event
  if (typeof name !== "string") return "it needs a name"
  if ((channel ?? channels ?? userId) === undefined) return "it needs a channel, channels or a userId"
  if (!fitsMessage(event)) return "it is larger than a message of the queue may be"
}

const refuse = (status, error, others) => Response.json({ error, ...others }, { status })
