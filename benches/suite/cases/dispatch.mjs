// Requests as they are sent: to a server on this machine that answers at once, over connections that are kept open.
import { ByHand } from "../by-hand.mjs"
import { channelsOf, credentials, dataOf, timeout } from "../inputs.mjs"
import { takePosts } from "../posts.mjs"

/** How many requests are under way at once. */
const inFlight = [1, 32]

/** Requests one after the other on each of so many ways. */
const REQUESTS = 4

const inParallel = (send, ways) => async () => {
  const one = async () => {
    for (let at = 0; at < REQUESTS; at++) await send()
  }
  await Promise.all(Array.from({ length: ways }, one))
}

/** Of a server on this machine, `{ host, port }`. */
export const dispatchTo = (server) =>
  inFlight.map((ways) => ({
    name: dispatchName(ways),
    callsEach: ways * REQUESTS,
    seen: async () => (await takePosts(server)).at(-1),
    variants: (packages) =>
      Object.fromEntries(
        Object.entries(sendersOf(packages, server)).map(([variant, send]) => [variant, inParallel(send, ways)]),
      ),
  }))

const dispatchName = (ways) => `dispatch, ${ways} in flight`
export const dispatchNames = inFlight.map(dispatchName)

/** What comes by `fetch`, and what comes over an agent and has that in its name, for it is to be compared with its like. */
const sendersOf = ({ ours: Ours, pusher: Theirs, edge: Edge }, server) => {
  const options = { ...credentials, ...server, useTLS: false, timeout }
  const data = dataOf(200)
  const byHand = new ByHand(options)
  const triggered = (pusher) => async () => (await pusher.trigger(channelsOf(1), "order-placed", data)).text()
  const byFetch = {
    ours: triggered(new Ours(options)),
    ceiling: preSignedWithContract(new Ours(options), server, data),
    "bare fetch": preSigned(new Ours(options), server, data),
    pusher: triggered(new Theirs(options)),
    edge: triggered(new Edge(options)),
    "by hand": () => byHand.trigger(channelsOf(1), "order-placed", data),
  }
  // workerd has the class, but its connections are not the program's.
  if (globalThis.navigator?.userAgent === "Cloudflare-Workers") return byFetch
  const http = globalThis.process.getBuiltinModule("node:http")
  const agent = new http.Agent({ keepAlive: true })
  return {
    ...byFetch,
    "ours, agent": triggered(new Ours({ ...options, agent })),
    "pusher, agent": triggered(new Theirs({ ...options, agent })),
    "pre-signed, agent": preSignedHttp(new Ours(options), server, data, http, agent),
  }
}

const requestOf = (signer, server, data) => {
  const path = `/apps/${credentials.appId}/events`
  const body = JSON.stringify({ name: "order-placed", data: JSON.stringify(data), channels: channelsOf(1) })
  const query = signer.createSignedQueryString({ method: "POST", path, body })
  return { path: `${path}?${query}`, url: `http://${server.host}:${server.port}${path}?${query}`, body }
}

const headers = { "content-type": "application/json", "x-pusher-library": "benches" }

/**
 * Sends the same request again and again, signed once, and keeps the contract of `trigger`: an end after `timeout`, no redirect followed, and
 * a `Response` that can be read later, as its whole body is there. That is all that a library cannot save.
 */
const preSignedWithContract = (signer, server, data) => {
  const { url, body } = requestOf(signer, server, data)
  return async () => {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), timeout)
    try {
      const { signal } = controller
      const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal })
      const answer = new Response(await response.arrayBuffer(), response)
      return answer.text()
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Sends the same request without a contract: for information. */
const preSigned = (signer, server, data) => {
  const { url, body } = requestOf(signer, server, data)
  return async () => (await fetch(url, { method: "POST", headers, body })).text()
}

const preSignedHttp = (signer, server, data, http, agent) => {
  const { path, body } = requestOf(signer, server, data)
  return () =>
    new Promise((resolve, reject) => {
      const request = http.request({ ...server, path, method: "POST", headers, agent }, (response) => {
        const chunks = []
        response.on("data", (chunk) => chunks.push(chunk))
        response.on("end", () => resolve(Buffer.concat(chunks).toString()))
      })
      request.on("error", reject)
      request.end(body)
    })
}
