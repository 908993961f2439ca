// Shared by the files of the suite.
import vectors from "../../tests/vectors.json" with { type: "json" }

export { pick, rejectionOf, thrownBy } from "../support/assertions.mjs"
export { vectors }

/** The credentials of the documentation's worked examples. */
export const docs = { appId: "3", ...vectors.credentials.docs }

/** A master key of encrypted channels. */
export const masterKey = vectors.encryption[0].master_key_base64

/** node:http where an agent can be passed. Workers have it too, but no connections of the program's own. */
export const http =
  globalThis.navigator?.userAgent === "Cloudflare-Workers"
    ? undefined
    : globalThis.process?.getBuiltinModule?.("node:http")

/** The tests' default for `retry`: retries without waiting. */
const AT_ONCE = { baseDelay: 0 }

/** Makes a `fetch` that answers at once, and the list of its calls: `{ url, init, body }`, the body parsed. */
const makeRecorder = (answer = () => new Response("{}")) => {
  const calls = []
  const fetch = async (url, init) => {
    calls.push({ url: new URL(url), init, body: init.body === undefined ? undefined : JSON.parse(init.body) })
    return answer(calls.length)
  }
  return { calls, fetch }
}

/** Makes a client of the documentation's app whose requests are recorded instead of sent: `{ calls, pusher }`. */
export const record = (Pusher, options = {}, answer = undefined) => {
  const { calls, fetch } = makeRecorder(answer)
  return { calls, pusher: new Pusher({ ...docs, now: () => 1353088179000, fetch, retry: AT_ONCE, ...options }) }
}

/** Makes a client of the embedded server that uses the host's own `fetch`. */
export const connect = (Pusher, { server }, options = {}) =>
  new Pusher({
    appId: server.id,
    key: server.key,
    secret: server.secret,
    host: server.host,
    port: server.port,
    useTLS: false,
    retry: AT_ONCE,
    ...options,
  })

/** Makes a proxy that throws `get` when a member is read and `ownKeys` when its members are listed. */
export const makeThrowingProxy = (target = {}) =>
  new Proxy(target, {
    get() {
      throw new Error("get")
    },
    ownKeys() {
      throw new Error("ownKeys")
    },
  })

export const makeRevokedProxy = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

let serial = 0
/** Returns a channel name that no other case uses. */
export const makeChannelName = (prefix = "") => `${prefix}suite-${++serial}-${Math.random().toString(36).slice(2)}`
