import Pusher from "pusher-http-wasm"
import { userAuthHandler } from "pusher-http-wasm/handlers"

import { authenticate } from "$lib/server/application.mjs"

const userAuth = userAuthHandler(Pusher.fromEnv, authenticate)

export const POST = ({ request, platform }) => userAuth(request, platform.env, platform.ctx)
