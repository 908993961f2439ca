// How each runtime is started on the suite: `run(folder, environment)` resolves to the suite's result.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createRequire } from "node:module"
import { cpSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { text } from "node:stream/consumers"

import { buildSync } from "esbuild"

const require = createRequire(import.meta.url)
/** The command of a tool that js-tests has installed. */
export const bin = (name) => join(import.meta.dirname, "node_modules/.bin", name)

/** Compatibility dates of Workers: one of long ago, and the newest that the installed workerd knows. */
const workers = {
  "workerd-2024": { compatibilityDate: "2024-09-02", flags: [] },
  "workerd-2024-nodejs": { compatibilityDate: "2024-09-02", flags: ["nodejs_compat"] },
  workerd: { compatibilityDate: workerdDate(), flags: ["no_nodejs_compat", "no_nodejs_compat_v2"] },
  // Node's modules are on by default from 2026-08-04.
  "workerd-nodejs": { compatibilityDate: workerdDate(), flags: [] },
}

export const runtimes = {
  "node-esm": (folder, environment) => command(folder, environment, process.execPath, ["js-tests/runners/node.mjs"]),
  "node-cjs": (folder, environment) => command(folder, environment, process.execPath, ["js-tests/runners/node.cjs"]),
  deno: (folder, environment) =>
    command(folder, environment, bin("deno"), [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-remote",
      "--node-modules-dir=manual",
      `--allow-net=${[environment.server.host, ...(environment.alsoReach ?? [])].join(",")}`,
      "js-tests/runners/deno.mjs",
    ]),
  bun: (folder, environment) => command(folder, environment, bin("bun"), ["run", "js-tests/runners/bun.mjs"]),
  ...Object.fromEntries(
    Object.entries(workers).map(([name, settings]) => [name, (folder, environment) => worker(folder, environment, name, settings)]),
  ),
}

/** A runner that gets the environment as its argument and prints the result as its last line. */
async function command(folder, environment, executable, args) {
  const child = spawn(executable, [...args, JSON.stringify(environment)], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  })
  const stop = () => child.kill("SIGKILL")
  process.once("exit", stop)
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")])
  process.off("exit", stop)
  const line = output.trim().split("\n").at(-1)
  try {
    return JSON.parse(line)
  } catch {
    throw new Error(`the runner ended with ${code} and without a result; it printed:\n${output}`)
  }
}

/** The suite in a request to a Worker. */
async function worker(folder, environment, name, settings) {
  const entry = join(folder, "js-tests/runners/worker.mjs")
  const { url, stop } = await serveWorker({ folder, entry, name, anywhere: environment.anywhere, ...settings })
  try {
    const response = await fetch(url, { method: "POST", body: JSON.stringify(environment) })
    if (!response.ok) throw new Error(await response.text())
    return await response.json()
  } finally {
    stop()
  }
}

/**
 * Bundles a Worker as its users' tools do and serves it with workerd, which reaches nothing but this machine unless it may go
 * `anywhere`. Resolves to its `url` once it listens.
 */
export async function serveWorker({ folder, entry, name, compatibilityDate = workerdDate(), flags = [], bindings = {}, anywhere = false }) {
  const outdir = join(folder, "workers", name)
  buildSync({
    entryPoints: { main: entry },
    outdir,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "import"],
    loader: { ".wasm": "copy" },
    external: ["node:*"],
    logLevel: "warning",
  })
  const quote = (text) => JSON.stringify(text)
  const list = (items) => `[${items.join(", ")}]`
  const modules = readdirSync(outdir)
    // The first module is the one that is started.
    .sort((one, other) => (other === "main.js") - (one === "main.js"))
    .map((file) => `(name = ${quote(file)}, ${file.endsWith(".wasm") ? "wasm" : "esModule"} = embed ${quote(file)})`)
  const network = anywhere ? 'allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true)' : 'allow = ["local"]'
  const texts = Object.entries(bindings).map(([key, text]) => `(name = ${quote(key)}, text = ${quote(text)})`)
  writeFileSync(
    join(outdir, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = ${list(modules)},
      bindings = ${list(texts)},
      compatibilityDate = ${quote(compatibilityDate)},
      compatibilityFlags = ${list(flags.map(quote))},
      globalOutbound = "network",
    )),
    (name = "network", network = (${network})),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`,
  )
  // It chooses the port, and tells it on descriptor 3.
  const workerd = spawn(bin("workerd"), ["serve", "config.capnp", "--control-fd=3"], {
    cwd: outdir,
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  })
  const stop = () => {
    process.off("exit", stop)
    workerd.kill("SIGKILL")
  }
  process.once("exit", stop)
  const ended = once(workerd, "exit").then(([code]) => Promise.reject(new Error(`workerd ended with ${code}`)))
  ended.catch(() => {})
  for await (const line of createInterface(workerd.stdio[3])) {
    const { event, port } = JSON.parse(line)
    if (event === "listen") return { url: `http://127.0.0.1:${port}/`, pid: workerd.pid, stop }
  }
  return ended
}

/** `1.20261023.1` knows dates up to 2026-10-23. */
function workerdDate() {
  const [, date] = require("workerd/package.json").version.split(".")
  return date.replace(/(\d{4})(\d\d)(\d\d)/, "$1-$2-$3")
}

/** Puts suite and runners into a folder in which the packed package is installed, laid out as in the tree. */
export const installSuite = (folder) => {
  const root = join(import.meta.dirname, "..")
  for (const path of ["js-tests/suite", "js-tests/runners", "tests/vectors.json"]) {
    cpSync(join(root, path), join(folder, path), { recursive: true })
  }
  // QUnit reads its settings from environment variables where there is a `process`, which Deno would have to permit.
  buildSync({
    entryPoints: [require.resolve("qunit")],
    outfile: join(folder, "node_modules/qunit/index.mjs"),
    bundle: true,
    format: "esm",
    platform: "neutral",
    define: { process: "undefined" },
    banner: { js: "const hostProcess = globalThis.process; globalThis.process = undefined;" },
    footer: { js: "globalThis.process = hostProcess;" },
    external: ["node:*"],
    logLevel: "error",
  })
  writeFileSync(join(folder, "node_modules/qunit/package.json"), '{"name":"qunit","exports":"./index.mjs"}')
}
