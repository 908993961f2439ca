// node trigger.mjs
import Pusher from "pusher-http-wasm"

// Reads PUSHER_URL=https://KEY:SECRET@api-CLUSTER.pusher.com/apps/APP_ID, or PUSHER_APP_ID, PUSHER_KEY, PUSHER_SECRET and PUSHER_CLUSTER.
const pusher = Pusher.fromEnv()

const response = await pusher.trigger("my-channel", "my-event", { message: "Hello from Node" })
console.log("triggered:", response.status)

const { channels } = await pusher.channels()
console.log("occupied channels:", Object.keys(channels).join(", ") || "none")
