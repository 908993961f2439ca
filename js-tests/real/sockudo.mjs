// Starts sockudo, an independent Channels server, which tools/setup-sockudo.sh builds.
import { randomBytes, randomInt } from "node:crypto"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"

import { makeFolder, startServer } from "./processes.mjs"

const WEBHOOKS = [
  "channel_occupied",
  "channel_vacated",
  "member_added",
  "member_removed",
  "client_event",
  "cache_miss",
  "subscription_count",
]

/** Makes an app that no other sockudo has, so that none is taken for another. */
export const makeApp = () => ({
  id: String(randomInt(1, 2 ** 47)),
  key: randomBytes(10).toString("hex"),
  secret: randomBytes(10).toString("hex"),
})

/**
 * Starts sockudo with one app on a free port.
 *
 * @param {{ webhookUrl: string, app?: object, redisPort?: number }} options `redisPort`: of the Redis that connects it to others
 * @returns {Promise<{ connectionUrl: string, readLog: () => Promise<string>, kill: () => Promise<void>, restart: () => Promise<void> }>}
 *   `restart` starts it on the same port, once it was killed
 */
export async function startSockudo({ webhookUrl, app = makeApp(), redisPort }) {
  const folder = await makeFolder("sockudo")
  const config = join(folder, "config.json")
  const start = (port) =>
    startServer({
      program: join(import.meta.dirname, "../../target/sockudo"),
      hint: "tools/setup-sockudo.sh builds it",
      folder,
      port,
      async prepare(port) {
        const connection = redisPort ? makeConnection(redisPort) : {}
        await writeFile(config, JSON.stringify({ ...makeConfiguration({ port, app, webhookUrl }), ...connection }))
        return ["-c", config]
      },
      answers: (port) => answers(`http://127.0.0.1:${port}/up/${app.id}`),
    })

  let server = await start()
  return {
    connectionUrl: `http://${app.key}:${app.secret}@127.0.0.1:${server.port}/apps/${app.id}`,
    readLog: () => server.readLog(),
    kill: () => server.kill(),
    async restart() {
      server = await start(server.port)
    },
  }
}

const answers = (url) =>
  fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  )

/** Returns the settings of a node of a cluster. */
const makeConnection = (redisPort) => ({
  adapter: {
    driver: "redis",
    // Otherwise a node that does not reach Redis goes on alone.
    fallback_to_local: false,
    // Nodes do not send to those that they have not heard of for so long. By default 30 s, which a busy machine may make a node wait.
    cluster_health: { node_timeout_ms: 120_000 },
  },
  // Events of cache channels, and idempotency keys, of which each node would have its own.
  cache: { driver: "redis" },
  database: { redis: { host: "127.0.0.1", port: redisPort } },
})

function makeConfiguration({ port, app, webhookUrl }) {
  const webhooks = [{ url: webhookUrl, event_types: WEBHOOKS }]
  return {
    host: "127.0.0.1",
    port,
    logging: { colors_enabled: false, include_target: true },
    adapter: { driver: "local" },
    // Other queues send no webhooks.
    queue: { driver: "memory" },
    metrics: { enabled: false },
    rate_limiter: { enabled: false },
    webhooks: { enabled: true, batching: { enabled: false } },
    app_manager: {
      driver: "memory",
      array: {
        apps: [
          {
            ...app,
            enabled: true,
            webhooks,
            policy: {
              // Pusher's limits, which sockudo does not set by default.
              limits: {
                max_connections: 10_000,
                max_client_events_per_second: 100,
                max_event_payload_in_kb: 10,
                max_event_channels_at_once: 100,
                max_event_batch_size: 10,
              },
              features: {
                enable_client_messages: true,
                enable_user_authentication: true,
                enable_watchlist_events: true,
              },
              channels: { allowed_origins: ["*"] },
              webhooks,
            },
          },
        ],
      },
    },
  }
}
