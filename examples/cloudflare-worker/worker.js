// A Worker that publishes events, authorises pusher-js, and receives webhooks.
import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"
// For the page. A rule in wrangler.jsonc imports it as text.
import pusherJs from "pusher-js/dist/web/pusher.min.js"

import page from "./page.html"

const routes = {
  "POST /trigger": trigger,
  "POST /batch": batch,
  "GET /channels": channels,
  "POST /pusher/auth": authorizeChannel,
  "POST /pusher/user-auth": authenticateUser,
  "POST /pusher/webhook": receiveWebhook,
  "GET /webhooks": () => Response.json(received),
  "GET /": () => new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } }),
  "GET /pusher.js": () => new Response(pusherJs, { headers: { "content-type": "text/javascript; charset=utf-8" } }),
  "GET /settings": (_request, pusher) => Response.json(clientSettings(pusher)),
}

export default {
  async fetch(request, env) {
    const route = routes[`${request.method} ${new URL(request.url).pathname}`]
    if (!route) return refuse(404, "No such route")
    try {
      // `env` comes with each request, so each has its own client. You need not await or free it.
      return await route(request, Pusher.fromEnv(env))
    } catch (error) {
      return explain(error)
    }
  },
}

// --- Publishing. This demo lets everyone publish; your application decides who may.

/** Triggers `{ "channel" or "channels", "event", "data", "socket_id"? }`. The connection `socket_id` does not get the event. */
async function trigger(request, pusher) {
  const { channel, channels = channel, event, data, socket_id } = await jsonOf(request)
  const response = await pusher.trigger(channels, event, data, { socket_id })
  return Response.json(await response.json())
}

/** Triggers a list of up to ten `{ "channel", "name", "data" }`. */
async function batch(request, pusher) {
  const response = await pusher.triggerBatch(await jsonOf(request))
  return Response.json(await response.json())
}

/** Lists the occupied channels. Passes `?filter_by_prefix=presence-&info=user_count` on. */
async function channels(request, pusher) {
  const params = Object.fromEntries(new URL(request.url).searchParams)
  const response = await pusher.get({ path: "/channels", params })
  return Response.json(await response.json())
}

// --- Authorising, as pusher-js requests it

async function authorizeChannel(request, pusher) {
  const form = await formOf(request, "socket_id", "channel_name")
  const [socketId, channel] = [form.get("socket_id"), form.get("channel_name")]
  const user = userOf(form)
  // Refuse every other name: a signature is a permission.
  if (!/^(private|presence)-/.test(channel)) return refuse(403, "Only private and presence channels are authorised")
  if (!mayJoin(user, channel)) return refuse(403, "This channel is not for you")
  const member = channel.startsWith("presence-") ? { user_id: user.id, user_info: { name: user.name } } : undefined
  return Response.json(pusher.authorizeChannel(socketId, channel, member))
}

async function authenticateUser(request, pusher) {
  const form = await formOf(request, "socket_id")
  const user = userOf(form)
  if (!user) return refuse(403, "Nobody is signed in")
  return Response.json(pusher.authenticateUser(form.get("socket_id"), { id: user.id, user_info: { name: user.name } }))
}

/** Returns the user. Demo only: trusts the name that the page sends. Use your session instead. */
function userOf(form) {
  const name = form.get("user") ?? ""
  return /^[\w-]{1,40}$/.test(name) ? { id: name.toLowerCase(), name } : undefined
}

/** Tells whether a user may join: any channel, but `private-for-ada` is for Ada alone. */
function mayJoin(user, channel) {
  if (!user) return false
  return !channel.startsWith("private-for-") || channel === `private-for-${user.id}`
}

// --- Webhooks

/** Demo only: each Worker instance has its own list, and loses it when it stops. Write to a database or a queue instead. */
const received = []

async function receiveWebhook(request, pusher) {
  // Check before you parse: the signature covers the bytes.
  const webhook = pusher.webhook({ headers: request.headers, rawBody: await request.arrayBuffer() })
  if (!webhook.isValid()) return refuse(401, "This webhook was not signed by Channels")
  for (const event of webhook.getEvents()) {
    console.log("webhook", JSON.stringify(event))
    received.push(event)
  }
  received.splice(0, received.length - 100)
  return new Response("OK")
}

// --- Shared by the routes

/** Returns what pusher-js needs to connect to the server that this Worker publishes to. */
function clientSettings({ config: { token, host, port, scheme } }) {
  const cluster = host === "api.pusherapp.com" ? "mt1" : /^api-(.+)\.pusher\.com$/.exec(host)?.[1]
  if (cluster) return { key: token?.key, options: { cluster } }
  const forceTLS = scheme === "https"
  const [wsPort, wssPort] = [port ?? 80, port ?? 443]
  return {
    key: token?.key,
    options: { cluster: "", wsHost: host, wsPort, wssPort, forceTLS, enabledTransports: ["ws", "wss"] },
  }
}

class BadRequest extends Error {}

async function jsonOf(request) {
  const body = await request.json().catch(() => undefined)
  if (typeof body !== "object" || body === null) throw new BadRequest("The body must be JSON: an object or a list")
  return body
}

async function formOf(request, ...fields) {
  const form = new URLSearchParams(await request.text())
  const missing = fields.filter((field) => !form.get(field))
  if (missing.length > 0) throw new BadRequest(`The form lacks ${missing.join(" and ")}`)
  return form
}

function explain(error) {
  if (error instanceof BadRequest) return refuse(400, error.message)
  // A missing option is not the fault of whoever sent the request.
  if (error instanceof PusherValidationError && error.code !== "missing_option") return refuse(400, error.message)
  console.error(error)
  if (error instanceof PusherRequestError) return refuse(502, `Channels: ${error.message}`)
  return refuse(500, "Something went wrong: see the Worker's log")
}

const refuse = (status, error) => Response.json({ error }, { status })
