import Pusher from "pusher-http-wasm"
import { webhookHandler } from "pusher-http-wasm/handlers"

import { makeCallbacks } from "../../application.mjs"

export const POST = webhookHandler(Pusher.fromEnv, makeCallbacks())
