// Shared by both Workers: the limits of Cloudflare Queues, https://developers.cloudflare.com/queues/platform/limits/
const MOST_MESSAGES = 100
/** Bytes of a batch, and of a message with its metadata. A kilobyte has 1,000 bytes. */
const MOST_BATCH_BYTES = 256_000
const MOST_MESSAGE_BYTES = 128_000
const METADATA_BYTES = 100

const encoder = new TextEncoder()
const sizeOf = (body) => encoder.encode(JSON.stringify(body)).length + METADATA_BYTES

/** Tells whether a message may have this body. */
export const fitsMessage = (body) => sizeOf(body) <= MOST_MESSAGE_BYTES

/** Splits messages into batches that `sendBatch` accepts, in order. Each body must fit a message. */
export function* batchesOf(messages) {
  let [batch, bytes] = [[], 0]
  for (const message of messages) {
    const size = sizeOf(message.body)
    if (batch.length === MOST_MESSAGES || bytes + size > MOST_BATCH_BYTES) {
      yield batch
      ;[batch, bytes] = [[], 0]
    }
    batch.push(message)
    bytes += size
  }
  if (batch.length > 0) yield batch
}

/** Puts a batch on a queue, as JSON, which is what its size is reckoned by. */
export const sendBatch = (queue, batch) => queue.sendBatch(batch.map(({ body }) => ({ body, contentType: "json" })))
