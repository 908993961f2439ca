// Plays the demo's scenario.
import { playForgery, playLeaving, playWebhooks } from "./webhooks.mjs"

/** @type {readonly string[]} */
export const PEOPLE = ["Ada", "Grace"]

/**
 * @typedef {object} Stage
 * @property {import("./worker.mjs").DemoWorker} worker
 * @property {Awaited<ReturnType<import("./publisher.mjs").startPublisher>>} publisher
 * @property {Awaited<ReturnType<import("./subscribers.mjs").startSubscribers>>} subscribers
 * @property {{ key: string }} settings
 * @property {"embedded" | "loopback" | "elsewhere"} server
 * @property {number} port that the user wants the Worker to have, or 0
 * @property {{ public: string, private: string, presence: string }} channels
 * @property {import("./steps.mjs").Steps} steps
 * @property {ReturnType<import("./narrate.mjs").makeNarrator>} tell
 * @property {(label: string, name: string, body: (signal: AbortSignal) => Promise<string>) => Promise<void>} show
 *   runs a step and prints its result at once
 */

/** Makes channel names that no other run uses. @returns {Stage["channels"]} */
export function makeChannels() {
  const run = Math.random().toString(36).slice(2, 8)
  return { public: `demo-${run}`, private: `private-demo-${run}`, presence: `presence-demo-${run}` }
}

/** @param {Stage} stage */
export async function play(stage) {
  const socketIds = await playSubscriptions(stage)
  const { worker, publisher } = stage
  const post = (path) => (body, signal) => worker.ask(path, { method: "POST", body: JSON.stringify(body), signal })
  const fromWorker = post("/trigger")
  const fromNode = ({ channels, event, data }, signal) => publisher.call("trigger", [channels, event, data], signal)
  await playTriggers(stage, "Worker", fromWorker)
  await playTriggers(stage, "Node", fromNode)
  await playBatch(stage, post("/batch"))
  await playExclusion(stage, fromWorker, socketIds)
  await playQueries(stage)
  await playWebhooks(stage)
  await playForgery(stage)
  await playLeaving(stage)
}

async function playSubscriptions({ tell, show, subscribers, channels }) {
  tell.section("Subscribers connect, and the Worker says who may listen")
  const socketIds = {}
  await show("connected", "connections", async (signal) => {
    await forEveryone(async (who) => {
      socketIds[who] = await subscribers.connect(who, signal)
    })
    return PEOPLE.map((who) => `${who} ${socketIds[who]}`).join(", ")
  })
  for (const [kind, name] of Object.entries(channels)) {
    await show(kind, `subscriptions to the ${kind} channel`, async (signal) => {
      const answers = await forEveryone(async (who) => {
        const answer = await subscribers.subscribe(who, name, signal)
        if (answer.kind === "refused") throw new Error(`refused with ${answer.status}, ${answer.reason}`)
        return answer
      })
      const how = { public: "open to all", private: "signed by the Worker", presence: "signed by the Worker" }
      const members = new Set(answers.flatMap((answer) => answer.members ?? []))
      return `${name}: ${how[kind]}${members.size > 0 ? `; members ${[...members].join(", ")}` : ""}`
    })
  }
  await show("refused", "no entry to somebody else's channel", async (signal) => {
    const { kind, status } = await subscribers.subscribe("Ada", "private-for-grace", signal)
    if (kind !== "refused" || status !== 403)
      throw new Error(`Ada should have been refused with 403, but was ${kind} ${status ?? ""}`)
    return "private-for-grace: the Worker says 403 to Ada"
  })
  return socketIds
}

