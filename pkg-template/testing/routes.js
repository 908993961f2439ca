import { ApiError } from "./api-error.js"
import { getChannelKind } from "./channel-name.js"
import { splitInfo } from "./event-rules.js"

/**
 * The API below `/apps/{app_id}`. A handler takes the app, the path segment that names a channel or user, the query and the parsed body, all
 * agrees with the server's manners read them, and returns the answer's JSON.
 *
 * @typedef {object} Call
 * @property {import("./app.js").App} app
 * @property {string} [segment]
 * @property {URLSearchParams} query
 * @property {unknown} body
 * @property {import("./manners/index.js").Manners} manners
 * @property {import("./limits.js").Limits} limits
 * @property {number} maxEventBytes
 */
/** @type {[method: string, pattern: RegExp, handle: (call: any) => object][]} */
const ROUTES = [
  ["POST", /^\/apps\/([^/]+)\/events$/, postEvent],
  ["POST", /^\/apps\/([^/]+)\/batch_events$/, postBatch],
  ["GET", /^\/apps\/([^/]+)\/channels$/, getChannels],
  ["GET", /^\/apps\/([^/]+)\/channels\/([^/]+)$/, getChannel],
  ["GET", /^\/apps\/([^/]+)\/channels\/([^/]+)\/users$/, getChannelUsers],
  ["POST", /^\/apps\/([^/]+)\/users\/([^/]+)\/terminate_connections$/, terminateConnections],
]

/**
 * Finds the route of a request.
 *
 * @param {string} method
 * @param {string} path as on the wire
 * @param {import("./manners/index.js").Manners} manners
 * @returns {{ appId: string, segment?: string, handle: (call: Call) => object }}
 * @throws {ApiError} 404, or 405 when only the method is wrong
 */
export function findRoute(method, path, { readAppId, readName }) {
  const here = ROUTES.filter(([, pattern]) => pattern.test(path))
  if (here.length === 0) throw new ApiError(404, "Not found: no such endpoint")
  const route = here.find(([allowed]) => allowed === method)
  if (!route) throw new ApiError(405, `Method ${method} is not allowed here`)
  const [, appId, segment] = path.match(route[1]) ?? []
  return { appId: readAppId(appId), segment: segment === undefined ? undefined : readName(segment), handle: route[2] }
}

function postEvent({ app, body, manners, ...context }) {
  const event = manners.parseEvent(body, context)
  app.publish(event)
  if (event.info.length === 0) return {}
  return { channels: Object.fromEntries(event.channels.map((name) => [name, getAttributes(app, name, event.info)])) }
}

function postBatch({ app, body, manners, ...context }) {
  // All events are checked before the first is published, so a refused batch does nothing.
  const events = manners.parseBatch(body, context)
  for (const event of events) app.publish(event)
  if (events.every((event) => event.info.length === 0)) return {}
  return { batch: events.map(({ channels: [name], info }) => getAttributes(app, name, info)) }
}

function getChannels({ app, query, manners }) {
  const prefix = query.get("filter_by_prefix") ?? ""
  const info = splitInfo(query.get("info"))
  if (info.includes("user_count") && !prefix.startsWith("presence-")) {
    throw new ApiError(400, "Only presence channels have a user_count: filter_by_prefix must begin with presence-")
  }
  const names = app.listChannels().filter((name) => name.startsWith(prefix))
  const channels = Object.fromEntries(names.map((name) => [name, getAttributes(app, name, info)]))
  return { channels: manners.listChannels(channels) }
}

function getChannel({ app, segment: name, query, manners, limits }) {
  requireChannelName(manners, name, limits)
  const info = splitInfo(query.get("info"))
  const { access, cache } = getChannelKind(name)
  if (info.includes("user_count") && access !== "presence")
    throw new ApiError(400, "Only presence channels have a user_count")
  if (info.includes("subscription_count") && !app.subscriptionCount)
    throw new ApiError(400, "subscription_count is not enabled for this app")
  if (info.includes("cache") && !cache) throw new ApiError(400, "Only cache channels have a cache")
  return {
    occupied: app.queryChannel(name) !== undefined,
    ...getAttributes(app, name, info),
    ...(info.includes("cache") ? { cache: app.queryCache(name) } : {}),
  }
}

function getChannelUsers({ app, segment: name, manners, limits }) {
  requireChannelName(manners, name, limits)
  if (getChannelKind(name).access !== "presence") throw new ApiError(400, "Only presence channels have users")
  return manners.listUsers((app.queryChannel(name)?.userIds ?? []).map((id) => ({ id })))
}

function terminateConnections({ app, segment: userId }) {
  app.users.terminate(userId)
  return {}
}

/** Returns the requested attributes that a channel has, without unknown ones. */
function getAttributes(app, name, info) {
  const channel = app.queryChannel(name)
  const found = {}
  if (info.includes("user_count") && getChannelKind(name).access === "presence")
    found.user_count = channel?.userCount ?? 0
  if (info.includes("subscription_count") && app.subscriptionCount)
    found.subscription_count = channel?.subscriptionCount ?? 0
  return found
}

function requireChannelName({ isChannelName }, name, limits) {
  if (!isChannelName(name, limits)) throw new ApiError(400, `Invalid channel name: ${JSON.stringify(name)}`)
}
