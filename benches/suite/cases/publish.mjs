// Many events, sent to a server on this machine: by `publish`, and by what programs do without it.
import { ByHand } from "../by-hand.mjs"
import { credentials, dataOf, timeout } from "../inputs.mjs"
import { takePosts } from "../posts.mjs"

const EVENTS = 200
/** Events in a request, and requests under way at once: what a Worker may have. */
const CHUNK = 10
const CONCURRENCY = 6

export const publishOptions = { concurrency: CONCURRENCY }

export const publishNames = ["publish"]

/** Of a server on this machine, `{ host, port }`. */
export const publishTo = (server) => [
  {
    name: "publish",
    callsEach: EVENTS,
    before: () => takePosts(server),
    seen: async () => (await takePosts(server)).flatMap(eventsOf).toSorted(),
    variants: (packages) => publishersOf(packages, server),
  },
]

/** Each event that a request holds, as a text. */
const eventsOf = ({ body }) => {
  const { batch, channels, name, data } = JSON.parse(body)
  const events = batch ?? channels.map((channel) => ({ channel, name, data }))
  return events.map((event) => `${event.channel} ${event.name} ${event.data}`)
}

const publishersOf = ({ ours: Ours, pusher: Theirs }, server) => {
  const options = { ...credentials, ...server, useTLS: false, timeout }
  const data = dataOf(200)
  // Anew for each call, for others write into what they are given.
  const events = () => listEvents(EVENTS, data)
  const publish = (pusher) => () => pusher.publish(events(), publishOptions)
  const batches = (pusher) => () => sendBatches(pusher, events())
  const theirs = new Theirs(options)
  const trigger = ({ channel, name, data }) => theirs.trigger(channel, name, data)
  const byFetch = {
    ours: publish(new Ours(options)),
    "pusher, one by one": async () => {
      for (const event of events()) await trigger(event)
    },
    "pusher, all at once": () => Promise.all(Array.from(events(), trigger)),
    "pusher, batches by hand": batches(theirs),
    "by hand, batches": batches(new ByHand(options)),
  }
  if (globalThis.navigator?.userAgent === "Cloudflare-Workers") return byFetch
  const agent = new (globalThis.process.getBuiltinModule("node:http").Agent)({ keepAlive: true })
  return {
    ...byFetch,
    "ours, agent": publish(new Ours({ ...options, agent })),
    "pusher, batches by hand, agent": batches(new Theirs({ ...options, agent })),
  }
}

/** Gives events on a channel each. */
export function* listEvents(count, data) {
  for (let at = 0; at < count; at++) yield { channel: `orders-of-shop-${at}`, name: "order-placed", data }
}

/** Sends events as `publish` does: in chunks, so many at once. */
export const sendBatches = async (pusher, events) => {
  const sendNext = async () => {
    for (;;) {
      const chunk = []
      while (chunk.length < CHUNK) {
        const { done, value } = events.next()
        if (done) break
        chunk.push(value)
      }
      if (chunk.length === 0) return
      await pusher.triggerBatch(chunk)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, sendNext))
}
