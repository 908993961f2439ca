import { fromWebHandler } from "h3"
import { webhookHandler } from "pusher-http-wasm/handlers"

import { makeCallbacks } from "../application.mjs"
import { getClient } from "../client.js"

export default fromWebHandler(webhookHandler(getClient, makeCallbacks(getClient)))
