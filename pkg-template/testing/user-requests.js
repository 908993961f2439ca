// Requests as they reach a user's own endpoints: webhooks from Channels, and questions for authorisation from pusher-js.
import { checkMembers, checkValue, makeRule, RULES } from "./check.js"
import { hmacSha256Hex } from "./signature.js"
import { makeSocketId } from "./socket-id.js"

const REQUEST_RULES = { socketId: RULES.text, params: RULES.object, headers: RULES.any, url: RULES.text }
const WEBHOOK_RULES = { url: RULES.text, time: RULES.count }

const EVENTS = makeRule(
  (value) => [value].flat().every((event) => typeof event?.name === "string"),
  "an event with a name, or a list of such events",
)

/**
 * @param {{ key: string, secret: string }} app
 * @param {() => number} now
 */
export const makeWebhookRequest = ({ key, secret }, now, events, headers, options = {}) => {
  checkValue("webhookRequest: events", events, EVENTS)
  checkMembers("webhookRequest", options, WEBHOOK_RULES)
  const { url = "https://app.test/pusher/webhook", time = now() } = options
  const body = JSON.stringify({ time_ms: time, events: [events].flat() })
  const all = new Headers({
    "content-type": "application/json",
    "x-pusher-key": key,
    "x-pusher-signature": hmacSha256Hex(secret, body),
  })
  for (const [name, value] of new Headers(headers)) all.set(name, value)
  return new Request(url, { method: "POST", headers: all, body })
}

const makeFormRequest = (where, path, options, values) => {
  checkMembers(where, options, REQUEST_RULES)
  const { socketId = makeSocketId(), params = {}, headers, url = `https://app.test/pusher/${path}` } = options
  const all = new Headers(headers)
  all.set("content-type", "application/x-www-form-urlencoded")
  const body = new URLSearchParams({ socket_id: socketId, ...values, ...params }).toString()
  return new Request(url, { method: "POST", headers: all, body })
}

/** @param {string} channel @param {object} [options] */
export const makeAuthRequest = (channel, options = {}) => {
  checkValue("authRequest: the channel", channel, RULES.text)
  return makeFormRequest("authRequest", "auth", options, { channel_name: channel })
}

/** @param {object} [options] */
export const makeUserAuthRequest = (options = {}) => makeFormRequest("userAuthRequest", "user-auth", options, {})
