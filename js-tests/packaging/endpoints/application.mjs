// What an application decides: who may subscribe, who is signed in, and what webhooks cause. Copied into a user's project.
import Pusher from "pusher-http-wasm"

const users = {
  "Bearer ada": { id: "ada", info: { name: "Ad\u00e1" } },
  "Bearer bob": { id: "bob", info: { name: "Bob" } },
}

/** Whose pages of other origins may ask, and with which headers. */
export const cors = { origins: ["https://app.example"], headers: ["authorization"] }

/** Finds the user of a request, as an application would by its session. */
const findUser = ({ headers }) => users[headers.get("authorization")]

export const authorize = ({ request, channel, kind }) => {
  const user = findUser(request)
  if (!user || channel.includes("-locked-")) return false
  return kind === "presence" ? { user_id: user.id, user_info: user.info } : true
}

export const authenticate = async ({ request }) => {
  const user = findUser(request)
  return user ? { id: user.id, user_info: user.info } : null
}

/** Makes callbacks that pass events on to a channel, where a test sees which came, and in which order. */
export const makeCallbacks = (getPusher = () => Pusher.fromEnv()) => {
  const passOn = (event, { env }) => getPusher(env).trigger("webhooks", event.name, event)
  return { member_added: passOn, "*": passOn }
}
