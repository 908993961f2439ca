// The story that the demo tells, in the order in which it is told.
import { forgedStep, leavingSteps, webhookSteps } from "./webhooks.mjs"

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
 * @property {ReturnType<import("./narrate.mjs").narrator>} tell
 * @property {(label: string, name: string, body: (signal: AbortSignal) => Promise<string>) => Promise<void>} show
 *   runs a step and tells at once how it ended
 */

/** Names that no other run uses. @returns {Stage["channels"]} */
export function channelsOfRun() {
  const run = Math.random().toString(36).slice(2, 8)
  return { public: `demo-${run}`, private: `private-demo-${run}`, presence: `presence-demo-${run}` }
}

/** @param {Stage} stage */
export async function play(stage) {
  const socketIds = await subscribing(stage)
  const { worker, publisher } = stage
  const post = (path) => (body, signal) => worker.ask(path, { method: "POST", body: JSON.stringify(body), signal })
  const fromWorker = post("/trigger")
  const fromNode = ({ channels, event, data }, signal) => publisher.call("trigger", [channels, event, data], signal)
  await publishing(stage, "Worker", fromWorker)
  await publishing(stage, "Node", fromNode)
  await batching(stage, post("/batch"))
  await excluding(stage, fromWorker, socketIds)
  await asking(stage)
  await webhookSteps(stage)
  await forgedStep(stage)
  await leavingSteps(stage)
}

async function subscribing({ tell, show, subscribers, channels }) {
  tell.section("Subscribers connect, and the Worker says who may listen")
  const socketIds = {}
  await show("connected", "connections", async (signal) => {
    await everyone(async (who) => (socketIds[who] = await subscribers.connect(who, signal)))
    return PEOPLE.map((who) => `${who} ${socketIds[who]}`).join(", ")
  })
  for (const [kind, name] of Object.entries(channels)) {
    await show(kind, `subscriptions to the ${kind} channel`, async (signal) => {
      const answers = await everyone(async (who) => {
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

async function publishing({ tell, show, subscribers, channels }, publisher, trigger) {
  const data = { from: publisher, text: `Hello from ${publisher}` }
  tell.section(`${publisher} triggers an event on three channels at once`)
  tell.line("publishes", "greeting", JSON.stringify(data))
  // Shared by the steps: each is patient on its own, the first one's signal ends the request.
  let triggered
  const arrivesOn = ([kind, name]) =>
    show(kind, `${publisher} → ${kind} channel`, async (signal) => {
      triggered ??= trigger({ channels: Object.values(channels), event: "greeting", data }, signal)
      await triggered
      return received(subscribers, name, (message) => message.event === "greeting" && same(message.data, data), signal)
    })
  await Promise.all(Object.entries(channels).map(arrivesOn))
}

async function batching({ tell, show, subscribers, channels }, trigger) {
  tell.section("Worker triggers a batch: one request, three events")
  const events = Object.values(channels).map((channel, index) => ({
    channel,
    name: `batch-${index + 1}`,
    data: { index },
  }))
  await show("batch", "a batch of three events", async (signal) => {
    await trigger(events, signal)
    const arrives = ({ channel, name, data }) =>
      received(subscribers, channel, (message) => message.event === name && same(message.data, data), signal)
    await Promise.all(events.map(arrives))
    return `${events.map(({ name }) => name).join(", ")}: ${PEOPLE.join(" and ")} have each`
  })
}

async function excluding({ tell, show, subscribers, channels }, trigger, socketIds) {
  tell.section("Worker triggers an event that leaves out its sender")
  await show("excluded", "an excluded sender", async (signal) => {
    if (!socketIds.Ada) throw new Error("Ada is not connected")
    const named = (name) => (message) => message.event === name
    await trigger(
      { channel: channels.private, event: "typing", data: { who: "Ada" }, socket_id: socketIds.Ada },
      signal,
    )
    await subscribers.event("Grace", channels.private, named("typing"), signal)
    // What is sent to Ada arrives in order: once she has the next event, the one before cannot come any more.
    await trigger({ channel: channels.private, event: "typed", data: { who: "Ada" } }, signal)
    await received(subscribers, channels.private, named("typed"), signal)
    if (subscribers.hasEvent("Ada", channels.private, named("typing"))) throw new Error("Ada received her own event")
    return `socket_id ${socketIds.Ada}: Grace has "typing", Ada has not`
  })
}

async function asking({ tell, show, worker, publisher, channels }) {
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

/** What everybody received; an Error that says who did not. */
async function received(subscribers, channel, wanted, signal) {
  await everyone((who) => subscribers.event(who, channel, wanted, signal))
  return `${channel}: ${PEOPLE.join(" and ")} have it`
}

async function everyone(act) {
  const results = await Promise.allSettled(PEOPLE.map(act))
  const failures = results.flatMap(({ reason }, index) => (reason ? [{ who: PEOPLE[index], reason }] : []))
  if (failures.length === 0) return results.map(({ value }) => value)
  // The other one's reason is the same, but for a number.
  throw new Error(`${failures.map(({ who }) => who).join(" and ")}: ${failures[0].reason.message}`)
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other)
