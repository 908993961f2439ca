// Requests as they are sent: to a server on this machine that answers at once, over connections that are kept open.
import { ByHand } from "../by-hand.mjs"
import { channelsOf, credentials, dataOf, timeout } from "../inputs.mjs"
import { takePosts } from "../posts.mjs"
import { sendOverAgent, sendWithContract, signEvent } from "../pre-signed.mjs"

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
  const signed = signEvent(new Ours(options), server, data)
  const triggered = (pusher) => async () => (await pusher.trigger(channelsOf(1), "order-placed", data)).text()
  const byFetch = {
    ours: triggered(new Ours(options)),
    ceiling: async () => (await sendWithContract(signed)).text(),
    "bare fetch": async () =>
      (await fetch(signed.url, { method: "POST", headers: signed.headers, body: signed.body })).text(),
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
    "ceiling, agent": async () => (await sendOverAgent(signed, server, http, agent)).text(),
  }
}
