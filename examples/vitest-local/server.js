import { createServer } from "node:http"

import { nodeHandler } from "pusher-http-wasm/node"

/** Makes the shop's HTTP server. It does not listen yet. */
export function makeServer(shop) {
  const routes = new Map([
    ["/pusher/auth", shop.authorize],
    ["/pusher/webhook", shop.receiveWebhook],
    ["/payments", async (request) => Response.json({ told: await shop.announcePayment(await request.json()) })],
  ])
  return createServer(
    nodeHandler((request, env, ctx) => {
      const route = request.method === "POST" && routes.get(new URL(request.url).pathname)
      return route ? route(request, env, ctx) : Response.json({ error: "No such route" }, { status: 404 })
    }),
  )
}
