// What an application decides, as in ../../../endpoints/application.mjs, with types.
import Pusher from "pusher-http-wasm"
import type { Authentication, Authorization, ReadEvent, WebhookCallbacks } from "pusher-http-wasm/handlers"

const users: Record<string, { id: string; info: { name: string } }> = {
  "Bearer ada": { id: "ada", info: { name: "Ad\u00e1" } },
  "Bearer bob": { id: "bob", info: { name: "Bob" } },
}

/** Whose pages of other origins may ask, and with which headers. */
export const cors = { origins: ["https://app.example"], headers: ["authorization"] }

/** Finds the user of a request, as an application would by its session. */
const findUser = ({ headers }: Request) => users[headers.get("authorization") ?? ""]

export const authorize = ({ request, channel, kind }: Authorization) => {
  const user = findUser(request)
  if (!user || channel.includes("-locked-")) return false
  return kind === "presence" ? { user_id: user.id, user_info: user.info } : true
}

export const authenticate = async ({ request }: Authentication) => {
  const user = findUser(request)
  return user ? { id: user.id, user_info: user.info } : null
}

const pusher = Pusher.fromEnv()
const passOn = (event: ReadEvent) => pusher.trigger("webhooks", event.name, event)

export const callbacks: WebhookCallbacks = { member_added: passOn, "*": passOn }
