// Observes the server for the suite: a service on loopback that holds pusher-js clients and receives webhooks. The suite, in whichever
// runtime, sends `POST /{action}` with the action's arguments as JSON. A wait that times out is answered with 504 and the latest entries.
import { createServer } from "node:http"
import { json, text } from "node:stream/consumers"

import { Inbox, includes } from "./inbox.mjs"
import { Subscriber } from "./subscriber.mjs"

/**
 * @param {{ settings: { key: string, options: object }, nodes: object[], bindChunked: Function, deadline: number, webhookPort?: number }}
 *   options `settings`: of pusher-js; `nodes`: of the cluster; `bindChunked`: the library's; `deadline`: milliseconds to wait for anything
 * @returns {Promise<{ url: string, webhookUrl: string, close: () => Promise<void> }>}
 */
export async function startObserver({ settings, nodes, bindChunked, deadline, webhookPort = 0 }) {
  const subscribers = new Map()
  const webhooks = new Inbox()

  const actions = {
    async connect() {
      const subscriber = new Subscriber({ ...settings, bindChunked, deadline })
      const id = String(subscribers.size + 1)
      subscribers.set(id, subscriber)
      return { id, socketId: await subscriber.waitForConnection() }
    },
    subscribe: ({ id, channel, authorization }) => subscribers.get(id).subscribe(channel, authorization),
    bindChunked: ({ id, channel, event, options }) => subscribers.get(id).bindChunked(channel, event, options),
    signIn: ({ id, authentication }) => subscribers.get(id).signIn(authentication),
    send: ({ id, event, data, channel }) => subscribers.get(id).send(event, data, channel),
    unsubscribe: ({ id, channel }) => subscribers.get(id).unsubscribe(channel),
    disconnect: ({ id }) => subscribers.get(id).close(),
    find: ({ id, wanted }) =>
      find(subscribers.get(id).inbox, wanted, (entry) => includes(entry, wanted), JSON.stringify),
    entries: ({ id }) => subscribers.get(id).inbox.entries,
    webhook: ({ wanted }) =>
      find(
        webhooks,
        wanted,
        ({ events }) => events.some((event) => includes(event, wanted)),
        ({ body }) => body,
      ),
    kill: ({ node }) => nodes[node].kill(),
    restart: ({ node }) => nodes[node].restart(),
  }
  const find = async (inbox, wanted, matches, describe) => {
    const entry = await inbox.find(matches, { deadline })
    if (entry) return entry
    const latest = inbox.entries.slice(-15).map((one) => describe(one).slice(0, 200))
    throw new TimedOut(
      `${JSON.stringify(wanted)} did not come within ${deadline} ms\nThe latest entries:\n${latest.join("\n") || "none"}`,
    )
  }

  const service = await listen(0, async (request, response) => {
    const action = actions[request.url.slice(1)]
    try {
      const answer = await action(await json(request))
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer ?? null))
    } catch (error) {
      response
        .writeHead(error instanceof TimedOut ? 504 : 500, { "content-type": "text/plain; charset=utf-8" })
        .end(error.message)
    }
  })
  const receiver = await listen(webhookPort, async (request, response) => {
    const body = await text(request)
    webhooks.add({ headers: request.headers, body, events: readEvents(body) })
    response.writeHead(200).end()
  })

  return {
    url: getUrl(service),
    webhookUrl: `${getUrl(receiver)}/webhook`,
    async close() {
      for (const subscriber of subscribers.values()) subscriber.close()
      await Promise.all([service, receiver].map(closeServer))
    },
  }
}

class TimedOut extends Error {}

/** Returns a webhook's events, only to find it by them: the library under test validates it. */
function readEvents(body) {
  try {
    return JSON.parse(body).events ?? []
  } catch {
    return []
  }
}

const listen = (port, handle) =>
  new Promise((resolve, reject) => {
    const server = createServer(handle)
    server.once("error", reject)
    server.listen(port, "127.0.0.1", () => resolve(server))
  })

const getUrl = (server) => `http://127.0.0.1:${server.address().port}`

function closeServer(server) {
  const ended = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  return ended
}
