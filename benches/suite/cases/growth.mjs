// How the cost of an event grows with its size and with the number of its channels.
import { channelsOf } from "../inputs.mjs"
import { encryptedCase, triggerCase } from "./trigger.mjs"

/** In bytes of data as JSON. */
const sizes = [100, 300, 1_000, 3_000, 10_000, 30_000, 100_000]
const counts = [1, 3, 10, 30, 100]

export const growth = [
  ...sizes.map((bytes) => triggerCase(`trigger, ${bytes} bytes`, channelsOf(1), bytes)),
  ...sizes.map((bytes) => encryptedCase(`encrypted trigger, ${bytes} bytes`, bytes)),
  ...counts.map((count) => triggerCase(`trigger, ${count} channels`, channelsOf(count), 200)),
]
