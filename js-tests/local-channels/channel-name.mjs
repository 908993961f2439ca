/**
 * What a channel's name says about it.
 *
 * @typedef {object} ChannelKind
 * @property {"public" | "private" | "encrypted" | "presence" | "user"} access
 * @property {boolean} cache whether the last event is kept for late subscribers
 */

// Longest prefix first: every encrypted channel is also called private-….
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

/** @param {string} name a valid channel name @returns {ChannelKind} */
export function channelKind(name) {
  if (name.startsWith(USER_PREFIX)) return { access: "user", cache: false }
  const [, access, cache] = PREFIXES.find(([prefix]) => name.startsWith(prefix)) ?? ["", "public", false]
  return { access, cache }
}

/** Whether a client may subscribe to, and the API may ask for, a channel of this name. */
export function isChannelName(name, limits) {
  return typeof name === "string" && name.length <= limits.channelNameLength && NAME.test(name)
}

/** The user behind `#server-to-user-{id}`, or undefined when the name is not of that form. */
export function userOfChannel(name, limits) {
  if (typeof name !== "string" || !name.startsWith(USER_PREFIX)) return undefined
  const userId = name.slice(USER_PREFIX.length)
  return userId !== "" && userId.length <= limits.userIdLength ? userId : undefined
}

/** Client events reach everybody who is subscribed, so only authorised channels carry them. */
export function allowsClientEvents(name) {
  return ["private", "encrypted", "presence"].includes(channelKind(name).access)
}
