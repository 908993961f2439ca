// What a client says of itself: `pusher.config`, and the token that its webhooks are checked with. Made once, when it is asked for.
import { call } from "../module/call.js"
import { DESCRIBE } from "../module/operations.js"
import { fromBase64, hide } from "../values.js"
import { Token } from "./token.js"

/**
 * Returns a client's token; `undefined` where there is no key or no secret to sign with. Made without the configuration: that takes the host's
 * `Buffer`, which Deno loads when it is first asked for, and if the stack is full then, the process ends.
 */
export const tokenOf = (state) => (state.token ??= makeToken(state))

/** Returns a client's configuration: frozen, its secrets not enumerable. */
export const configOf = (state) => (state.config ??= makeConfig(state))

const makeToken = (state) => {
  const [, , , , key, secret] = call(state, DESCRIBE, 0, [])
  return secret ? new Token(key, secret, state) : undefined
}

const makeConfig = (state) => {
  const [scheme, host, port, timeout, , , masterKey] = call(state, DESCRIBE, 0, [])
  const { appId, agent } = state.settings
  const token = tokenOf(state)
  const config = { scheme, host, port: port && Number(port), appId, ...(token && { token }), timeout: Number(timeout) }
  // An agent may hold a proxy's password.
  const hidden = { agent, ...(masterKey && { encryptionMasterKey: fromBase64(masterKey) }) }
  for (const [name, value] of Object.entries(hidden)) hide(config, name, value)
  return Object.freeze(config)
}
