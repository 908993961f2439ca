// Receives webhooks, and tells the page what came of each.
import Pusher from "pusher-http-wasm"
import { webhookHandler } from "pusher-http-wasm/handlers"

/** Where the page listens. */
const CHANNEL = "private-webhooks"

/** Demo only: each Worker instance has its own list, and loses it when it stops. Write to a database or a queue instead. */
const outcomes = []

/** Calls back for each event of a webhook whose signature is right. */
const handle = webhookHandler(Pusher.fromEnv, {
  "*": (event, { env, ctx }) => {
    console.log("webhook", JSON.stringify(event))
    // That the page listens is no news to it.
    if (event.channel !== CHANNEL) keep({ verified: true, event }, env, ctx)
  },
})

export async function receiveWebhook(request, env, ctx) {
  const response = await handle(request, env, ctx)
  if (!response.ok) {
    const { error } = await response.clone().json()
    keep({ verified: false, status: response.status, error }, env, ctx)
  }
  return response
}

/** Lists what came of the last webhooks: the events of those that were verified, and why the others were refused. */
export const listWebhooks = () => Response.json(outcomes)

function keep(result, env, ctx) {
  const outcome = { id: crypto.randomUUID(), ...result }
  outcomes.push(outcome)
  outcomes.splice(0, outcomes.length - 100)
  // A Worker cannot call a page, but Channels can. The webhook is answered without waiting for it.
  ctx.waitUntil(
    Pusher.fromEnv(env)
      .trigger(CHANNEL, "webhook", outcome)
      .catch((error) => console.error(error)),
  )
}
