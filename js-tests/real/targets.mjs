// The servers that the suite runs against. Each target is
//   { name, connectionUrl, local, lacks, useWebhooks(url), complaints(), close() }
// `connectionUrl` is `http://KEY:SECRET@HOST:PORT/apps/ID`; `lacks` says of features that this server is known not to have, why;
// `complaints` is what it had to say, for when something failed.
import { startLocalChannels } from "../local-channels/index.mjs"
import { startSockudo } from "./sockudo.mjs"

const LOOPBACK = /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/

/** The embedded server. */
export async function embedded() {
  const server = await startLocalChannels()
  const [app] = server.apps
  app.idempotency = true
  return {
    name: "the embedded server",
    connectionUrl: `http://${app.key}:${app.secret}@${server.host}:${server.port}/apps/${app.id}`,
    local: true,
    lacks: {},
    useWebhooks: (url) => (app.webhooks = [{ url }]),
    complaints: () => "",
    close: () => server.close(),
  }
}

/** What sockudo 5.2.0 does in another way than Pusher. */
const SOCKUDO_LACKS = {
  "user ids of any characters": "sendToUser takes only ids made of the characters of channel names",
  "watchlist events": "it sends `online` and `offline` in a form that pusher-js does not know",
  "users of client events": "their webhooks have no `user_id` on presence channels",
}

/** sockudo, on a free port of this machine. */
export async function sockudo({ webhookUrl }) {
  const server = await startSockudo({ webhookUrl })
  return { name: "sockudo", local: true, lacks: SOCKUDO_LACKS, ...server }
}

/** A server of the user's own, such as an app at Pusher. */
export async function named({ url, webhookPort }) {
  const { username, password, hostname, pathname } = URL.canParse(url) ? new URL(url) : {}
  if (!username || !password || !/\/apps\/[^/]+$/.test(pathname)) {
    throw new Error("PUSHER_URL has to be https://KEY:SECRET@HOST/apps/APP_ID, such as a Pusher app's own")
  }
  const lacks = webhookPort
    ? {}
    : {
        webhooks:
          "nobody knows where we listen; let your server send them to a port of 127.0.0.1 and name it in PUSHER_WEBHOOK_PORT",
      }
  return {
    name: hostname,
    connectionUrl: url,
    local: LOOPBACK.test(hostname),
    named: true,
    lacks,
    complaints: () => "",
    close: async () => {},
  }
}

/** What pusher-js needs to reach the same app. */
export function clientSettings(connectionUrl) {
  const { protocol, username, hostname, port, pathname } = new URL(connectionUrl)
  const key = decodeURIComponent(username)
  const [, cluster] = /^api(?:-(.+))?\.pusher(?:app)?\.com$/.exec(hostname) ?? []
  if (hostname.endsWith(".pusher.com") || hostname.endsWith(".pusherapp.com")) {
    return { key, options: { cluster: cluster ?? "mt1", forceTLS: true } }
  }
  const forceTLS = protocol === "https:"
  const options = { cluster: "x", wsHost: hostname, forceTLS, enabledTransports: ["ws", "wss"] }
  const number = Number(port || (forceTLS ? 443 : 80))
  return {
    key,
    options: { ...options, wsPort: number, wssPort: number, wsPath: pathname.replace(/\/apps\/[^/]+\/?$/, "") },
  }
}
