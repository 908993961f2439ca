// Lists webhooks as they come, with the result of the Worker's check.
import { byId, onSubmit } from "./dom.js"
import { addLine } from "./log.js"
import { get } from "./worker-calls.js"

export function startWebhooks(pusher, { key }) {
  const shown = new Set()
  const show = ({ id, verified, event, error, status }) => {
    if (shown.has(id)) return
    shown.add(id)
    const { name, channel, user_id: user } = event ?? {}
    addLine(byId("webhooks"), {
      title: verified ? name : "Refused",
      detail: verified ? [channel, user].filter(Boolean).join(" · ") : `${status}: ${error}`,
      note: verified ? "verified" : "not verified",
      state: verified ? "good" : "bad",
    })
  }
  const channel = pusher.subscribe("private-webhooks")
  channel.bind("webhook", show)
  // Those from before; and again after a break, those that were missed.
  channel.bind("pusher:subscription_succeeded", async () => {
    const before = await get("/webhooks").catch(() => [])
    for (const outcome of before) show(outcome)
  })
  onSubmit(byId("forge"), byId("forge-outcome"), () => forge(key))
}

/** Sends a webhook as somebody would who knows the key, which is public, but not the secret. */
async function forge(key) {
  const event = { name: "channel_vacated", channel: "demo" }
  const response = await fetch("/pusher/webhook", {
    method: "POST",
    headers: { "content-type": "application/json", "x-pusher-key": key, "x-pusher-signature": "0".repeat(64) },
    body: JSON.stringify({ time_ms: Date.now(), events: [event] }),
  })
  if (response.ok) throw new Error("The Worker took it")
  return `The Worker answered ${response.status}`
}
