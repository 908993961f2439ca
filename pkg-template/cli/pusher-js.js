// The client library pusher-js, which `listen` connects with. It is the user's own: the package does not depend on it.
import { createRequire } from "node:module"
import { join } from "node:path"
import process from "node:process"

import { UsageError } from "./errors.js"

/** Loads pusher-js from the current folder's packages, or from where this package is installed. */
export const loadPusherJs = () => {
  for (const place of [join(process.cwd(), "package.json"), import.meta.url]) {
    const require = createRequire(place)
    try {
      const path = require.resolve("pusher-js")
      const loaded = require(path)
      return loaded.default ?? loaded
    } catch (/** @type {any} */ error) {
      if (!/^(ERR_)?MODULE_NOT_FOUND$/.test(error.code)) throw error
    }
  }
  throw new UsageError("`listen` needs pusher-js, which is not installed here", "npm install --save-dev pusher-js")
}

/** Returns the settings with which pusher-js reaches the server of a client. */
const settingsOf = ({ scheme, host, port }) => {
  const [, cluster] = /^api(?:-(.+))?\.pusher(?:app)?\.com$/.exec(host) ?? []
  const isPushers = /\.pusher(app)?\.com$/.test(host)
  const forceTLS = scheme === "https"
  if (isPushers) return { cluster: cluster ?? "mt1", forceTLS }
  const number = Number(port || (forceTLS ? 443 : 80))
  const wsHost = host.replace(/^\[|\]$/g, "")
  return { cluster: "-", wsHost, wsPort: number, wssPort: number, forceTLS, enabledTransports: ["ws"] }
}

/** Milliseconds without a connection after which the user is told. */
const UNAVAILABLE_TIMEOUT = 3000

/** Connects to the server of a client. Subscriptions are authorised here, by the app's secret. */
export const connect = (pusher, userId) => {
  const PusherJs = loadPusherJs()
  const customHandler = ({ socketId, channelName }, callback) => {
    try {
      const member = channelName.startsWith("presence-") ? { user_id: userId } : undefined
      callback(null, pusher.authorizeChannel(socketId, channelName, member))
    } catch (error) {
      callback(error, null)
    }
  }
  const authorization = /** @type {any} */ ({ customHandler })
  const { key } = pusher.config.token
  return new PusherJs(key, {
    ...settingsOf(pusher.config),
    disableStats: true,
    unavailableTimeout: UNAVAILABLE_TIMEOUT,
    channelAuthorization: authorization,
  })
}
