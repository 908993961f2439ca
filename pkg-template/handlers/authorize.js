// Endpoints that pusher-js asks before it subscribes to a channel, or signs a user in.

import { PusherValidationError } from "pusher-http-wasm"

import { readParam, readParams } from "./body.js"
import { clientSource, makeEndpoint, Refusal, readOptions, withHidden } from "./endpoint.js"
import { MAX_CHANNELS, MAX_ID, MAX_MEMBER_BYTES } from "./limits.js"
import { checkFunction } from "./options.js"
import { PARSED } from "./parsed.js"

const KINDS = [
  ["private-encrypted-", "encrypted"],
  ["private-", "private"],
  ["presence-", "presence"],
]

/** The sender is refused, not the application's fault: names and ids that break a rule. */
const SENDERS_MISTAKES = ["invalid_channel", "invalid_socket_id"]

/** Signs. What the request has wrong is its sender's to know; any other mistake is the application's. */
const sign = (client, socketId, channel, member) => {
  try {
    return client.authorizeChannel(socketId, channel, member)
  } catch (/** @type {any} */ error) {
    if (error instanceof PusherValidationError && SENDERS_MISTAKES.includes(error.code)) {
      throw new Refusal(400, error.message)
    }
    throw error
  }
}

const isRefused = (verdict) => verdict === false || verdict === null || verdict === undefined

/** What to do about an id that is a number, as databases have them. */
const cureOf = (id) => (typeof id === "number" ? ": String(user.id)" : "")

const checkMember = (member) => {
  const id = member?.user_id
  if (typeof id === "string" && id !== "" && [...id].length <= MAX_ID) return
  throw new TypeError(
    `The callback must return false, or a member whose \`user_id\` is a string of 1 to ${MAX_ID} characters${cureOf(id)}`,
  )
}

/** Authorises one channel, if the application agrees. Returns what pusher-js expects. */
const authorizeChannel = async (client, authorize, context, env) => {
  const { socketId, channel } = context
  const [, kind] = KINDS.find(([prefix]) => channel.startsWith(prefix)) ?? []
  if (!kind) throw new Refusal(400, "Only private, presence and encrypted channels are authorised")
  const isPresence = kind === "presence"
  // Signed first, and kept: so no name or id that breaks a rule reaches the callback, and the rules stand in one place.
  const signed = sign(client, socketId, channel, isPresence ? { user_id: "unknown" } : undefined)
  const verdict = await authorize(withHidden({ ...context, kind }, { env }))
  if (isRefused(verdict)) throw new Refusal(403, "Forbidden")
  if (!isPresence) {
    if (verdict === true) return signed
    throw new TypeError(`The callback must return true or false for ${kind} channels`)
  }
  checkMember(verdict)
  const answer = sign(client, socketId, channel, verdict)
  // It may have a form of its own as JSON.
  checkMember(JSON.parse(answer.channel_data))
  const { length } = new TextEncoder().encode(answer.channel_data)
  if (length <= MAX_MEMBER_BYTES) return answer
  throw new RangeError(`A member has ${length} bytes as JSON; ${MAX_MEMBER_BYTES} are allowed`)
}

/** The name of a parameter that asks for one of several channels, as the plugin pusher-js-auth writes it. */
const ONE_OF_CHANNELS = /^channel_name\[\d*\]$/

/** Returns the channels that a request asks for together; none, if it asks for one. */
const listChannels = (params, isParsed) => {
  const { channel_name: given } = params
  const names = Object.keys(params).filter((name) => ONE_OF_CHANNELS.test(name))
  // Parsers of forms make a list of such parameters, or, of many, an object.
  const parsed = isParsed && typeof given === "object" ? Object.values(given ?? {}) : []
  const channels = [...new Set([...names.flatMap((name) => params[name]), ...parsed])]
  if (channels.length === 0) return undefined
  if (names.length > 0 && given !== undefined)
    throw new Refusal(400, "`channel_name` must be one channel or a list, not both")
  if (channels.length > MAX_CHANNELS) throw new Refusal(400, `More than ${MAX_CHANNELS} channels`)
  if (!channels.every((channel) => typeof channel === "string")) throw new Refusal(400, "Channels must be strings")
  return channels
}

/** Makes an endpoint that authorises subscriptions. */
export const channelAuthHandler = (pusher, authorize, options) => {
  const getClient = clientSource(pusher)
  checkFunction("authorize", authorize)
  return makeEndpoint("POST", readOptions(options), async ({ request, env, ctx, report }) => {
    const params = await readParams(request)
    const socketId = readParam(params, "socket_id")
    const client = await getClient(env, ctx, request)
    const answerFor = (channel) => authorizeChannel(client, authorize, { request, socketId, channel, params, ctx }, env)
    const channels = listChannels(params, request[PARSED])
    if (!channels) return answerFor(readParam(params, "channel_name"))
    const answers = channels.map(async (channel) => {
      try {
        return [channel, { status: 200, data: await answerFor(channel) }]
      } catch (error) {
        if (!(error instanceof Refusal)) await report(error)
        return [channel, { status: error instanceof Refusal ? error.status : 500 }]
      }
    })
    return Object.fromEntries(await Promise.all(answers))
  })
}

/** Makes an endpoint that signs users in. */
export const userAuthHandler = (pusher, authenticate, options) => {
  const getClient = clientSource(pusher)
  checkFunction("authenticate", authenticate)
  return makeEndpoint("POST", readOptions(options), async ({ request, env, ctx }) => {
    const params = await readParams(request)
    const socketId = readParam(params, "socket_id")
    const client = await getClient(env, ctx, request)
    // Only to check the id, before the callback sees it.
    sign(client, socketId, "private-channel")
    const user = await authenticate(withHidden({ request, socketId, params, ctx }, { env }))
    if (isRefused(user)) throw new Refusal(403, "Forbidden")
    if (typeof user.id !== "string" || user.id === "")
      throw new TypeError(
        `The callback must return false, or a user whose \`id\` is a non-empty string${cureOf(user.id)}`,
      )
    return client.authenticateUser(socketId, user)
  })
}
