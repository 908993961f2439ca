// Sets up what the scenario needs: the packed package, a server, the Worker, the Node process, the subscribers.
import { randomBytes } from "node:crypto"
import { basename } from "node:path"

import { startLocalChannels } from "../../../pkg-template/testing/index.js"
import { installPacked } from "../../support/packed.mjs"
import { startPublisher } from "./publisher.mjs"
import { PEOPLE } from "./scenario.mjs"
import { pusherJsVersion, startSubscribers } from "./subscribers.mjs"
import { describeServer, isLoopback, makeEnvironment } from "./target.mjs"
import { startWorker, workerdVersion } from "./worker.mjs"

/**
 * @param {object} options
 * @param {Record<string, string | undefined>} options.env
 * @param {Record<string, string>} [options.named] the server that the user names, instead of the embedded one
 * @param {number} options.port the Worker's
 * @param {ReturnType<import("./narrate.mjs").makeNarrator>} options.tell
 * @param {(end: () => Promise<void>) => void} options.atEnd receives the function that ends each part, once it is set up
 * @param {(server: import("../../../pkg-template/testing/local-channels.js").LocalChannels) => void} options.onServer
 * @param {AbortSignal} options.signal
 * @returns {Promise<Pick<import("./scenario.mjs").Stage, "worker" | "publisher" | "subscribers" | "settings" | "server">>}
 */
export async function setUp({ env, named, port, tell, atEnd, onServer, signal }) {
  const start = async (label, work, describe) => {
    signal.throwIfAborted()
    const begin = performance.now()
    const part = await work()
    atEnd(part.end ?? part.close ?? part.remove)
    tell.line("done", label, describe(part), performance.now() - begin)
    return part
  }

  tell.section("Setting up")
  const { folder } = await start(
    "package",
    () => installPacked({ also: ["pusher-js"] }),
    ({ tarball }) => `${basename(tarball)}, installed outside of the tree`,
  )
  const server = named
    ? undefined
    : await start("server", startLocalChannels, ({ url }) => `embedded Channels server at ${url}`)
  const variables = named ?? describeServer(server)
  // The server need not know it: only the Worker encrypts.
  const { PUSHER_ENCRYPTION_MASTER_KEY_BASE64 = randomBytes(32).toString("base64") } = env
  const worker = await start(
    "Worker",
    () =>
      startWorker({
        folder,
        variables: { ...variables, PUSHER_ENCRYPTION_MASTER_KEY_BASE64 },
        port,
        onlyLoopback: !named,
        signal,
      }),
    ({ url }) => `the example, in workerd ${workerdVersion} at ${url}`,
  )
  if (server) {
    // Only now is the Worker's address known.
    server.apps[0].webhooks = [{ url: `${worker.url}/pusher/webhook` }]
    onServer(server)
  }
  const settings = await worker.ask("/settings", { signal })
  const { wsHost, cluster } = settings.options
  if (named) tell.line("done", "server", `yours, ${wsHost ?? `the cluster ${cluster}`}, app key ${settings.key}`)
  const publisher = await start(
    "Node",
    () => startPublisher({ folder, env: makeEnvironment(variables, env), signal }),
    ({ pid }) => `${process.version}, process ${pid}`,
  )
  const subscribers = await start(
    "subscribers",
    () =>
      startSubscribers({ env: makeEnvironment({}, env), settings, authEndpoint: `${worker.url}/pusher/auth`, signal }),
    () => `${PEOPLE.join(" and ")}, on pusher-js ${pusherJsVersion}`,
  )
  const where = server ? "embedded" : isLoopback(wsHost ?? "") ? "loopback" : "elsewhere"
  return { worker, publisher, subscribers, settings, server: where }
}
