// Decides who may listen, and who somebody is.
import Pusher from "pusher-http-wasm"
import { channelAuthHandler, userAuthHandler } from "pusher-http-wasm/handlers"

/** Answers pusher-js before it subscribes to a private, presence or encrypted channel. */
export const authorizeChannel = channelAuthHandler(Pusher.fromEnv, ({ channel, kind, params }) => {
  const user = findUser(params)
  if (!user || !mayJoin(user, channel)) return false
  return kind === "presence" ? { user_id: user.id, user_info: { name: user.name } } : true
})

/** Answers pusher-js when it signs in. */
export const authenticateUser = userAuthHandler(Pusher.fromEnv, ({ params }) => {
  const user = findUser(params)
  return user && { id: user.id, user_info: { name: user.name } }
})

/** Returns the user, if there is one. Demo only: trusts the name that the page sends. Use your session instead. */
function findUser({ user: name }) {
  if (typeof name !== "string" || !/^[\w-]{1,40}$/.test(name)) return undefined
  return { id: name.toLowerCase(), name }
}

/** Tells whether a user may join: any channel, but `private-for-ada` is for Ada alone. */
const mayJoin = ({ id }, channel) => !channel.startsWith("private-for-") || channel === `private-for-${id}`
