// Takes batches from the queue and publishes them.
import Pusher, { PusherValidationError } from "pusher-http-wasm"

import { batchesOf, sendBatch } from "../queue.js"

/** Answers to an event that the server will never accept. */
const REFUSALS = [400, 413, 422]
const MOST_DELAY_SECONDS = 600

const publishOptions = {
  // A Worker may have six connections at a time. Queues does not keep the order of messages, so nothing is lost.
  concurrency: 6,
  // Longer waits are the queue's: meanwhile, this consumer can take other batches.
  retry: { deadline: 5000 },
  // Also retries a request after a failure that leaves open whether its events were taken, as the queue would. A server that honours the keys,
  // such as sockudo, publishes them once.
  idempotencyKeys: true,
}

export default {
  async queue(batch, env) {
    // Throws if a setting is missing. The whole batch is then delivered again.
    const pusher = Pusher.fromEnv(env)
    const { failed } = await pusher.publish(
      batch.messages.map(({ body }) => body),
      publishOptions,
    )
    const failures = new Map(failed.map(({ index, error }) => [batch.messages[index], error]))
    const hopeless = []
    for (const message of batch.messages) {
      const error = failures.get(message)
      if (!error) {
        message.ack()
      } else if (isHopeless(error)) {
        console.error(`Message ${message.id} can never be published: ${error.message}`)
        hopeless.push(message)
      } else {
        console.warn(`Message ${message.id} was not published, attempt ${message.attempts}: ${error.message}`)
        message.retry({ delaySeconds: delayOf(message, error) })
      }
    }
    await giveUp(hopeless, env)
  },
}

/** Tells whether an event fails however often it is tried. Wrong credentials or a used-up quota can be mended meanwhile. */
const isHopeless = (error) => error instanceof PusherValidationError || REFUSALS.includes(error.status)

/** As long as the server asks to wait; otherwise 2 seconds, then 4, 8, and so on. */
const delayOf = ({ attempts }, { retryAfter }) =>
  Math.min(retryAfter === undefined ? 2 ** attempts : Math.ceil(retryAfter / 1000), MOST_DELAY_SECONDS)

/** Moves messages to the dead-letter queue at once. */
async function giveUp(messages, env) {
  for (const batch of batchesOf(messages)) {
    try {
      await sendBatch(env.DEAD_LETTERS, batch)
      for (const message of batch) message.ack()
    } catch (error) {
      console.error(error)
      for (const message of batch) message.retry()
    }
  }
}
