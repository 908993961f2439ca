import Pusher from "pusher-http-wasm"
import { userAuthHandler } from "pusher-http-wasm/handlers"

import { authenticate, cors } from "../application.mjs"

const userAuth = userAuthHandler(Pusher.fromEnv, authenticate, { cors })

export const POST = ({ request }) => userAuth(request)
export const OPTIONS = POST
