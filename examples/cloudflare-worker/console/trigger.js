// Triggers an event through the Worker.
import { byId, onSubmit } from "./dom.js"
import * as person from "./person.js"
import { post } from "./worker-calls.js"

export function startTrigger(pusher, channel) {
  onSubmit(byId("trigger"), byId("trigger-outcome"), async (form) => {
    await post("/trigger", {
      channel: channel.getName(),
      event: form.get("event"),
      data: { text: form.get("text"), from: person.name, browser: person.browser, sentAt: Date.now() },
      socket_id: form.has("others") ? pusher.connection.socket_id : undefined,
    })
    return form.has("others") ? "Triggered, for the other windows" : "Triggered"
  })
}
