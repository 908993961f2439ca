// The part of the story that the server tells the Worker.
import { createHmac } from "node:crypto"

const NOT_HERE = "a server elsewhere cannot reach a Worker on this machine"
const NOT_TO_US = "this server sends none to the Worker"

/** What the server tells while everybody is there. @param {import("./scenario.mjs").Stage} stage */
export async function webhookSteps(stage) {
  const { tell, worker, channels } = stage
  tell.section("The server tells the Worker, which checks each signature")
  await webhookStep(
    stage,
    "channel_occupied",
    Object.values(channels).map((channel) => ({ channel })),
  )
  await webhookStep(
    stage,
    "member_added",
    ["ada", "grace"].map((user_id) => ({ channel: channels.presence, user_id })),
  )
  if (stage.server === "loopback" && !(await delivers(stage))) {
    tell.quiet(`To see them, let your server send webhooks to ${worker.url}/pusher/webhook`)
    tell.quiet(`and run the demo with DEMO_PORT=${new URL(worker.url).port}, which keeps that address.`)
  }
}

/** What the server tells when they leave. Pusher itself waits 3 s before it does. @param {import("./scenario.mjs").Stage} stage */
export async function leavingSteps(stage) {
  const { tell, subscribers, channels } = stage
  tell.section("Ada and Grace leave")
  subscribers.leave("Ada")
  subscribers.leave("Grace")
  await webhookStep(
    stage,
    "member_removed",
    ["ada", "grace"].map((user_id) => ({ channel: channels.presence, user_id })),
  )
  await webhookStep(
    stage,
    "channel_vacated",
    Object.values(channels).map((channel) => ({ channel })),
  )
}

/** Webhooks that somebody else made up. @param {import("./scenario.mjs").Stage} stage */
export async function forgedStep({ show, worker, settings: { key }, channels }) {
  await show("forged", "a forged webhook refused", async (signal) => {
    const channel = `forged-${channels.public}`
    const body = JSON.stringify({ time_ms: Date.now(), events: [{ name: "channel_occupied", channel }] })
    const signature = createHmac("sha256", "not the secret").update(body).digest("hex")
    for (const signed of [{ "x-pusher-key": key, "x-pusher-signature": signature }, { "x-pusher-key": key }]) {
      const headers = { "content-type": "application/json", ...signed }
      const { status } = await fetch(`${worker.url}/pusher/webhook`, { method: "POST", headers, body, signal })
      if (status !== 401) throw new Error(`the Worker should have said 401, but said ${status}`)
    }
    const events = await worker.ask("/webhooks", { signal })
    if (events.some((event) => event.channel === channel)) throw new Error("the Worker kept it")
    return "made with another secret, or unsigned: the Worker says 401"
  })
}

async function webhookStep(stage, name, expected) {
  const { tell, show, steps, worker } = stage
  const title = `webhook ${name}`
  if (!(await delivers(stage))) {
    const { status, summary } = steps.leaveOut(title, stage.server === "elsewhere" ? NOT_HERE : NOT_TO_US)
    return tell.line(status, name, summary)
  }
  await show(name, title, async (signal) => {
    await Promise.all(expected.map((fields) => verified(worker, { name, ...fields }, signal)))
    return expected.map(({ user_id, channel }) => user_id ?? channel).join(", ")
  })
}

/** Whether webhooks are to be expected; a server of the user's own, on this machine, shows it by sending one. */
async function delivers({ server, worker, channels, port, steps }) {
  if (server !== "loopback") return server === "embedded"
  const ours = ({ channel }) => Object.values(channels).includes(channel)
  if ((await worker.ask("/webhooks")).some(ours)) return true
  // Where the user chose the port, the server may well know it, and be slow.
  if (port === 0) return false
  const arrival = (signal) => verified(worker, { channel: channels.public }, signal)
  return steps.attempt(arrival)
}

/** Waits until the Worker has such an event in its list, where only verified ones get. */
async function verified(worker, wanted, signal) {
  const { inbox } = worker
  const matches = (event) => Object.entries(wanted).every(([field, value]) => event[field] === value)
  for (;;) {
    const known = inbox.messages.length
    if ((await worker.ask("/webhooks", { signal })).some(matches)) return
    // The Worker logs each one that it verifies: a new line is the time to look again.
    try {
      await inbox.find(({ from }, index) => from === "log" && index >= known, signal)
    } catch (error) {
      throw new Error(`${wanted.user_id ?? wanted.channel}: ${error.message}`, { cause: error })
    }
  }
}
