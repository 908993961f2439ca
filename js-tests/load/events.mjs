// The events of each call. An event's name is the number of its call and its own, so that all who see it know where it belongs.
import { makeRandom, pickOne } from "./random.mjs"

const OPEN = ["load-1", "load-2", "load-3", "private-load", "presence-load", "cache-load"]
const ENCRYPTED = ["private-encrypted-load-1", "private-encrypted-load-2"]
const EVERY = [...OPEN, ...ENCRYPTED]

/** The channels that each subscriber subscribes to, and the user that it signs in as. */
export const CHANNELS = EVERY
export const USER = "load"
export const USER_CHANNEL = `#server-to-user-${USER}`

const between = (random, least, most) => least + Math.floor(random() * (most - least + 1))
/** Characters beside those that every event has. With 7,000, an encrypted event is just below the limit. */
const SIZES = [0, 0, 20, 20, 20, 100, 100, 1000, 1000, 7000]

/** The first calls are as large as any, so that memory is measured for the first time when it has grown as far as it must. */
export const isLargest = (index) => index < 42

/** How many events each kind has, of how many channels each, and of which. */
const SHAPES = {
  trigger: { events: [1, 1], channels: [1, 3], of: OPEN },
  encrypted: { events: [1, 1], channels: [1, 1], of: ENCRYPTED },
  batch: { events: [2, 10], channels: [1, 1], of: OPEN },
  mixed: { events: [2, 6], channels: [1, 1], of: EVERY },
  user: { events: [1, 1], channels: [1, 1], of: [USER_CHANNEL] },
  publish: { events: [12, 12], channels: [1, 1], of: EVERY },
}

/**
 * Returns the events of a call; none, if it publishes nothing.
 *
 * @param {import("./plan.mjs").Order} order
 * @param {import("./plan.mjs").Call} call
 * @returns {{ name: string, channels: string[], data: object }[]}
 */
export const eventsOf = ({ seed }, { index, kind }) => {
  const shape = SHAPES[kind]
  if (!shape) return []
  const random = makeRandom(~seed, index)
  const length = isLargest(index) ? shape.events[1] : between(random, ...shape.events)
  return Array.from({ length }, (_, number) => {
    const name = `${index}.${number}`
    const start = Math.floor(random() * shape.of.length)
    const channels = Array.from(
      { length: between(random, ...shape.channels) },
      (_, at) => shape.of[(start + at) % shape.of.length],
    )
    const size = isLargest(index) ? SIZES.at(-1) : pickOne(random, SIZES)
    return { name, channels, data: { id: name, size, text: "é".repeat(size / 2) } }
  })
}

/** Tells whether data is that of the event with this name, whole. */
export const isDataOf = (name, data) => data?.id === name && data.text?.length === data.size / 2

/** Returns the number of the call to which an event's name belongs. */
export const callOf = (name) => Number(name.split(".")[0])
