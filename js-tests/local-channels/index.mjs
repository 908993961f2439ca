import { createServer } from "node:http"

import { App, DEFAULT_APP } from "./app.mjs"
import { Faults } from "./faults.mjs"
import { HttpApi } from "./http-api.mjs"
import { DEFAULT_LIMITS } from "./limits.mjs"
import { MANNERS } from "./manners/index.mjs"
import { Scheduler } from "./scheduler.mjs"
import { DEFAULT_RETRY_DELAYS, Webhooks } from "./webhooks.mjs"
import { ChannelsSocket } from "./websocket.mjs"

const LOOPBACK = /^(localhost|::1|127(\.[0-9]{1,3}){3})$/

/**
 * @typedef {object} LocalChannelsOptions
 * @property {import("./app.mjs").AppSettings[]} [apps] default: one app, `app-id`, `app-key`, `app-secret`
 * @property {string} [host] a loopback address
 * @property {number} [port] 0: any free one
 * @property {string} [pathPrefix] removed from every path first
 * @property {keyof typeof MANNERS} [manners] the server whose way of reading and answering API requests it has; default `pusher`
 * @property {boolean} [signPathPrefix] whether signatures cover the path prefix; by default as that server has it
 * @property {boolean} [allManners] whether it also answers below `/NAME`, for each server that it knows, with that one's manners
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
  manners = "pusher",
  signPathPrefix = MANNERS[manners].signsPathPrefix,
  allManners = false,
  now = Date.now,
  schedule,
  limits: givenLimits = {},
  webhookRetryDelays = DEFAULT_RETRY_DELAYS,
  activityTimeout = 120,
  pongTimeout = 30,
  log = () => {},
} = {}) {
  if (!LOOPBACK.test(host)) throw new Error(`local-channels listens on loopback only, not on ${host}`)
  const makePlace = (prefix, name, signsPrefix = MANNERS[name].signsPathPrefix) => {
    const limits = { ...DEFAULT_LIMITS, ...MANNERS[name].limits, ...givenLimits }
    return { prefix, signsPrefix, manners: MANNERS[name], limits }
  }
  const ownPlace = makePlace(pathPrefix, manners, signPathPrefix)
  const places = allManners
    ? [...Object.keys(MANNERS).map((name) => makePlace(`/${name}`, name)), ownPlace]
    : [ownPlace]
  const { limits } = ownPlace
  const scheduler = new Scheduler(schedule)
  const webhooks = new Webhooks({ now, limits, retryDelays: webhookRetryDelays, scheduler, log })
  const apps = settings.map((app) => new App({ ...DEFAULT_APP, ...app }, { now, limits, webhooks }))
  const faults = new Faults()
  const api = new HttpApi({ apps, now, faults, scheduler, log })
  const sockets = new ChannelsSocket({ apps, limits, scheduler, activityTimeout, pongTimeout, log })

  // Paths below no prefix become "/", which no route has.
  const localPath = (url, { prefix }) => (url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : "/")
  const server = createServer((request, response) => {
    const place = places.find(({ prefix }) => request.url.startsWith(`${prefix}/`)) ?? ownPlace
    api.handle(request, response, localPath(request.url, place), place).catch((error) => {
      // Only an interceptor can throw here, so its author gets to see the error.
      response.writeHead(500, { "content-type": "text/plain; charset=utf-8" }).end(`${error.stack}\n`)
    })
  })
  server.on("upgrade", (request, socket, head) =>
    sockets.upgrade(request, socket, head, localPath(request.url, ownPlace)),
  )
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
