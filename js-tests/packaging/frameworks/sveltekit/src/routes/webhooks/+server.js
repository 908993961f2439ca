import Pusher from "pusher-http-wasm"
import { webhookHandler } from "pusher-http-wasm/handlers"

import { makeCallbacks } from "$lib/server/application.mjs"

const webhooks = webhookHandler(Pusher.fromEnv, makeCallbacks(Pusher.fromEnv))

export const POST = ({ request, platform }) => webhooks(request, platform.env, platform.ctx)
