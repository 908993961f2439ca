import Pusher from "pusher-http-wasm"
import { userAuthHandler } from "pusher-http-wasm/handlers"

import { authenticate } from "../application.mjs"

const userAuth = userAuthHandler(Pusher.fromEnv, authenticate)

export const POST = ({ request }) => userAuth(request)
