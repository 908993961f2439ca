import { createServer } from "node:http"

import { nodeHandler } from "pusher-http-wasm/node"

import { authorize, postMessage, receiveWebhook } from "./channels.js"

const routes = new Map([
  ["/pusher/auth", authorize],
  ["/pusher/webhook", receiveWebhook],
  ["/messages", postMessage],
])

const handle = nodeHandler((request, env, ctx) => {
  const route = routes.get(new URL(request.url).pathname)
  return route ? route(request, env, ctx) : Response.json({ error: "No such route" }, { status: 404 })
})

const { HOST = "127.0.0.1", PORT = "3000" } = process.env
const server = createServer(handle).listen(Number(PORT), HOST, () => {
  console.log(`Listening on http://${HOST}:${server.address().port}`)
})
