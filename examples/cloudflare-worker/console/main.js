// Starts the page's parts.
import { startChannel } from "./channel.js"
import { connect } from "./connection.js"
import { byId, say } from "./dom.js"
import { startMistakes } from "./mistakes.js"
import * as person from "./person.js"
import { startSecondWindow } from "./second-window.js"
import { startThousand } from "./thousand.js"
import { startTrigger } from "./trigger.js"
import { startUsers } from "./users.js"
import { startWebhooks } from "./webhooks.js"
import { get } from "./worker-calls.js"

byId("me").textContent = person.name
startSecondWindow()
document.title = `${person.name} · Channels from a Worker`

try {
  const settings = await get("/settings")
  const pusher = connect(settings)
  const { learn } = startUsers(pusher)
  const channel = startChannel(pusher, learn)
  startTrigger(pusher, channel)
  startThousand(channel)
  startMistakes()
  startWebhooks(pusher, settings)
} catch (error) {
  say(byId("connection"), error.message, "bad")
}
