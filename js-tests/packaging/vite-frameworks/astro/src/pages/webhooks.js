import Pusher from "pusher-http-wasm"
import { webhookHandler } from "pusher-http-wasm/handlers"

import { makeCallbacks } from "../application.mjs"

const webhooks = webhookHandler(Pusher.fromEnv, makeCallbacks())

export const POST = ({ request }) => webhooks(request)
