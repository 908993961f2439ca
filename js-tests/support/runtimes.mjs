// Starts the suite on each runtime: `run(folder, environment)` resolves to the suite's result.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { cpSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { text } from "node:stream/consumers"

import { esbuild } from "../../tools/packages.mjs"
import { bin } from "./packages.mjs"
import { getWorkerdDate, serveWorker } from "./workerd.mjs"

const require = createRequire(import.meta.url)

/** Compatibility dates of Workers: an old one, and the newest that the installed workerd knows. */
export const workers = {
  "workerd-2024": { compatibilityDate: "2024-09-02", flags: [] },
  "workerd-2024-nodejs": { compatibilityDate: "2024-09-02", flags: ["nodejs_compat"] },
  workerd: { compatibilityDate: getWorkerdDate(), flags: ["no_nodejs_compat", "no_nodejs_compat_v2"] },
  // Node's modules are on by default from 2026-08-04.
  "workerd-nodejs": { compatibilityDate: getWorkerdDate(), flags: [] },
}

export const runtimes = {
  "node-esm": (folder, environment, node = process.execPath) =>
    runCommand(folder, environment, node, ["js-tests/runners/node.mjs"]),
  "node-cjs": (folder, environment, node = process.execPath) =>
    runCommand(folder, environment, node, ["js-tests/runners/node.cjs"]),
  deno: (folder, environment) =>
    runCommand(folder, environment, bin("deno"), [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-remote",
      "--node-modules-dir=manual",
      `--allow-net=${[environment.server.host, ...(environment.alsoReach ?? [])].join(",")}`,
      "js-tests/runners/deno.mjs",
    ]),
  bun: (folder, environment) => runCommand(folder, environment, bin("bun"), ["run", "js-tests/runners/bun.mjs"]),
  ...Object.fromEntries(
    Object.entries(workers).map(([name, settings]) => [
      name,
      (folder, environment) => runInWorker(folder, environment, name, settings),
    ]),
  ),
}

/** Runs a program that takes the environment as its argument and prints the result as its last line. */
async function runCommand(folder, environment, executable, args) {
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
    throw new Error(`the runner ended with ${code} and printed no result:\n${output}`)
  }
}

/** Runs the suite inside a request to a Worker. */
async function runInWorker(folder, environment, name, settings) {
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

/** Copies suite and runners into a folder with the installed package, laid out as in this repository. */
export const installSuite = (folder) => {
  const root = join(import.meta.dirname, "../..")
  for (const path of ["js-tests/suite", "js-tests/runners", "js-tests/support/assertions.mjs", "tests/vectors.json"]) {
    cpSync(join(root, path), join(folder, path), { recursive: true })
  }
  // Where there is a `process`, QUnit reads environment variables, which Deno would have to permit.
  esbuild.buildSync({
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
