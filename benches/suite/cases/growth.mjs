// How the cost of an event grows: with its size, its channels, the attempts it takes, and the number of events that are published.
import { channelsOf, credentials, dataOf } from "../inputs.mjs"
import { refuse, requests, stubFetch } from "../stub.mjs"
import { listEvents, publishOptions, sendBatches } from "./publish.mjs"
import { encryptedCase, lastSent, triggerCase } from "./trigger.mjs"

/** In bytes of data as JSON. */
const sizes = [100, 300, 1_000, 3_000, 10_000, 30_000, 100_000]
const channelCounts = [1, 3, 10, 30, 100]
const attemptCounts = [1, 2, 3, 5, 10]
const eventCounts = [100, 1_000, 10_000, 100_000, 1_000_000]

const channelsCase = (count) => triggerCase(`trigger, ${count} channels`, channelsOf(count), 200)

/** Triggers under way at once, so that no time passes idly before a timer fires. */
const TOGETHER = 100
/** Of calls that take seconds: rounds of one call each. A million events are measured once, and only by `--long`. */
const longRounds = { 100000: 3, 1000000: 1 }

/** Returns `before` and `seen` of a case: what the last request held, by `read`, and how many there were. */
const counting = (read) => {
  let earlier
  return {
    before: () => {
      earlier = requests
    },
    seen: () => ({ requests: requests - earlier, last: read(JSON.parse(lastSent().body)) }),
  }
}

/** Events of which the first attempts are refused. */
const attemptsCase = (attempts) => ({
  name: `trigger, ${attempts} attempts`,
  callsEach: TOGETHER,
  // Whose request is the last depends on the host's threads.
  ...counting(({ name, data }) => ({ name, data })),
  variants: ({ ours: { constructor: Ours }, pusher, edge, byHand }) => {
    const data = dataOf(200)
    const retrying = new Ours({
      ...credentials,
      host: "127.0.0.1",
      port: 1,
      useTLS: false,
      fetch: stubFetch,
      retry: { attempts, baseDelay: 0 },
    })
    const triggerAll = (trigger) => async () => {
      refuse(isEarlier(attempts))
      await Promise.all(Array.from({ length: TOGETHER }, (_, at) => trigger(`call-${at}`)))
      refuse(undefined)
    }
    // Others have no retries: around them stands what a program would write.
    const tryingAgain = (client) => async (channel) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await client.trigger([channel], "order-placed", data)
        } catch (error) {
          if (attempt === attempts) throw error
          await new Promise((resolve) => setTimeout(resolve, 0))
        }
      }
    }
    return {
      ours: triggerAll((channel) => retrying.trigger(channel, "order-placed", data)),
      pusher: pusher && triggerAll(tryingAgain(pusher)),
      edge: triggerAll(tryingAgain(edge)),
      "by hand": triggerAll(tryingAgain(byHand)),
    }
  },
})

/** Returns a predicate that holds for a body of `attemptsCase` unless it is the last attempt of its call. */
const isEarlier = (attempts) => {
  const seen = new Array(TOGETHER).fill(0)
  return (body) => ++seen[/call-(\d+)/.exec(body)[1]] < attempts
}

const publishCase = (count) => ({
  name: `publish, ${count} events`,
  callsEach: count,
  longRounds: longRounds[count],
  isLong: count > 100_000,
  ...counting((body) => body.batch.length),
  variants: ({ ours, pusher, byHand }) => {
    const data = dataOf(200)
    return {
      ours: () => ours.publish(listEvents(count, data), publishOptions),
      pusher: pusher && (() => sendBatches(pusher, listEvents(count, data))),
      "by hand": () => sendBatches(byHand, listEvents(count, data)),
    }
  },
})

/** On Node alone, where the chart is of: how costs grow is the same everywhere. All runtimes have a goal for most channels. */
const onNode = (growing) => ({ ...growing, runtimes: ["node"] })

export const growth = [
  ...sizes.map((bytes) => triggerCase(`trigger, ${bytes} bytes`, channelsOf(1), bytes)),
  ...sizes.map((bytes) => encryptedCase(`encrypted trigger, ${bytes} bytes`, bytes)),
  ...channelCounts.slice(0, -1).map(channelsCase),
  ...attemptCounts.map(attemptsCase),
  ...eventCounts.map(publishCase),
]
  .map(onNode)
  .concat(channelCounts.slice(-1).map(channelsCase))
