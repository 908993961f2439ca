import Pusher from "pusher-http-wasm"
import { userAuthHandler } from "pusher-http-wasm/handlers"

import { authenticate, cors } from "$lib/server/application.mjs"

const userAuth = userAuthHandler(Pusher.fromEnv, authenticate, { cors })

export const POST = ({ request, platform }) => userAuth(request, platform.env, platform.ctx)
export const OPTIONS = POST
