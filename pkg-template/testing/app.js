import { Channel } from "./channel.js"
import { getChannelKind, getUserOfChannel } from "./channel-name.js"
import { EventCache } from "./event-cache.js"
import { RememberedAnswers } from "./idempotency.js"
import { Users } from "./users.js"

/**
 * @typedef {object} AppSettings
 * @property {string} [id]
 * @property {string} [key]
 * @property {string} [secret]
 * @property {{ key: string, secret: string }[]} [extraTokens] newer tokens, as during a rotation:
 *   they authenticate, but webhooks go on being signed with `key` and `secret`
 * @property {string} [cluster] only for callers to read; nothing depends on it
 * @property {{ url: string, events?: string[] }[]} [webhooks] `events`: the kinds to send, default all
 * @property {boolean} [batchWebhooks] put events that happen together into one webhook
 * @property {boolean} [enabled]
 * @property {boolean} [clientEvents]
 * @property {boolean} [subscriptionCount]
 * @property {boolean} [idempotency] honour `X-Idempotency-Key`, as sockudo does and Pusher does not; default false
 * @property {number} [maxEventBytes] UTF-8 bytes of one event's data; default: the server's limit
 */

/** @typedef {{ name: string, data: string, channels: string[], socketId?: string }} PublishedEvent */

/** The app of those who name none. */
export const DEFAULT_APP = Object.freeze({
  id: "app-id",
  key: "app-key",
  secret: "app-secret",
  cluster: "local",
})

/** One app and its state. Its settings may be changed while it runs. */
export class App {
  /** @type {Map<string, Channel>} the occupied channels, by name */
  channels = new Map()
  users = new Users()
  /** @type {RememberedAnswers} to calls with an idempotency key */
  answers

  #cache
  #webhooks
  #states
  #onPublish

  /**
   * @param {AppSettings} settings
   * @param {{ now: () => number, limits: import("./limits.js").Limits,
   *   webhooks: { emit: (app: App, event: { name: string }) => void }, states?: Map<string, import("./channel-states.js").ChannelState>,
   *   onPublish?: (event: PublishedEvent) => void }} context `states`: channels that a test declares occupied
   */
  constructor(settings, { now, limits, webhooks, states = new Map(), onPublish = () => {} }) {
    this.id = String(settings.id ?? DEFAULT_APP.id)
    this.key = settings.key ?? DEFAULT_APP.key
    this.secret = settings.secret ?? DEFAULT_APP.secret
    this.extraTokens = settings.extraTokens ?? []
    this.cluster = settings.cluster ?? DEFAULT_APP.cluster
    this.webhooks = settings.webhooks ?? []
    this.batchWebhooks = settings.batchWebhooks ?? false
    this.enabled = settings.enabled ?? true
    this.clientEvents = settings.clientEvents ?? true
    this.subscriptionCount = settings.subscriptionCount ?? true
    this.idempotency = settings.idempotency ?? false
    this.maxEventBytes = settings.maxEventBytes
    this.limits = limits
    this.now = now
    this.answers = new RememberedAnswers({ now, limits })
    this.#cache = new EventCache({ now, limits })
    this.#webhooks = webhooks
    this.#states = states
    this.#onPublish = onPublish
  }

  /** @param {string} key @returns {string | undefined} the secret that goes with it */
  getSecret(key) {
    return [{ key: this.key, secret: this.secret }, ...this.extraTokens].find((token) => token.key === key)?.secret
  }

  /**
   * Delivers an event that has passed the rules.
   *
   * @param {PublishedEvent} event
   */
  publish(event) {
    const { name, data, channels, socketId } = event
    this.#onPublish(event)
    for (const channel of channels) {
      const message = { event: name, channel, data }
      const userId = getUserOfChannel(channel, this.limits)
      if (userId !== undefined) {
        this.users.send(userId, message, socketId)
        continue
      }
      if (getChannelKind(channel).cache) this.#cache.remember(channel, { name, data })
      this.channels.get(channel)?.broadcast(message, socketId)
    }
  }

