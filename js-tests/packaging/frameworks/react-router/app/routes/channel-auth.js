import { channelAuthHandler } from "pusher-http-wasm/handlers"

import { authorize } from "../application.mjs"
import { pusher } from "../channels.server.js"

const channelAuth = channelAuthHandler(pusher, authorize)

export const action = ({ request }) => channelAuth(request)
