// What a client says of itself: `pusher.config`, and the token that its webhooks are checked with. Made once, when it is asked for.
import { call } from "../module/call.js"
import { DESCRIBE } from "../module/operations.js"
import { fromBase64, hide } from "../values.js"
import { Token } from "./token.js"

/**
 * Returns a client's token; `undefined` where there is no key or no secret to sign with. Made without the configuration: that takes the host's
 * `Buffer`, which Deno loads when it is first asked for, and if the stack is full then, the process ends.
 */
export const tokenOf = (state) => {
  if (!state.token) {
    const [, , , , key, secret] = call(state, DESCRIBE, 0, [])
    if (secret) state.token = new Token(key, secret, state)
  }
  return state.token
}

/** Returns a client's configuration: frozen, its secrets not enumerable. */
export const configOf = (state) => (state.config ??= makeConfig(state))

const makeConfig = (state) => {
  const [scheme, host, port, timeout, , , masterKey] = call(state, DESCRIBE, 0, [])
  const { appId, agent } = state.settings
  const token = tokenOf(state)
  const config = { scheme, host, port: port && Number(port), appId, ...(token && { token }), timeout: Number(timeout) }
  // An agent may hold a proxy's password.
  hide(config, "agent", agent)
  if (masterKey) hide(config, "encryptionMasterKey", fromBase64(masterKey))
  return Object.freeze(config)
}
