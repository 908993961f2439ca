import { fromWebHandler } from "h3"
import Pusher from "pusher-http-wasm"
import { userAuthHandler } from "pusher-http-wasm/handlers"

import { authenticate, cors } from "../application.mjs"

export default fromWebHandler(userAuthHandler(Pusher.fromEnv, authenticate, { cors }))
