import Pusher from "pusher-http-wasm"
import { userAuthHandler } from "pusher-http-wasm/handlers"

import { authenticate } from "../../application.mjs"

export const POST = userAuthHandler(Pusher.fromEnv, authenticate)
