// What several files of the suite need.
import vectors from "../../tests/vectors.json" with { type: "json" }

export { vectors }

/** The credentials of the documentation's worked examples. */
export const docs = { appId: "3", ...vectors.credentials.docs }

/** A stand-in for `fetch` that answers at once and keeps what it was called with, its body parsed. */
export const recorder = (answer = () => new Response("{}")) => {
  const calls = []
  const fetch = async (url, init) => {
    calls.push({ url: new URL(url), init, body: init.body === undefined ? undefined : JSON.parse(init.body) })
    return answer(calls.length)
  }
  return { calls, fetch }
}

/** A client of the documentation's app that talks to a recorder. */
export const recorded = (Pusher, options = {}, answer = undefined) => {
  const { calls, fetch } = recorder(answer)
  return { calls, pusher: new Pusher({ ...docs, now: () => 1353088179000, fetch, ...options }) }
}

/** A client of the embedded server, over the host's own `fetch`. */
export const connected = (Pusher, { server }, options = {}) =>
  new Pusher({
    appId: server.id,
    key: server.key,
    secret: server.secret,
    host: server.host,
    port: server.port,
    useTLS: false,
    ...options,
  })

/** What a call throws; fails when it throws nothing, so also when it returns a promise that rejects. */
export const thrownBy = (call) => {
  let result
  try {
    result = call()
  } catch (error) {
    return error
  }
  throw new Error(`nothing was thrown, but ${result} returned`)
}

/** What a promise rejects with; fails when it resolves. */
export const rejectionOf = async (promise) => {
  let result
  try {
    result = await promise
  } catch (error) {
    return error
  }
  throw new Error(`the promise resolved, to ${result}`)
}

let serial = 0
/** A channel's name that no other case uses. */
export const uniqueChannel = (prefix = "") => `${prefix}suite-${++serial}-${Math.random().toString(36).slice(2)}`
