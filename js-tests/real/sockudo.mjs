// Starts sockudo, an independent Channels server, which tools/setup-sockudo.sh builds.
import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { closeSync, openSync, rmSync } from "node:fs"
import { mkdtemp, readFile, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

const program = join(import.meta.dirname, "../../target/sockudo")
const WEBHOOKS = [
  "channel_occupied",
  "channel_vacated",
  "member_added",
  "member_removed",
  "client_event",
  "cache_miss",
  "subscription_count",
]
/** Another program may take the chosen port before sockudo does. */
const ATTEMPTS = 5
const START_DEADLINE = 30_000

/** Processes and folders that must not outlive this process. */
const alive = new Set()
const folders = new Set()
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL")
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/**
 * Starts sockudo with one app of its own on a free port.
 *
 * @param {{ webhookUrl: string }} options
 */
export async function startSockudo({ webhookUrl }) {
  const folder = await mkdtemp(join(tmpdir(), "pusher-http-wasm-sockudo-"))
  folders.add(folder)
  const app = { id: "1", key: randomBytes(10).toString("hex"), secret: randomBytes(10).toString("hex") }
  const log = join(folder, "log")
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort()
    const config = join(folder, "config.json")
    await writeFile(config, JSON.stringify(makeConfiguration({ port, app, webhookUrl })))
    const child = run(config, folder, log)
    if (await startsListening(child, port, app)) {
      return {
        connectionUrl: `http://${app.key}:${app.secret}@127.0.0.1:${port}/apps/${app.id}`,
        readLog: async () => `The end of sockudo's log:\n${tail(await readFile(log, "utf8"), 40)}`,
        close: () => end(child),
      }
    }
    await end(child)
    if (attempt === ATTEMPTS)
      throw new Error(`sockudo does not start; the end of its log:\n${tail(await readFile(log, "utf8"), 20)}`)
  }
}

function run(config, folder, log) {
  const file = openSync(log, "a")
  // An empty environment: many variables would change its settings.
  const child = spawn(program, ["-c", config], { cwd: folder, env: {}, stdio: ["ignore", file, file] })
  closeSync(file)
  alive.add(child)
  child.ended = new Promise((resolve, reject) => {
    child.once("exit", resolve)
    child.once("error", (cause) =>
      reject(new Error(`${program} cannot be run: tools/setup-sockudo.sh builds it`, { cause })),
    )
  }).finally(() => alive.delete(child))
  child.ended.catch(() => {})
  return child
}

/** Waits until this sockudo, and no other program, answers on the port. Resolves to false if it ends instead. */
async function startsListening(child, port, { id }) {
  const ended = child.ended.then(() => true)
  const until = performance.now() + START_DEADLINE
  while (performance.now() < until) {
    if (await Promise.race([ended, sleep(50)])) return false
    const answer = await fetch(`http://127.0.0.1:${port}/up/${id}`, { signal: AbortSignal.timeout(5_000) }).catch(
      () => undefined,
    )
    if (answer?.ok && alive.has(child)) return true
  }
  return false
}

async function end(child) {
  child.kill("SIGKILL")
  await child.ended
}

const findFreePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
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

const tail = (log, lines) => log.trimEnd().split("\n").slice(-lines).join("\n")
