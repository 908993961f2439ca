// Bundles Workers as Wrangler does and serves them in workerd, the runtime of Cloudflare Workers, on this machine.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"

import { esbuild } from "../../tools/packages.mjs"
import { bin, getVersion } from "./packages.mjs"

/** Returns the newest compatibility date that the installed workerd knows: `1.20261023.1` knows those up to 2026-10-23. */
export const getWorkerdDate = () => {
  const [, date] = getVersion("workerd").split(".")
  return date.replace(/(\d{4})(\d\d)(\d\d)/, "$1-$2-$3")
}

/** Bundles a Worker into `outdir`: main.js and the modules that it imports. */
export const bundleWorker = ({ entry, outdir, loader = {}, plugins = [] }) =>
  esbuild.build({
    entryPoints: { main: entry },
    outdir,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    // What Wrangler looks for in an exports map.
    conditions: ["workerd", "worker", "browser", "import"],
    loader: { ".wasm": "copy", ...loader },
    plugins,
    external: ["node:*", "cloudflare:*"],
    logLevel: "warning",
  })

/**
 * Writes workerd's configuration next to the modules in `outdir`. It does not contain the values of `bindings`: workerd reads them from its
 * environment. The Worker reaches only this machine, or every host with `anywhere`.
 */
export const configureWorker = ({
  outdir,
  compatibilityDate,
  flags = [],
  v8Flags = [],
  bindings = {},
  anywhere = false,
  port = 0,
}) => {
  const quote = (text) => JSON.stringify(text)
  const list = (items) => `[${items.join(", ")}]`
  const modules = readdirSync(outdir)
    .filter((file) => /\.(js|wasm)$/.test(file))
    // The first module is the one that is started.
    .sort((one, other) => (other === "main.js") - (one === "main.js"))
    .map((file) => `(name = ${quote(file)}, ${file.endsWith(".wasm") ? "wasm" : "esModule"} = embed ${quote(file)})`)
  const variables = Object.keys(bindings).map((name) => `(name = ${quote(name)}, fromEnvironment = ${quote(name)})`)
  const network = anywhere
    ? 'allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true)'
    : 'allow = ["local"], tlsOptions = ()'
  const configuration = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = ${list(modules)},
      bindings = ${list(variables)},
      compatibilityDate = ${quote(compatibilityDate)},
      compatibilityFlags = ${list(flags.map(quote))},
      globalOutbound = "network",
    )),
    (name = "network", network = (${network})),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
  v8Flags = ${list(v8Flags.map(quote))},
);
`
  writeFileSync(join(outdir, "config.capnp"), configuration)
}

/** Arguments that start workerd in `outdir`. It writes the port it listens on to descriptor 3. */
export const workerdArguments = ["serve", "config.capnp", "--control-fd=3"]

/** Bundles a Worker and serves it. Resolves to `{ url, pid, stop }` once it listens. */
export async function serveWorker({ folder, entry, name, ...settings }) {
  const outdir = join(folder, "workers", name)
  await bundleWorker({ entry, outdir })
  return serveModules({ outdir, ...settings })
}

/**
 * Serves a bundled Worker, whose modules are in `outdir` and start with main.js. Resolves as `serveWorker` does. `onError` gets each line of what
 * workerd would print as an error. With `isInspected`, the result has the URL of V8's inspector, a WebSocket, as `inspector`.
 */
export async function serveModules({
  outdir,
  compatibilityDate = getWorkerdDate(),
  bindings = {},
  onError,
  isInspected = false,
  ...settings
}) {
  configureWorker({ outdir, compatibilityDate, bindings, ...settings })
  const args = isInspected ? [...workerdArguments, "--inspector-addr=127.0.0.1:0"] : workerdArguments
  const workerd = spawn(bin("workerd"), args, {
    cwd: outdir,
    stdio: ["ignore", "inherit", onError ? "pipe" : "inherit", "pipe"],
    env: { ...process.env, ...bindings },
  })
  if (onError) createInterface(workerd.stderr).on("line", onError)
  const stop = () => {
    process.off("exit", stop)
    workerd.kill("SIGKILL")
  }
  process.once("exit", stop)
  const ended = once(workerd, "exit").then(([code]) => Promise.reject(new Error(`workerd ended with ${code}`)))
  ended.catch(() => {})
  let inspector
  for await (const line of createInterface(workerd.stdio[3])) {
    const { event, port } = JSON.parse(line)
    // It tells of the inspector first.
    if (event === "listen-inspector") inspector = `ws://127.0.0.1:${port}/main`
    if (event === "listen") return { url: `http://127.0.0.1:${port}/`, pid: workerd.pid, inspector, stop }
  }
  return ended
}
