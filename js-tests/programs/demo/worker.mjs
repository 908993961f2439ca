// Runs examples/cloudflare-worker in workerd, the runtime of Cloudflare Workers, bundled as Wrangler would.
import { cp, readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"

import { getVersion } from "../../support/packages.mjs"
import { bundleWorker, configureWorker, workerdArguments } from "../../support/workerd.mjs"
import { DemoError } from "./errors.mjs"
import { startProgram } from "./processes.mjs"

const require = createRequire(import.meta.url)
const example = join(import.meta.dirname, "../../../examples/cloudflare-worker")

export const workerdVersion = getVersion("workerd")

/**
 * @typedef {object} DemoWorker
 * @property {string} url without a trailing slash
 * @property {import("./inbox.mjs").Inbox} inbox the Worker's log: `{ from: "log", line }`
 * @property {(path: string, init?: RequestInit) => Promise<any>} ask fetches JSON from a route; rejects with the Worker's words if it refuses
 * @property {() => Promise<void>} end
 */

/**
 * Bundles the Worker and starts it.
 *
 * @param {object} options
 * @param {string} options.folder in which the packed package is installed, and pusher-js linked
 * @param {Record<string, string>} options.variables the Worker's `env`
 * @param {number} options.port 0 for any free one
 * @param {boolean} options.onlyLoopback restricts the Worker to this machine's network
 * @param {AbortSignal} options.signal
 * @returns {Promise<DemoWorker>}
 */
export async function startWorker({ folder, variables, port, onlyLoopback, signal }) {
  const source = join(folder, "cloudflare-worker")
  await cp(example, source, { recursive: true, filter: (path) => !path.includes("node_modules") })
  const bundled = join(folder, "bundled-worker")
  await bundleWorker({
    entry: join(source, "worker.js"),
    outdir: bundled,
    plugins: [asText],
  })
  const [, compatibilityDate] = /"compatibility_date": "(.+?)"/.exec(
    await readFile(join(source, "wrangler.jsonc"), "utf8"),
  )
  configureWorker({ outdir: bundled, compatibilityDate, bindings: variables, anywhere: !onlyLoopback, port })

  const { inbox, end } = startProgram("workerd", require("workerd").default, workerdArguments, {
    cwd: bundled,
    env: { ...variables },
    read: { 1: "log", 3: "control" },
  })
  try {
    const listening = await inbox.find(
      ({ from, line }) => from === "control" && JSON.parse(line).event === "listen",
      signal,
    )
    const url = `http://127.0.0.1:${JSON.parse(listening.line).port}`
    const ask = (path, init = {}) => askJson(`${url}${path}`, init)
    // It listens; wait until it answers as well.
    await ask("/webhooks", { signal })
    return { url, inbox, ask, end }
  } catch (error) {
    await end()
    throw error
  }
}

/** Does what the rule of wrangler.jsonc says. */
const asText = {
  name: "as-text",
  setup(build) {
    build.onLoad({ filter: /\/(console\/[^/]+|pusher-with-encryption\.min\.js)$/ }, async ({ path }) => ({
      contents: await readFile(path, "utf8"),
      loader: "text",
    }))
  },
}

async function askJson(url, init) {
  const response = await fetch(url, init)
  const text = await response.text()
  if (response.ok) return JSON.parse(text)
  throw new DemoError(`the Worker answered ${response.status}: ${text.startsWith("{") ? JSON.parse(text).error : text}`)
}
