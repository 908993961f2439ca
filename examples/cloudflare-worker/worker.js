// A Worker that publishes events, authorises pusher-js, receives webhooks, and serves a page to try all of that.
import { PusherRequestError, PusherValidationError } from "pusher-http-wasm"

import { authenticateUser, authorizeChannel } from "./access.js"
import { makeMistake } from "./mistakes.js"
import { batch, channels, publish, trigger } from "./publishing.js"
import { BadRequest, refuse } from "./requests.js"
import { serveConsole } from "./serve-console.js"
import { describeClient } from "./settings.js"
import { messageUser, terminateUser } from "./users.js"
import { listWebhooks, receiveWebhook } from "./webhooks.js"

/** Each route is called as `fetch` is: with the request, the variables and the context. */
const routes = {
  "POST /trigger": trigger,
  "POST /batch": batch,
  "POST /publish": publish,
  "GET /channels": channels,
  "POST /users/message": messageUser,
  "POST /users/terminate": terminateUser,
  "POST /mistake": makeMistake,
  "POST /pusher/auth": authorizeChannel,
  "POST /pusher/user-auth": authenticateUser,
  "POST /pusher/webhook": receiveWebhook,
  "GET /webhooks": listWebhooks,
  "GET /settings": describeClient,
}

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url)
    // Without this, any page that a developer visits could publish through a Worker on their machine.
    if (request.method === "POST" && request.headers.get("sec-fetch-site") === "cross-site")
      return refuse(403, "Only this Worker's own page may do that")
    const route = routes[`${request.method} ${pathname}`]
    try {
      if (route) return await route(request, env, ctx)
      return serveConsole(request, env) ?? refuse(404, "No such route")
    } catch (error) {
      return explain(error)
    }
  },
}

function explain(error) {
  if (error instanceof BadRequest) return refuse(400, error.message)
  // A missing option is not the fault of whoever sent the request.
  if (error instanceof PusherValidationError && error.code !== "missing_option") return refuse(400, error.message)
  console.error(error)
  if (error instanceof PusherRequestError) return refuse(502, `Channels: ${error.message}`)
  return refuse(500, "Something went wrong: see the Worker's log")
}
