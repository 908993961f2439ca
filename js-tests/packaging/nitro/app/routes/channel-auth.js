import { fromWebHandler } from "h3"
import Pusher from "pusher-http-wasm"
import { channelAuthHandler } from "pusher-http-wasm/handlers"

import { authorize, cors } from "../application.mjs"

export default fromWebHandler(channelAuthHandler(Pusher.fromEnv, authorize, { cors }))
