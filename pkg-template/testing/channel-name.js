/**
 * The kind of a channel, as its name says.
 *
 * @typedef {object} ChannelKind
 * @property {"public" | "private" | "encrypted" | "presence" | "user"} access
 * @property {boolean} cache whether the last event is kept for late subscribers
 */

// Longest prefix first: every encrypted channel is also called private-….
/** @type {[prefix: string, access: ChannelKind["access"], cache: boolean][]} */
const PREFIXES = [
  ["private-encrypted-cache-", "encrypted", true],
  ["private-encrypted-", "encrypted", false],
  ["private-cache-", "private", true],
  ["private-", "private", false],
  ["presence-cache-", "presence", true],
  ["presence-", "presence", false],
  ["cache-", "public", true],
]
const USER_PREFIX = "#server-to-user-"
const NAME = /^[A-Za-z0-9_\-=@,.;]+$/

/** Reads a channel's kind from its name. @param {string} name a valid channel name @returns {ChannelKind} */
export function getChannelKind(name) {
  if (name.startsWith(USER_PREFIX)) return { access: "user", cache: false }
  const [, access, cache] = PREFIXES.find(([prefix]) => name.startsWith(prefix)) ?? ["", "public", false]
  return { access, cache }
}

/** Tells whether clients may subscribe to, and the API may query, a channel of this name. */
export function isChannelName(name, limits) {
  return typeof name === "string" && name.length <= limits.channelNameLength && NAME.test(name)
}

/** Returns the user id in `#server-to-user-{id}`, or undefined if the name has another form. */
export function getUserOfChannel(name, limits) {
  if (typeof name !== "string" || !name.startsWith(USER_PREFIX)) return undefined
  const userId = name.slice(USER_PREFIX.length)
  return userId !== "" && userId.length <= limits.userIdLength ? userId : undefined
}

/** Tells whether a channel carries client events: only those with authorised subscribers do. */
export function allowsClientEvents(name) {
  return ["private", "encrypted", "presence"].includes(getChannelKind(name).access)
}
