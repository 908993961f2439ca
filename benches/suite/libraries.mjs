// The libraries' clients, configured alike.
import { ByHand } from "./by-hand.mjs"
import { credentials, masterKey, timeout } from "./inputs.mjs"
import { nodeCrypto } from "./node-crypto.mjs"
import { stubFetch } from "./stub.mjs"

/**
 * @param {{ ours: Function, pusher?: Function, edge: Function, nacl: object }} packages as each exports it; what `pusher` sends with, and
 *   the global `fetch`, must be the stub already
 */
export const librariesOf = ({ ours: Ours, pusher: Theirs, edge: Edge, nacl }) => {
  const options = {
    ...credentials,
    host: "127.0.0.1",
    port: 1,
    useTLS: false,
    timeout,
    encryptionMasterKeyBase64: masterKey,
  }
  return {
    ours: new Ours({ ...options, fetch: stubFetch }),
    pusher: Theirs && new Theirs(options),
    edge: new Edge(options),
    byHand: new ByHand({ ...options, fetch: stubFetch }),
    nodeCrypto: nodeCrypto(),
    openBox: nacl.secretbox.open,
  }
}

/** The variants whose library is there. */
export const variantsOf = (variants) => Object.fromEntries(Object.entries(variants).filter(([, call]) => call))
