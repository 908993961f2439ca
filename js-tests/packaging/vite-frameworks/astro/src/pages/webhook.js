import { pusher } from "../client.js"

export async function POST({ request }) {
  const webhook = pusher.webhook({ headers: request.headers, rawBody: await request.text() })
  return webhook.isValid() ? Response.json(webhook.getEvents()) : Response.json({}, { status: 401 })
}
