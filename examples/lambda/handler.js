import { lambdaHandler } from "pusher-http-wasm/node"

import { authorize, postMessage, receiveWebhook } from "./channels.js"

const routes = new Map([
  ["/pusher/auth", authorize],
  ["/pusher/webhook", receiveWebhook],
  ["/messages", postMessage],
])

export const handler = lambdaHandler((request, env, ctx) => {
  const route = routes.get(new URL(request.url).pathname)
  return route ? route(request, env, ctx) : Response.json({ error: "No such route" }, { status: 404 })
})
