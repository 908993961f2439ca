import { createServer } from "node:http"

import { App, DEFAULT_APP } from "./app.mjs"
import { Faults } from "./faults.mjs"
import { HttpApi } from "./http-api.mjs"
import { DEFAULT_LIMITS } from "./limits.mjs"
import { Scheduler } from "./scheduler.mjs"
import { DEFAULT_RETRY_DELAYS, Webhooks } from "./webhooks.mjs"
import { ChannelsSocket } from "./websocket.mjs"

const LOOPBACK = /^(localhost|::1|127(\.[0-9]{1,3}){3})$/

/**
 * @typedef {object} LocalChannelsOptions
 * @property {import("./app.mjs").AppSettings[]} [apps] default: one app, `app-id`, `app-key`, `app-secret`
 * @property {string} [host] a loopback address
 * @property {number} [port] 0: any free one
 * @property {string} [pathPrefix] removed from every path first, as a proxy would
 * @property {() => number} [now] the server's clock, in milliseconds
 * @property {import("./scheduler.mjs").Schedule} [schedule] starts timers; default `setTimeout`
 * @property {Partial<import("./limits.mjs").Limits>} [limits]
 * @property {readonly number[]} [webhookRetryDelays] milliseconds before each further attempt
 * @property {number} [activityTimeout] seconds of silence before the server pings
 * @property {number} [pongTimeout] seconds to wait for the answer to a ping
 * @property {(line: string) => void} [log]
 */

/**
 * @typedef {object} LocalChannels
 * @property {string} host
 * @property {number} port
 * @property {string} url `http://host:port`
 * @property {App[]} apps
 * @property {import("./http-api.mjs").RecordedRequest[]} requests every API request so far
 * @property {import("./webhooks.mjs").WebhookDelivery[]} webhookDeliveries every webhook so far
 * @property {() => Promise<void>} webhooksIdle resolves when no webhook is left to send or retry
 * @property {(interceptor: (request: import("./faults.mjs").InterceptedRequest) =>
 *   import("./faults.mjs").Fault | undefined | Promise<import("./faults.mjs").Fault | undefined>) => () => void} intercept
 *   makes API requests fail; returns a function that undoes it
 * @property {() => Promise<void>} close ends every socket, timer and webhook
 */

/**
 * Starts a Channels-compatible server: the HTTP API, the WebSocket protocol, and webhooks.
 *
 * @param {LocalChannelsOptions} [options]
 * @returns {Promise<LocalChannels>}
 */
export async function startLocalChannels({
  apps: settings = [DEFAULT_APP],
  host = "127.0.0.1",
  port = 0,
  pathPrefix = "",
  now = Date.now,
  schedule,
  limits: givenLimits = {},
  webhookRetryDelays = DEFAULT_RETRY_DELAYS,
  activityTimeout = 120,
  pongTimeout = 30,
  log = () => {},
} = {}) {
  if (!LOOPBACK.test(host)) throw new Error(`local-channels listens on loopback only, not on ${host}`)
  const limits = { ...DEFAULT_LIMITS, ...givenLimits }
  const scheduler = new Scheduler(schedule)
  const webhooks = new Webhooks({ now, limits, retryDelays: webhookRetryDelays, scheduler, log })
  const apps = settings.map((app) => new App({ ...DEFAULT_APP, ...app }, { now, limits, webhooks }))
  const faults = new Faults()
  const api = new HttpApi({ apps, now, limits, faults, scheduler, log })
  const sockets = new ChannelsSocket({ apps, limits, scheduler, activityTimeout, pongTimeout, log })

  // A proxy passes on only paths below the prefix. All others become "/", which no route has.
  const localPath = (url) => (url.startsWith(`${pathPrefix}/`) ? url.slice(pathPrefix.length) : "/")
  const server = createServer((request, response) => {
    api.handle(request, response, localPath(request.url)).catch((error) => {
      // Only an interceptor can throw here, so its author gets to see the error.
      response.writeHead(500, { "content-type": "text/plain; charset=utf-8" }).end(`${error.stack}\n`)
    })
  })
  server.on("upgrade", (request, socket, head) => sockets.upgrade(request, socket, head, localPath(request.url)))
  await new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, resolve)
  })

  const listening = server.address().port
  let closed
  return {
    host,
    port: listening,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${listening}`,
    apps,
    requests: api.requests,
    webhookDeliveries: webhooks.deliveries,
    webhooksIdle: () => webhooks.idle(),
    intercept: (interceptor) => faults.intercept(interceptor),
    close() {
      closed ??= close({ server, webhooks, scheduler, sockets })
      return closed
    },
  }
}

async function close({ server, webhooks, scheduler, sockets }) {
  // Webhooks first, so that the closing sockets cause none.
  webhooks.close()
  scheduler.close()
  sockets.close()
  const ended = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await ended
  await webhooks.idle()
}
