import { json } from "@sveltejs/kit"

import { pusherOf } from "$lib/server/client.js"

export async function POST({ request, platform }) {
  const webhook = pusherOf(platform).webhook({ headers: request.headers, rawBody: await request.text() })
  return webhook.isValid() ? json(webhook.getEvents()) : json({}, { status: 401 })
}
