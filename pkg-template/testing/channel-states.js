import { getChannelKind, isChannelName } from "./channel-name.js"
import { checkMembers, checkValue, makeRule, RULES } from "./check.js"

/**
 * What a test says of a channel.
 *
 * @typedef {object} ChannelState
 * @property {string[]} [users] ids of the users on a presence channel
 * @property {number} [userCount] default: as many as there are `users`
 * @property {number} [subscriptionCount] default: as many as there are `users`, or 1
 * @property {{ data: string, ttl: number } | null} [cache] the last event of a cache channel
 */

const STATE_RULES = {
  users: RULES.texts,
  userCount: RULES.count,
  subscriptionCount: RULES.count,
  cache: makeRule(
    (value) => value === null || (typeof value?.data === "string" && typeof value.ttl === "number"),
    "{ data, ttl } or null",
  ),
}

/**
 * The channels that a test declares occupied, by name.
 *
 * @extends {Map<string, ChannelState>}
 */
export class ChannelStates extends Map {
  #limits

  /** @param {import("./limits.js").Limits} limits */
  constructor(limits) {
    super()
    this.#limits = limits
  }

  /** @param {string} name @param {ChannelState} state */
  set(name, state = {}) {
    const isValid = (value) => isChannelName(value, this.#limits)
    checkValue("channels.set: the channel", name, [isValid, "the name of a channel"])
    checkMembers(`channels.set(${JSON.stringify(name)})`, state, STATE_RULES)
    const { access, cache } = getChannelKind(name)
    if (access !== "presence" && (state.users ?? state.userCount) !== undefined)
      throw new TypeError(`channels.set: only presence channels have users, and ${JSON.stringify(name)} is not one`)
    if (!cache && state.cache !== undefined)
      throw new TypeError(`channels.set: only cache channels have a cache, and ${JSON.stringify(name)} is not one`)
    return super.set(name, { ...state })
  }
}
