/**
 * The service's documented limits. A test passes smaller `limits` to `startLocalChannels` so that it
 * needs no hundred sockets or ten kilobytes to reach one.
 *
 * @typedef {{ [Name in keyof typeof DEFAULT_LIMITS]: number }} Limits
 */
export const DEFAULT_LIMITS = Object.freeze({
  /** Smallest difference from the server's clock, in seconds, at which a timestamp is refused. */
  timestampSkewSeconds: 600,
  /** Bytes of one HTTP request body: ten full events, escaped as JSON, fit. */
  requestBodyBytes: 1024 * 1024,
  /** Characters. */
  channelNameLength: 200,
  /** Characters. */
  eventNameLength: 200,
  /** Bytes of one event's data, unless the app has a limit of its own. */
  eventBytes: 10_240,
  channelsPerEvent: 100,
  eventsPerBatch: 10,
  presenceMembers: 100,
  /** Bytes of a presence member's `user_info`, as JSON. */
  userInfoBytes: 1024,
  /** Characters. */
  userIdLength: 128,
  /** User ids one sign-in may watch. */
  watchlistLength: 100,
  /** For one connection. */
  clientEventsPerSecond: 10,
  /** Bytes of one WebSocket message. */
  messageBytes: 128 * 1024,
  /** How long a cache channel keeps its last event. */
  cacheTtlSeconds: 1800,
  /** How long the answer to a call with an idempotency key is kept. */
  idempotencyTtlSeconds: 120,
  /** How long a webhook receiver may take to answer. */
  webhookTimeoutMs: 10_000,
})
