// How the suite is started on each runtime: `run(folder, job, report)` reports what it measured, case by case. A job has the names of
// cases, the settings of their rounds, and for those that send requests a server.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"

import { bin } from "../js-tests/support/packages.mjs"
import { serveModules } from "../js-tests/support/workerd.mjs"
import { bundleNodeWorker } from "./bundle.mjs"

const deno = ["run", "--quiet", "--no-prompt", "--no-remote", "--node-modules-dir=manual", "--allow-all"]

/** The commands that take a program. */
export const commands = {
  node: [process.execPath],
  deno: [bin("deno"), ...deno],
  bun: [bin("bun"), "run"],
}

export const runtimes = {
  ...Object.fromEntries(Object.keys(commands).map((name) => [name, (...given) => command(name, ...given)])),
  workerd: worker,
}

/** Without warnings: `pusher` has a deprecated dependency, which newer runtimes tell of each time. */
export const environment = {
  ...process.env,
  NO_COLOR: "1",
  DENO_NO_UPDATE_CHECK: "1",
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --no-warnings`,
}

/** A program that gets its job as its last argument, and prints a line of JSON a case. */
async function command(runtime, folder, job, report) {
  const [executable, ...args] = [...commands[runtime], "suite/command.mjs", JSON.stringify(job)]
  const child = spawn(executable, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"], env: environment })
  const stop = () => child.kill("SIGKILL")
  process.once("exit", stop)
  const ended = once(child, "exit")
  for await (const line of createInterface(child.stdout)) report(JSON.parse(line))
  const [code] = await ended
  process.off("exit", stop)
  if (code !== 0) throw new Error(`${runtime} ended with ${code}`)
}

/** A request to a Worker for each case. */
async function worker(folder, { names, ...job }, report) {
  const outdir = job.server
    ? await bundleNodeWorker(folder, "suite/sending-worker.mjs")
    : await bundleNodeWorker(folder, "suite/worker.mjs", join(folder, "suite/node-fetch.mjs"))
  const { url, stop } = await serveModules({ outdir })
  try {
    for (const name of names) {
      const response = await fetch(url, { method: "POST", body: JSON.stringify({ ...job, name }) })
      if (!response.ok) throw new Error(await response.text())
      report({ name, times: await response.json() })
    }
  } finally {
    stop()
  }
}
