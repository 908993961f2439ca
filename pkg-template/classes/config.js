// What a client says of itself: `pusher.config`, and the token that its webhooks are checked with. Made once, when it is asked for.
import { call } from "../module/call.js"
import { DESCRIBE } from "../module/operations.js"
import { fromBase64 } from "../values.js"
import { Token } from "./token.js"

/** Returns a client's token; `undefined` where there is no key or no secret to sign with. */
export const tokenOf = (state) => describe(state).token

/** Returns a client's configuration: frozen, its secrets not enumerable. */
export const configOf = (state) => describe(state).config

/** Describes a client, once: its token and its configuration. */
const describe = (state) => (state.description ??= makeDescription(state))

const makeDescription = (state) => {
  const [scheme, host, port, timeout, key, secret, masterKey] = call(state, DESCRIBE, 0, [])
  const { appId, agent } = state.settings
  const token = secret ? new Token(key, secret, state) : undefined
  const config = { scheme, host, port: port && Number(port), appId, ...(token && { token }), timeout: Number(timeout) }
  // An agent may hold a proxy's password.
  const hidden = { agent, ...(masterKey && { encryptionMasterKey: fromBase64(masterKey) }) }
  for (const [name, value] of Object.entries(hidden)) Object.defineProperty(config, name, { value })
  return { token, config: Object.freeze(config) }
}
