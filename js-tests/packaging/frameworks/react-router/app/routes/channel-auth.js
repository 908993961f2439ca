import { channelAuthHandler } from "pusher-http-wasm/handlers"

import { authorize, cors } from "../application.mjs"
import { pusher } from "../channels.server.js"

const channelAuth = channelAuthHandler(pusher, authorize, { cors })

export const action = ({ request }) => channelAuth(request)
// Gets the requests that ask whether a page of another origin may.
export const loader = action
