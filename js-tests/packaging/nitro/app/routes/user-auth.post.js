import { fromWebHandler } from "h3"
import { userAuthHandler } from "pusher-http-wasm/handlers"

import { authenticate } from "../application.mjs"
import { getClient } from "../channels.js"

export default fromWebHandler(userAuthHandler(getClient, authenticate))
