// Publishes events to a `fetch` that answers at once: ten to a request.
import Pusher from "pusher-http-wasm"

const options = { appId: "3", key: "278d425bdf160c739803", secret: "7ad3773142a6692b25b8", cluster: "eu" }

export const publishMany = async (count) => {
  const pusher = new Pusher({ ...options, fetch: async () => new Response("{}") })
  const events = Array.from({ length: count }, (_, number) => ({
    channel: `channel-${number}`,
    name: "event",
    data: { number, text: "x".repeat(100) },
  }))
  return (await pusher.publish(events)).requests
}

export default {
  async fetch(request) {
    return new Response(String(await publishMany(Number(new URL(request.url).searchParams.get("count")))))
  },
}