async function playTriggers({ tell, show, subscribers, channels }, publisher, trigger) {
  const data = { from: publisher, text: `Hello from ${publisher}` }
  tell.section(`${publisher} triggers an event on three channels at once`)
  tell.line("publishes", "greeting", JSON.stringify(data))
  // One request for all three steps. Each step has its own deadline; the first one's signal aborts the request.
  let triggered
  const showArrival = ([kind, name]) =>
    show(kind, `${publisher} → ${kind} channel`, async (signal) => {
      triggered ??= trigger({ channels: Object.values(channels), event: "greeting", data }, signal)
      await triggered
      return waitForEveryone(
        subscribers,
        name,
        (message) => message.event === "greeting" && isSame(message.data, data),
        signal,
      )
    })
  await Promise.all(Object.entries(channels).map(showArrival))
}

async function playBatch({ tell, show, subscribers, channels }, trigger) {
  tell.section("Worker triggers a batch: one request, three events")
  const events = Object.values(channels).map((channel, index) => ({
    channel,
    name: `batch-${index + 1}`,
    data: { index },
  }))
  await show("batch", "a batch of three events", async (signal) => {
    await trigger(events, signal)
    const waitForArrival = ({ channel, name, data }) =>
      waitForEveryone(subscribers, channel, (message) => message.event === name && isSame(message.data, data), signal)
    await Promise.all(events.map(waitForArrival))
    return `${events.map(({ name }) => name).join(", ")}: ${PEOPLE.join(" and ")} have each`
  })
}

async function playExclusion({ tell, show, subscribers, channels }, trigger, socketIds) {
  tell.section("Worker triggers an event that leaves out its sender")
  await show("excluded", "an excluded sender", async (signal) => {
    if (!socketIds.Ada) throw new Error("Ada is not connected")
    const hasName = (name) => (message) => message.event === name
    await trigger(
      { channel: channels.private, event: "typing", data: { who: "Ada" }, socket_id: socketIds.Ada },
      signal,
    )
    await subscribers.waitForEvent("Grace", channels.private, hasName("typing"), signal)
    // Events arrive in order: once Ada has the next event, the one before cannot come any more.
    await trigger({ channel: channels.private, event: "typed", data: { who: "Ada" } }, signal)
    await waitForEveryone(subscribers, channels.private, hasName("typed"), signal)
    if (subscribers.hasEvent("Ada", channels.private, hasName("typing"))) throw new Error("Ada received her own event")
    return `socket_id ${socketIds.Ada}: Grace has "typing", Ada has not`
  })
}

async function playQueries({ tell, show, worker, publisher, channels }) {
  tell.section("Both ask the server what it knows")
  await show("Worker", "a channel query from the Worker", async (signal) => {
    const query = new URLSearchParams({ filter_by_prefix: channels.presence, info: "user_count" })
    const answer = await worker.ask(`/channels?${query}`, { signal })
    const users = answer.channels?.[channels.presence]?.user_count
    if (users !== PEOPLE.length)
      throw new Error(`${PEOPLE.length} users expected, but the answer is ${JSON.stringify(answer)}`)
    return `GET /channels: ${channels.presence} has ${users} users`
  })
  await show("Node", "a channel query from Node", async (signal) => {
    const answer = await publisher.call("get", [{ path: "/channels" }], signal)
    const [found, wanted] = [Object.keys(answer.channels ?? {}), Object.values(channels)]
    const lacking = wanted.filter((name) => !found.includes(name))
    if (lacking.length > 0) throw new Error(`the answer lacks ${lacking.join(", ")}`)
    return `GET /channels: all ${wanted.length} are occupied`
  })
}

/** Waits until everybody has the event. Throws an Error that names those who do not get it. */
async function waitForEveryone(subscribers, channel, wanted, signal) {
  await forEveryone((who) => subscribers.waitForEvent(who, channel, wanted, signal))
  return `${channel}: ${PEOPLE.join(" and ")} have it`
}

async function forEveryone(act) {
  const results = await Promise.allSettled(PEOPLE.map(act))
  const failures = results.flatMap(({ reason }, index) => (reason ? [{ who: PEOPLE[index], reason }] : []))
  if (failures.length === 0) return results.map(({ value }) => value)
  // The other one's reason is the same, except for a number.
  throw new Error(`${failures.map(({ who }) => who).join(" and ")}: ${failures[0].reason.message}`)
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other)
