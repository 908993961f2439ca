// The servers that the suite runs against. Each target is
//   { name, connectionUrl, local, lacks, nodes, useWebhooks(url), readLog(), close() }
// `connectionUrl` is `http://KEY:SECRET@HOST:PORT/apps/ID`; `lacks` maps each feature that the server is known not to have to the reason;
// `nodes` are the servers of a cluster, of which the first is published to and the second has the subscribers; `readLog` returns what the
// server logged, to be printed after a failure.
import { startLocalChannels } from "../../pkg-template/testing/index.js"
import { startCluster } from "./cluster.mjs"
import { startSockudo } from "./sockudo.mjs"

const LOOPBACK = /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/

/** Starts the embedded server. */
export async function embedded() {
  const server = await startLocalChannels()
  const [app] = server.apps
  app.idempotency = true
  return {
    name: "the embedded server",
    connectionUrl: `http://${app.key}:${app.secret}@${server.host}:${server.port}/apps/${app.id}`,
    local: true,
    lacks: {},
    useWebhooks: (url) => {
      app.webhooks = [{ url }]
    },
    readLog: () => "",
    close: () => server.close(),
  }
}

/** Features of Pusher that sockudo 5.2.0 lacks. */
const SOCKUDO_LACKS = {
  "user ids of any characters": "sendToUser accepts only ids made of the characters of channel names",
  "watchlist events": "it sends `online` and `offline` in a form that pusher-js does not understand",
  "users of client events": "their webhooks have no `user_id` on presence channels",
}

/** Starts sockudo on a free port of this machine. */
export async function sockudo({ webhookUrl }) {
  const { connectionUrl, readLog, kill } = await startSockudo({ webhookUrl })
  return { name: "sockudo", connectionUrl, local: true, lacks: SOCKUDO_LACKS, readLog, close: kill }
}

/** Features that sockudo 5.2.0 has by itself and lacks in a cluster. */
const CLUSTER_LACKS = {
  order: "a node handles what Redis sends it in tasks side by side, so an event may overtake another",
  "complete lists of channels": "a node waits 200 ms for the others' channels, and leaves out those that come later",
}

/** Starts two sockudos on one Redis, on free ports of this machine. */
export async function cluster({ webhookUrl }) {
  const { nodes, readLog, close } = await startCluster({ webhookUrl })
  const [{ connectionUrl }] = nodes
  const lacks = { ...SOCKUDO_LACKS, ...CLUSTER_LACKS }
  return { name: "two sockudos on one Redis", connectionUrl, local: true, lacks, nodes, readLog, close }
}

/** Describes the server that PUSHER_URL names, such as an app at Pusher. */
export async function named({ url, webhookPort }) {
  const { username, password, hostname, pathname } = URL.canParse(url) ? new URL(url) : {}
  if (!username || !password || !/\/apps\/[^/]+$/.test(pathname)) {
    throw new Error("PUSHER_URL has to be https://KEY:SECRET@HOST/apps/APP_ID, such as a Pusher app's own")
  }
  const lacks = webhookPort
    ? {}
    : {
        webhooks:
          "the server does not know this machine's address; send them to a port of 127.0.0.1 and set PUSHER_WEBHOOK_PORT to it",
      }
  return {
    name: hostname,
    connectionUrl: url,
    local: LOOPBACK.test(hostname),
    named: true,
    lacks,
    readLog: () => "",
    close: async () => {},
  }
}

/** Makes the settings with which pusher-js reaches the same app. */
export function makeClientSettings(connectionUrl) {
  const { protocol, username, hostname, port, pathname } = new URL(connectionUrl)
  const key = decodeURIComponent(username)
  const [, cluster] = /^api(?:-(.+))?\.pusher(?:app)?\.com$/.exec(hostname) ?? []
  if (hostname.endsWith(".pusher.com") || hostname.endsWith(".pusherapp.com")) {
    return { key, options: { cluster: cluster ?? "mt1", forceTLS: true } }
  }
  const forceTLS = protocol === "https:"
  const options = { cluster: "x", wsHost: hostname, forceTLS, enabledTransports: forceTLS ? ["ws", "wss"] : ["ws"] }
  const number = Number(port || (forceTLS ? 443 : 80))
  return {
    key,
    options: { ...options, wsPort: number, wssPort: number, wsPath: pathname.replace(/\/apps\/[^/]+\/?$/, "") },
  }
}
