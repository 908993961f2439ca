/**
 * What the service allows, with the documented defaults. A test passes `limits` to
 * `startLocalChannels` to reach an edge without a hundred sockets or ten kilobytes.
 *
 * @typedef {typeof DEFAULT_LIMITS} Limits
 */
export const DEFAULT_LIMITS = Object.freeze({
  /** A timestamp this many seconds or more from the server's clock is refused. */
  timestampSkewSeconds: 600,
  /** Bytes of one HTTP request body: ten full events, escaped as JSON, fit. */
  requestBodyBytes: 1024 * 1024,
  /** Characters. */
  channelNameLength: 200,
  /** Characters. */
  eventNameLength: 200,
  channelsPerEvent: 100,
  eventsPerBatch: 10,
  presenceMembers: 100,
  /** Bytes of a presence member's `user_info`, as JSON. */
  userInfoBytes: 1024,
  /** Characters. */
  userIdLength: 128,
  /** User ids one sign-in may watch. */
  watchlistLength: 100,
  /** Of one connection. */
  clientEventsPerSecond: 10,
  /** Bytes of one WebSocket message. */
  messageBytes: 128 * 1024,
  /** How long a cache channel remembers its last event. */
  cacheTtlSeconds: 1800,
  /** How long the answer to a call with an idempotency key is remembered. */
  idempotencyTtlSeconds: 120,
  /** How long a webhook receiver may take to answer. */
  webhookTimeoutMs: 10_000,
})
