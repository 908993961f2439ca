import Pusher from "pusher-http-wasm"
import { channelAuthHandler } from "pusher-http-wasm/handlers"

import { authorize, cors } from "../application.mjs"

const channelAuth = channelAuthHandler(Pusher.fromEnv, authorize, { cors })

export const POST = ({ request }) => channelAuth(request)
export const OPTIONS = POST
