import Pusher from "pusher-http-wasm"
import { channelAuthHandler } from "pusher-http-wasm/handlers"

import { authorize, cors } from "../../../application.mjs"

export const runtime = "nodejs"
export const POST = channelAuthHandler(Pusher.fromEnv, authorize, { cors })
export const OPTIONS = POST
