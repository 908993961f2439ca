import Pusher from "pusher-http-wasm"
import { channelAuthHandler } from "pusher-http-wasm/handlers"

import { authorize, cors } from "$lib/server/application.mjs"

const channelAuth = channelAuthHandler(Pusher.fromEnv, authorize, { cors })

export const POST = ({ request, platform }) => channelAuth(request, platform.env, platform.ctx)
export const OPTIONS = POST
