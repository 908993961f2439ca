// The endpoints as one fetch-style handler: what Workers deploy, and Deno, Bun and Lambda serve. Copied into a user's project.
import Pusher from "pusher-http-wasm"
import { channelAuthHandler, userAuthHandler, webhookHandler } from "pusher-http-wasm/handlers"

import { authenticate, authorize, cors, makeCallbacks } from "./application.mjs"

/** Only Workers pass variables. */
const getPusher = (env) => Pusher.fromEnv(env?.PUSHER_KEY ? env : undefined)

export const routes = {
  "/channel-auth": channelAuthHandler(Pusher.fromEnv, authorize, { cors }),
  "/user-auth": userAuthHandler(Pusher.fromEnv, authenticate, { cors }),
  "/webhooks": webhookHandler(Pusher.fromEnv, makeCallbacks(getPusher)),
}

export default {
  fetch: (request, env, ctx) => routes[new URL(request.url).pathname](request, env, ctx),
}
