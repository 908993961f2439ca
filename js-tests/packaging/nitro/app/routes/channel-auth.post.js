import { fromWebHandler } from "h3"
import { channelAuthHandler } from "pusher-http-wasm/handlers"

import { authorize } from "../application.mjs"
import { getClient } from "../channels.js"

export default fromWebHandler(channelAuthHandler(getClient, authorize))
