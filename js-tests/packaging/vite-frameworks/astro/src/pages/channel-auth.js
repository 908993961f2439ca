import Pusher from "pusher-http-wasm"
import { channelAuthHandler } from "pusher-http-wasm/handlers"

import { authorize } from "../application.mjs"

const channelAuth = channelAuthHandler(Pusher.fromEnv, authorize)

export const POST = ({ request }) => channelAuth(request)
