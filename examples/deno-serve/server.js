import { authorize, postMessage, receiveWebhook } from "./channels.js"

const routes = new Map([
  ["/pusher/auth", authorize],
  ["/pusher/webhook", receiveWebhook],
  ["/messages", postMessage],
])

const handle = (request) => {
  const route = routes.get(new URL(request.url).pathname)
  return route ? route(request) : Response.json({ error: "No such route" }, { status: 404 })
}

const hostname = Deno.env.get("HOST") ?? "127.0.0.1"
const onListen = ({ port }) => console.log(`Listening on http://${hostname}:${port}`)
Deno.serve({ hostname, port: Number(Deno.env.get("PORT") ?? 3000), onListen }, handle)
