import Pusher from "pusher-http-wasm"
import { userAuthHandler } from "pusher-http-wasm/handlers"

import { authenticate, cors } from "../../application.mjs"

export const POST = userAuthHandler(Pusher.fromEnv, authenticate, { cors })
export const OPTIONS = POST
