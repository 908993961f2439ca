import { userAuthHandler } from "pusher-http-wasm/handlers"

import { authenticate, cors } from "../application.mjs"
import { pusher } from "../channels.server.js"

const userAuth = userAuthHandler(pusher, authenticate, { cors })

export const action = ({ request }) => userAuth(request)
// Gets the requests that ask whether a page of another origin may.
export const loader = action
