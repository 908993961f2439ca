// The connection of pusher-js, and what the page says of it.
import { byId, say } from "./dom.js"
import * as person from "./person.js"

const WORDS = {
  initialized: "starting",
  connecting: "connecting",
  unavailable: "no connection, trying again",
  failed: "this browser cannot connect",
  disconnected: "disconnected",
}

/** Connects and signs in. @returns pusher-js */
export function connect({ key, options }) {
  const params = { user: person.name }
  const pusher = new globalThis.Pusher(key, {
    ...options,
    channelAuthorization: { endpoint: "/pusher/auth", params },
    userAuthentication: { endpoint: "/pusher/user-auth", params },
  })
  const [state, again] = [byId("connection"), byId("connect-again")]
  let refusal
  pusher.connection.bind("error", ({ data, error }) => {
    refusal = data ?? error?.data
  })
  pusher.connection.bind("state_change", ({ current }) => {
    again.hidden = current !== "disconnected"
    if (current === "connected") refusal = undefined
    const reason = current === "disconnected" && refusal?.code ? `: ${refusal.message} (${refusal.code})` : ""
    say(state, `${WORDS[current] ?? current}${reason}`, current === "connected" ? "good" : "bad")
  })
  pusher.bind("pusher:signin_success", () => say(state, "connected, signed in", "good"))
  pusher.bind("pusher:error", (error) => {
    refusal = error?.data ?? error
  })
  again.addEventListener("click", () => {
    pusher.connect()
    state.focus()
  })
  pusher.signin()
  return pusher
}
