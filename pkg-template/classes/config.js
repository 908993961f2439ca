// What `pusher.config` shows, made once it is asked for.
import { call, DESCRIBE } from "../module/operations.js"
import { fromBase64 } from "../values.js"
import { Token } from "./token.js"

/** Returns a client's token, which is made once. */
export const tokenOf = (state) => {
  if (state.token === undefined) {
    const [, , , , key, secret] = call(state, DESCRIBE, 0, [])
    // Without one of them, there is nothing to sign with; a webhook is then invalid, but no mistake.
    state.token = secret ? new Token(key, secret, state) : null
  }
  return state.token ?? undefined
}

/** Returns a client's configuration, which is made once: frozen, its secrets not enumerable. */
export const configOf = (state) => (state.config ??= makeConfig(state))

const makeConfig = (state) => {
  const [scheme, host, port, timeout, , , masterKey] = call(state, DESCRIBE, 0, [])
  const { appId, agent } = state.settings
  const token = tokenOf(state)
  const config = { scheme, host, port: port && Number(port), appId, ...(token && { token }), timeout: Number(timeout) }
  // An agent may hold a proxy's password.
  const hidden = { agent, ...(masterKey && { encryptionMasterKey: fromBase64(masterKey) }) }
  for (const [name, value] of Object.entries(hidden)) Object.defineProperty(config, name, { value })
  return Object.freeze(config)
}
