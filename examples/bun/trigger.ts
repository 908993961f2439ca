// bun trigger.ts
import Pusher from "pusher-http-wasm"

const env = process.env as Record<string, string>
const pusher = env.PUSHER_URL
  ? Pusher.forURL(env.PUSHER_URL)
  : new Pusher({
      appId: env.PUSHER_APP_ID,
      key: env.PUSHER_KEY,
      secret: env.PUSHER_SECRET,
      cluster: env.PUSHER_CLUSTER,
      // Only for a Channels server of your own.
      host: env.PUSHER_HOST,
      port: env.PUSHER_PORT,
      scheme: env.PUSHER_SCHEME as "http" | "https",
    })

const response = await pusher.trigger("my-channel", "my-event", { message: "Hello from Bun" })
console.log("triggered:", response.status)

const { channels } = await (await pusher.get({ path: "/channels" })).json()
console.log("occupied channels:", Object.keys(channels).join(", ") || "none")
