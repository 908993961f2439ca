import { userAuthHandler } from "pusher-http-wasm/handlers"

import { authenticate } from "../application.mjs"
import { pusher } from "../channels.server.js"

const userAuth = userAuthHandler(pusher, authenticate)

export const action = ({ request }) => userAuth(request)
