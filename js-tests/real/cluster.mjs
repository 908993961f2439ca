// Starts a cluster: two sockudos with the same app, connected by a Redis of their own.
import { startRedis } from "./redis.mjs"
import { makeApp, startSockudo } from "./sockudo.mjs"

/**
 * @param {{ webhookUrl: string }} options
 * @returns {Promise<{ nodes: object[], readLog: () => Promise<string>, close: () => Promise<void> }>} `nodes`: see `startSockudo`
 */
export async function startCluster({ webhookUrl }) {
  const redis = await startRedis()
  const options = { webhookUrl, app: makeApp(), redisPort: redis.port }
  const nodes = [await startSockudo(options), await startSockudo(options)]
  const servers = [...nodes, redis]
  return {
    nodes,
    readLog: async () => (await Promise.all(servers.map((server) => server.readLog()))).join("\n"),
    async close() {
      for (const server of servers) await server.kill()
    },
  }
}
