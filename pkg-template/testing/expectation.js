import { checkMembers, RULES, show } from "./check.js"
import { isMatcher } from "./matcher.js"
import { parseData } from "./opening.js"

/** @typedef {{ channel: string, event: string, data: any, socketId?: string }} TriggeredEvent */

const EXPECTED_RULES = { channel: RULES.text, event: RULES.text, data: RULES.any }
const TIMES_RULES = { times: RULES.count }
const MOST_LINES = 10
const MOST_CHARACTERS = 1000

/**
 * Returns the events that are as expected.
 *
 * @param {TriggeredEvent[]} events
 * @param {{ channel?: string, event?: string, data?: any }} expected
 * @param {{ times?: number }} options
 * @param {() => string} explain returns what else the message is to say where nothing was triggered
 * @returns {TriggeredEvent[]}
 * @throws {Error} if there are none, or not as many as `times`
 */
export const findExpected = (events, expected, options, explain) => {
  checkMembers("expectTriggered", expected, EXPECTED_RULES)
  checkMembers("expectTriggered", options, TIMES_RULES)
  const compared = events.map((event) => ({ event, differences: compareEvent(expected, event) }))
  const found = compared.filter(({ differences }) => differences.length === 0).map(({ event }) => event)
  const { times } = options
  if (times === undefined ? found.length > 0 : found.length === times) return found
  const wanted = `  expected: ${describe(expected)}`
  if (times !== undefined && found.length > 0) {
    const lines = found.slice(0, MOST_LINES).map((event) => `  ${describe(event)}`)
    throw new Error([`Expected ${count(times)} like this, found ${found.length}:`, wanted, ...lines].join("\n"))
  }
  if (events.length === 0) throw new Error(["No event was triggered.", wanted, explain()].filter(Boolean).join("\n"))
  const [nearest] = compared.sort((one, other) => rank(one.differences) - rank(other.differences))
  const lines = nearest.differences.slice(0, MOST_LINES).map(({ text }) => `  ${text}`)
  const more = nearest.differences.length - lines.length
  throw new Error(
    [
      `No such event among the ${count(events.length)} triggered.`,
      wanted,
      `  nearest:  ${describe(nearest.event)}`,
      "Differences:",
      ...lines,
      ...(more > 0 ? [`  and ${more} more`] : []),
    ].join("\n"),
  )
}

const count = (number) => (number === 1 ? "1 event" : `${number} events`)

/** @param {{ channel?: string, event?: string, data?: any }} event */
const describe = ({ channel, event, data }) => {
  const members = Object.entries({ channel, event, data }).filter(([, value]) => value !== undefined)
  const texts = members.map(([name, value]) => `${name}: ${show(value, MOST_CHARACTERS)}`)
  return texts.length === 0 ? "any event" : `{ ${texts.join(", ")} }`
}

/** Another channel or event weighs more than any difference of the data. */
const rank = (differences) => differences.reduce((sum, { member }) => sum + (member === "data" ? 1 : 1_000_000), 0)

/** @returns {{ member: string, text: string }[]} */
const compareEvent = (expected, event) =>
  ["channel", "event", "data"]
    .filter((member) => expected[member] !== undefined)
    .flatMap((member) => compareMember(member, expected[member], event[member]).map((text) => ({ member, text })))

const compareMember = (member, expected, actual) => {
  if (member !== "data") return compare(member, expected, actual)
  if (typeof expected === "function") {
    const isAccepted = expected(actual)
    if (typeof isAccepted?.then === "function")
      throw new TypeError("expectTriggered: the function for data must not be async: a promise is always true")
    return isAccepted ? [] : [`data: the function did not accept ${show(actual, MOST_CHARACTERS)}`]
  }
  return compare(member, typeof expected === "string" ? parseData(expected) : toReceived(expected), actual)
}

/** Returns data as it comes out of a request, where a `Date` is a string by then. Matchers stay. */
const toReceived = (data) => {
  if (isMatcher(data)) return data
  if (typeof data?.toJSON === "function") return toReceived(data.toJSON())
  if (Array.isArray(data)) return data.map((item) => toReceived(item) ?? null)
  if (typeof data === "object" && data !== null) {
    const members = Object.entries(data).map(([name, value]) => [name, toReceived(value)])
    return Object.fromEntries(members.filter(([, value]) => value !== undefined))
  }
  const text = JSON.stringify(data)
  return text === undefined ? undefined : JSON.parse(text)
}

/** Returns a line for each place where two values of JSON differ. @returns {string[]} */
const compare = (place, expected, actual) => {
  if (isMatcher(expected) ? expected.asymmetricMatch(actual) : Object.is(expected, actual)) return []
  const areLists = Array.isArray(expected) && Array.isArray(actual)
  const areObjects = [expected, actual].every(
    (value) => typeof value === "object" && value && !Array.isArray(value) && !isMatcher(value),
  )
  if (!areLists && !areObjects) return [`${place}: expected ${shown(expected)}, was ${shown(actual)}`]
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])]
  return names.flatMap((name) =>
    compare(areLists ? `${place}[${name}]` : `${place}.${name}`, expected[name], actual[name]),
  )
}

const shown = (value) => (value === undefined ? "nothing" : show(value, MOST_CHARACTERS))
