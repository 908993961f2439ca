import { App, DEFAULT_APP } from "./app.js"
import { applyFault } from "./apply-fault.js"
import { concat } from "./bytes.js"
import { checkMembers, makeRule, RULES } from "./check.js"
import { makeClientSettings } from "./client-settings.js"
import { Faults } from "./faults.js"
import { getModules, loadWs } from "./host.js"
import { HttpApi } from "./http-api.js"
import { DEFAULT_LIMITS } from "./limits.js"
import { MANNERS } from "./manners/index.js"
import { Scheduler } from "./scheduler.js"
import { DEFAULT_RETRY_DELAYS, Webhooks } from "./webhook-deliveries.js"
import { ChannelsSocket } from "./websocket.js"

const OPTION_RULES = {
  apps: makeRule(Array.isArray, "a list"),
  host: RULES.text,
  port: RULES.count,
  pathPrefix: RULES.any,
  manners: makeRule((value) => Object.hasOwn(MANNERS, value), `one of ${Object.keys(MANNERS).join(", ")}`),
  signPathPrefix: RULES.flag,
  allManners: RULES.flag,
  now: RULES.fn,
  schedule: RULES.fn,
  limits: RULES.object,
  webhookRetryDelays: makeRule(Array.isArray, "a list of milliseconds"),
  activityTimeout: RULES.count,
  pongTimeout: RULES.count,
  log: RULES.fn,
}
const APP_RULES = {
  id: RULES.any,
  key: RULES.text,
  secret: RULES.secret,
  extraTokens: makeRule(Array.isArray, "a list of { key, secret }", true),
  cluster: RULES.text,
  webhooks: makeRule(Array.isArray, "a list of { url, events }"),
  batchWebhooks: RULES.flag,
  enabled: RULES.flag,
  clientEvents: RULES.flag,
  subscriptionCount: RULES.flag,
  idempotency: RULES.flag,
  maxEventBytes: RULES.count,
}

const LOOPBACK = /^(localhost|::1|127(\.[0-9]{1,3}){3})$/

/**
 * @typedef {object} LocalChannelsOptions
 * @property {import("./app.js").AppSettings[]} [apps] default: one app, `app-id`, `app-key`, `app-secret`
 * @property {string} [host] a loopback address
 * @property {number} [port] 0: any free one
 * @property {string} [pathPrefix] removed from every path first
 * @property {keyof typeof MANNERS} [manners] the server whose way of reading and answering API requests it has; default `pusher`
 * @property {boolean} [signPathPrefix] whether signatures cover the path prefix; by default as that server has it
 * @property {boolean} [allManners] whether it also answers below `/NAME`, for each server that it knows, with that one's manners
 * @property {() => number} [now] the server's clock, in milliseconds
 * @property {import("./scheduler.js").Schedule} [schedule] starts timers; default `setTimeout`
 * @property {Partial<import("./limits.js").Limits>} [limits]
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
 * @property {object} options of the library's clients, for the first app
 * @property {object} pusherJsOptions of pusher-js's clients
 * @property {{ PUSHER_URL: string }} env of programs that use the first app
 * @property {App[]} apps
 * @property {import("./http-api.js").RecordedRequest[]} requests every API request so far
 * @property {import("./webhook-deliveries.js").WebhookDelivery[]} webhookDeliveries every webhook so far
 * @property {() => Promise<void>} webhooksIdle resolves when no webhook is left to send or retry
 * @property {(interceptor: (request: import("./faults.js").InterceptedRequest) =>
 *   import("./faults.js").Fault | undefined | Promise<import("./faults.js").Fault | undefined>) => () => void} intercept
 *   makes API requests fail; returns a function that undoes it
 * @property {() => Promise<void>} close ends every socket, timer and webhook
 */

/**
 * Starts a Channels-compatible server: the HTTP API, the WebSocket protocol, and webhooks.
 *
 * @param {LocalChannelsOptions} [options]
 * @returns {Promise<LocalChannels>}
 */
export async function startLocalChannels(options = {}) {
  checkMembers("startLocalChannels", options, OPTION_RULES)
  for (const app of options.apps ?? []) checkMembers("startLocalChannels: apps", app, APP_RULES)
  const {
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
  } = options
  const { http, https, stream, timers } = getModules()
  const { WebSocketServer } = await loadWs()
  if (!LOOPBACK.test(host)) throw new Error(`startLocalChannels listens on loopback only, not on ${host}`)
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
  const webhooks = new Webhooks({ now, limits, retryDelays: webhookRetryDelays, scheduler, log, http, https, timers })
  const apps = settings.map((app) => new App(app, { now, limits, webhooks }))
  const faults = new Faults()
  const api = new HttpApi({ apps, now, faults, log })
  const sockets = new ChannelsSocket({ apps, limits, scheduler, activityTimeout, pongTimeout, log, WebSocketServer })

  // Paths below no prefix become "/", which no route has.
  const localPath = (url, { prefix }) => (url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : "/")
  const respond = async (request, response) => {
    const place = places.find(({ prefix }) => request.url.startsWith(`${prefix}/`)) ?? ownPlace
    const body = await readBody(request, place.limits.requestBodyBytes)
    if (body === undefined) return
    const { method, headers } = request
    const recorded = api.record({ method, url: localPath(request.url, place), headers, body: body.bytes })
    // A response that waits behind another on its connection, as Bun sends requests, hears of the connection's end only from that.
    const close = () => {
      recorded.isOpen = false
      request.socket.off("close", close)
    }
    response.once("close", close)
    request.socket.once("close", close)
    if (request.socket.destroyed) close()
    const answer = await api.answer(recorded, body, place, (fault) =>
      applyFault(fault, response, { scheduler, stream }),
    )
    if (answer !== undefined) response.writeHead(answer.status, answer.headers).end(answer.body)
  }
  const server = http.createServer((request, response) => {
    respond(request, response).catch((error) => {
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
  const urlHost = host.includes(":") ? `[${host}]` : host
  const url = `http://${urlHost}:${listening}`
  let closed
  return {
    host,
    port: listening,
    url,
    ...makeClientSettings(apps[0], { host: urlHost, port: listening, url, pathPrefix, signPathPrefix }),
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

/** Reads to the end even if the body is too large, so that the client can read the refusal. */
async function readBody(request, maxBytes) {
  const chunks = []
  let length = 0
  try {
    for await (const chunk of request) {
      length += chunk.length
      if (length <= maxBytes) chunks.push(chunk)
    }
  } catch {
    return undefined // The client went away.
  }
  return { bytes: concat(chunks), tooLarge: length > maxBytes }
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
