import { countBytes } from "./bytes.js"
import { getChannelKind, getUserOfChannel, isChannelName } from "./channel-name.js"
import { isAuthValid, makeChannelStringToSign } from "./signature.js"

/** The reason why a subscription is refused; sent as `pusher:subscription_error`. */
class Refusal extends Error {
  constructor(type, status, message) {
    super(message)
    this.type = type
    this.status = status
  }
}

/**
 * Subscribes the connection, or sends it the reason why not.
 *
 * @param {import("./connection.js").Connection} connection
 * @param {{ channel?: any, auth?: any, channel_data?: any }} request
 */
export function subscribe(connection, { channel, auth, channel_data: channelData }) {
  const { app } = connection
  const userId = getUserOfChannel(channel, app.limits)
  try {
    if (userId !== undefined) {
      requireUser(connection, userId)
      // The sign-in already subscribed the connection; the client only expects a confirmation.
      connection.sendData("pusher_internal:subscription_succeeded", {}, channel)
      return
    }
    if (!isChannelName(channel, app.limits)) {
      throw new Refusal("InvalidChannel", 400, "Invalid channel name")
    }
    if (connection.subscriptions.has(channel)) {
      connection.warn(null, `Existing subscription to channel ${channel}`, channel)
      return
    }
    const member = authorize(connection, channel, auth, channelData)
    connection.subscriptions.add(channel)
    app.subscribe(connection, channel, member)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { type, status, message } = error
    connection.send({ event: "pusher:subscription_error", channel, data: { type, error: message, status } })
  }
}

/** Ends a subscription. @param {import("./connection.js").Connection} connection @param {{ channel?: any }} request */
export function unsubscribe(connection, { channel }) {
  if (connection.subscriptions.delete(channel)) connection.app.unsubscribe(connection, channel)
}

function requireUser(connection, userId) {
  if (connection.user?.id !== userId) {
    throw new Refusal("AuthError", 401, "Only the signed-in user may subscribe to a user channel")
  }
}

/** Checks the signature. @returns the presence member; undefined on other channels */
function authorize(connection, channel, auth, channelData) {
  const { access } = getChannelKind(channel)
  if (access === "public") return undefined
  if (channelData !== undefined && typeof channelData !== "string") {
    throw new Refusal("AuthError", 401, "Invalid channel_data: it must be the JSON string that was signed")
  }
  const toSign = makeChannelStringToSign(connection.socketId, channel, channelData)
  if (!isAuthValid(connection.app, auth, toSign)) {
    throw new Refusal("AuthError", 401, `Invalid signature: expected HMAC SHA256 in hex digest of ${toSign}`)
  }
  return access === "presence" ? checkMember(connection, channel, channelData) : undefined
}

function checkMember(connection, name, channelData) {
  const { app, user } = connection
  const { limits } = app
  // A signed-in user may subscribe without channel_data: the sign-in names the user.
  const member = channelData === undefined && user ? { userId: user.id, info: user.info } : parseMember(channelData)
  if (member.userId.length > limits.userIdLength) {
    throw new Refusal("LimitReached", 413, `The user_id is over ${limits.userIdLength} characters`)
  }
  if (countBytes(JSON.stringify(member.info) ?? "") > limits.userInfoBytes) {
    throw new Refusal("LimitReached", 413, `The user_info is over ${limits.userInfoBytes} bytes`)
  }
  const channel = app.channels.get(name)
  if (channel && !channel.hasMember(member.userId) && channel.userCount >= limits.presenceMembers) {
    throw new Refusal("LimitReached", 403, `The presence channel is full: ${limits.presenceMembers} members`)
  }
  return member
}

function parseMember(channelData) {
  let data
  try {
    data = JSON.parse(channelData)
  } catch {
    data = undefined
  }
  const id = data?.user_id
  // Numbers are accepted, because the user ids of many apps are numbers. They become strings.
  if ((typeof id !== "string" && typeof id !== "number") || id === "") {
    throw new Refusal("AuthError", 401, "Invalid channel_data: a presence channel needs a user_id")
  }
  return { userId: String(id), info: data.user_info }
}