  /**
   * @param {import("./connection.js").Connection} connection not yet subscribed to the channel
   * @param {string} name
   * @param {{ userId: string, info: unknown }} [member]
   */
  subscribe(connection, name, member) {
    const occupied = this.channels.has(name)
    const channel = this.channels.get(name) ?? new Channel(name)
    this.channels.set(name, channel)
    const isNewMember = channel.add(connection, member)
    if (!occupied) this.emitWebhook({ name: "channel_occupied", channel: name })

    connection.sendData("pusher_internal:subscription_succeeded", channel.getWelcome(), name)
    if (member && isNewMember) {
      const data = JSON.stringify({ user_id: member.userId, user_info: member.info })
      channel.broadcast({ event: "pusher_internal:member_added", channel: name, data }, connection.socketId)
      this.emitWebhook({ name: "member_added", channel: name, user_id: member.userId })
    }
    if (channel.kind.cache) this.#replay(connection, name)
    this.#announceCount(channel)
  }

  /** Undoes a subscription; harmless when there is none. */
  unsubscribe(connection, name) {
    const channel = this.channels.get(name)
    if (!channel?.has(connection)) return
    const goneUserId = channel.remove(connection)
    if (goneUserId !== undefined) {
      const data = JSON.stringify({ user_id: goneUserId })
      channel.broadcast({ event: "pusher_internal:member_removed", channel: name, data })
      this.emitWebhook({ name: "member_removed", channel: name, user_id: goneUserId })
    }
    this.#announceCount(channel)
    if (channel.subscriptionCount === 0) {
      this.channels.delete(name)
      this.emitWebhook({ name: "channel_vacated", channel: name })
    }
  }

  /** Returns the names of the occupied channels, sorted. @returns {string[]} */
  listChannels() {
    return [...new Set([...this.channels.keys(), ...this.#states.keys()])].sort()
  }

  /**
   * Answers a query about a channel. What a test declares takes precedence over the subscribers.
   *
   * @param {string} name
   * @returns {{ subscriptionCount: number, userCount: number, userIds: string[] } | undefined} `undefined` if it is not occupied
   */
  queryChannel(name) {
    const channel = this.channels.get(name)
    const state = this.#states.get(name)
    if (state === undefined) return channel
    const userIds = state.users ?? channel?.userIds ?? []
    const userCount = state.userCount ?? userIds.length
    return {
      userIds,
      userCount,
      subscriptionCount: state.subscriptionCount ?? (channel?.subscriptionCount || userCount || 1),
    }
  }

  /** Answers a query with `info=cache`. @returns {{ data: string, ttl: number } | null} */
  queryCache(name) {
    const stated = this.#states.get(name)?.cache
    if (stated !== undefined) return stated
    const event = this.#cache.recall(name)
    return event ? { data: event.data, ttl: event.ttl } : null
  }

  /** @param {{ name: string, channel: string, [field: string]: unknown }} event with the fields of its kind */
  emitWebhook(event) {
    this.#webhooks.emit(this, event)
  }

  #replay(connection, name) {
    const event = this.#cache.recall(name)
    if (event) {
      connection.send({ event: event.name, channel: name, data: event.data })
      return
    }
    connection.sendData("pusher:cache_miss", {}, name)
    this.emitWebhook({ name: "cache_miss", channel: name })
  }

  // Presence channels announce their members instead of a subscription count.
  #announceCount(channel) {
    if (!this.subscriptionCount || channel.kind.access === "presence") return
    const data = { subscription_count: channel.subscriptionCount }
    channel.broadcast({
      event: "pusher_internal:subscription_count",
      channel: channel.name,
      data: JSON.stringify(data),
    })
    this.emitWebhook({ name: "subscription_count", channel: channel.name, ...data })
  }
}
