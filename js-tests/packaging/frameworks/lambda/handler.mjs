// Handles events of format 2.0, which API Gateway's HTTP API sends.
import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"

// Once for each container, not for each event.
const pusher = Pusher.fromEnv()

export const handler = async (event) => {
  // Bytes if API Gateway takes the body for binary data, otherwise text.
  const body = event.isBase64Encoded ? Buffer.from(event.body, "base64") : event.body
  try {
    return await routes[event.rawPath](event, body)
  } catch (error) {
    if (error instanceof PusherValidationError) return answer(400, { code: error.code })
    if (error instanceof PusherRequestError) return answer(502, { code: error.code })
    throw error
  }
}

const answer = (statusCode, body) => ({
  statusCode,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
})

const routes = {
  "/auth": (_event, body) => {
    const form = new URLSearchParams(body.toString())
    const channel = form.get("channel_name")
    const member = channel.startsWith("presence-") ? { user_id: "ada", user_info: { name: "Adá" } } : undefined
    return answer(200, pusher.authorizeChannel(form.get("socket_id"), channel, member))
  },

  "/trigger": async (_event, body) => {
    const { channel, event: name, data } = JSON.parse(body.toString())
    const response = await pusher.trigger(channel, name, data)
    return answer(200, await response.json())
  },

  "/webhook": (event, body) => {
    const webhook = pusher.webhook({ headers: event.headers, rawBody: body })
    return webhook.isValid() ? answer(200, webhook.getEvents()) : answer(401, {})
  },
}
