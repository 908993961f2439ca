// The kinds of calls: what each asks of a client. Resolves to what the one who checks must see.
import { eventsOf, USER } from "./events.mjs"

const single = (pusher, [{ name, channels, data }], options) => pusher.trigger(channels, name, data, options)
const batch = (pusher, events, options) =>
  pusher.triggerBatch(
    events.map(({ name, channels: [channel], data }) => ({ channel, name, data })),
    options,
  )

/** @type {Record<string, (pusher: any, events: any[], options: object) => Promise<unknown>>} */
const PUBLISHING = {
  trigger: single,
  encrypted: single,
  batch,
  mixed: batch,
  user: (pusher, [{ name, data }], options) => pusher.sendToUser(USER, name, data, options),
  async publish(pusher, events, { idempotencyKey, ...options }) {
    const list = events.map(({ channels: [channel], ...event }) => ({ channel, ...event }))
    const given = { ...options, concurrency: 2, idempotencyKeys: idempotencyKey !== undefined }
    const { published, failed } = await pusher.publish(list, given)
    return { published, failed }
  },
}

const channelsToSign = ["private-a", "private-encrypted-a", "presence-a"]

const OTHERS = {
  ask: (pusher, { index }, options) => pusher.channels({ prefix: `call-${index}`, ...options }),
  authorise(pusher, { index }) {
    const socketId = `${index}.1`
    const channel = channelsToSign[index % channelsToSign.length]
    const member = channel.startsWith("presence-") ? { user_id: `user-${index}` } : undefined
    const user = pusher.authenticateUser(socketId, { id: `user-${index}` })
    return { socketId, channel, user, ...pusher.authorizeChannel(socketId, channel, member) }
  },
  webhook(pusher, { index }, _options, { webhooks }) {
    const { headers, rawBody } = webhooks[index % webhooks.length]
    const webhook = pusher.webhook({ headers, rawBody })
    return { isValid: webhook.isValid(), events: webhook.isValid() ? webhook.getEvents() : undefined }
  },
}

/** Runs a call. */
export const runCall = async (pusher, call, options, order) => {
  const publish = PUBLISHING[call.kind]
  if (!publish) return OTHERS[call.kind](pusher, call, options, order)
  const result = await publish(pusher, eventsOf(order, call), options)
  return call.kind === "publish" ? result : undefined
}
