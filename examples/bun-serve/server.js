import { authorize, postMessage, receiveWebhook } from "./channels.js"

const server = Bun.serve({
  hostname: process.env.HOST ?? "127.0.0.1",
  port: Number(process.env.PORT ?? 3000),
  routes: {
    "/pusher/auth": authorize,
    "/pusher/webhook": receiveWebhook,
    "/messages": postMessage,
  },
  fetch: () => Response.json({ error: "No such route" }, { status: 404 }),
})
console.log(`Listening on http://${server.hostname}:${server.port}`)
