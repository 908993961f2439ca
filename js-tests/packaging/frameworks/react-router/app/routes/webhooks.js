import { webhookHandler } from "pusher-http-wasm/handlers"

import { makeCallbacks } from "../application.mjs"
import { pusher } from "../channels.server.js"

const webhooks = webhookHandler(
  pusher,
  makeCallbacks(() => pusher),
)

export const action = ({ request }) => webhooks(request)
