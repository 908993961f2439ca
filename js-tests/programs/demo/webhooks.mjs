// Plays the webhooks of the scenario.
import { createHmac } from "node:crypto"

const NOT_HERE = "a server elsewhere cannot reach a Worker on this machine"
const NOT_TO_US = "this server sends none to the Worker"

/** Plays the webhooks that the server sends while everybody is connected. @param {import("./scenario.mjs").Stage} stage */
export async function playWebhooks(stage) {
  const { tell, worker, channels } = stage
  tell.section("The server tells the Worker, which checks each signature")
  await playWebhook(
    stage,
    "channel_occupied",
    Object.values(channels).map((channel) => ({ channel })),
  )
  await playWebhook(
    stage,
    "member_added",
    ["ada", "grace"].map((user_id) => ({ channel: channels.presence, user_id })),
  )
  if (stage.server === "loopback" && !(await expectsWebhooks(stage))) {
    tell.quiet(`To see them, let your server send webhooks to ${worker.url}/pusher/webhook`)
    tell.quiet(`and run the demo with DEMO_PORT=${new URL(worker.url).port}, which keeps that address.`)
  }
}

/** Plays the webhooks that the server sends when everybody leaves. Pusher itself waits 3 s before it sends them. @param {import("./scenario.mjs").Stage} stage */
export async function playLeaving(stage) {
  const { tell, subscribers, channels } = stage
  tell.section("Ada and Grace leave")
  subscribers.leave("Ada")
  subscribers.leave("Grace")
  await playWebhook(
    stage,
    "member_removed",
    ["ada", "grace"].map((user_id) => ({ channel: channels.presence, user_id })),
  )
  await playWebhook(
    stage,
    "channel_vacated",
    Object.values(channels).map((channel) => ({ channel })),
  )
}

/** Plays forged webhooks. @param {import("./scenario.mjs").Stage} stage */
export async function playForgery({ show, worker, settings: { key }, channels }) {
  await show("forged", "a forged webhook refused", async (signal) => {
    const channel = `forged-${channels.public}`
    const body = JSON.stringify({ time_ms: Date.now(), events: [{ name: "channel_occupied", channel }] })
    const signature = createHmac("sha256", "not the secret").update(body).digest("hex")
    for (const signed of [{ "x-pusher-key": key, "x-pusher-signature": signature }, { "x-pusher-key": key }]) {
      const headers = { "content-type": "application/json", ...signed }
      const { status } = await fetch(`${worker.url}/pusher/webhook`, { method: "POST", headers, body, signal })
      if (status !== 401) throw new Error(`the Worker should have said 401, but said ${status}`)
    }
    const events = await listEvents(worker, signal)
    if (events.some((event) => event.channel === channel)) throw new Error("the Worker kept it")
    return "made with another secret, or unsigned: the Worker says 401"
  })
}

async function playWebhook(stage, name, expected) {
  const { tell, show, steps, worker } = stage
  const title = `webhook ${name}`
  if (!(await expectsWebhooks(stage))) {
    const { status, summary } = steps.leaveOut(title, stage.server === "elsewhere" ? NOT_HERE : NOT_TO_US)
    return tell.line(status, name, summary)
  }
  await show(name, title, async (signal) => {
    await Promise.all(expected.map((fields) => waitForWebhook(worker, { name, ...fields }, signal)))
    return expected.map(({ user_id, channel }) => user_id ?? channel).join(", ")
  })
}

/** Tells whether to expect webhooks. The user's own server on this machine is expected to send them once it has sent one. */
async function expectsWebhooks({ server, worker, channels, port, steps }) {
  if (server !== "loopback") return server === "embedded"
  const isOurs = ({ channel }) => Object.values(channels).includes(channel)
  if ((await listEvents(worker)).some(isOurs)) return true
  // If the user chose the port, the server may know it and be slow.
  if (port === 0) return false
  const waitForFirst = (signal) => waitForWebhook(worker, { channel: channels.public }, signal)
  return steps.attempt(waitForFirst)
}

/** Lists the events of the webhooks that the Worker has verified. */
async function listEvents(worker, signal) {
  const outcomes = await worker.ask("/webhooks", { signal })
  return outcomes.filter(({ verified }) => verified).map(({ event }) => event)
}

/** Waits until the Worker lists such an event. */
async function waitForWebhook(worker, wanted, signal) {
  const { inbox } = worker
  const matches = (event) => Object.entries(wanted).every(([field, value]) => event[field] === value)
  for (;;) {
    const known = inbox.messages.length
    if ((await listEvents(worker, signal)).some(matches)) return
    // The Worker logs each webhook that it validates, so a new line means that it is time to look again.
    try {
      await inbox.find(({ from }, index) => from === "log" && index >= known, signal)
    } catch (error) {
      throw new Error(`${wanted.user_id ?? wanted.channel}: ${error.message}`, { cause: error })
    }
  }
}
