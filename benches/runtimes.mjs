// How the suite is started on each runtime: `run(folder, job, report)` reports what it measured, case by case.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"

import { bin, serveModules } from "../js-tests/workerd.mjs"
import { bundleNodeWorker } from "./bundle.mjs"

const deno = ["run", "--quiet", "--no-prompt", "--no-remote", "--node-modules-dir=manual", "--allow-all"]

export const runtimes = {
  node: (...job) => command(process.execPath, [], ...job),
  deno: (...job) => command(bin("deno"), deno, ...job),
  bun: (...job) => command(bin("bun"), ["run"], ...job),
  workerd: (...job) => worker(...job),
}

/** A program that gets its job as its last argument, and prints a line of JSON a case. */
async function command(executable, args, folder, job, report) {
  const child = spawn(executable, [...args, "suite/command.mjs", JSON.stringify(job)], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  })
  const stop = () => child.kill("SIGKILL")
  process.once("exit", stop)
  const ended = once(child, "exit")
  for await (const line of createInterface(child.stdout)) report(JSON.parse(line))
  const [code] = await ended
  process.off("exit", stop)
  if (code !== 0) throw new Error(`${executable} ended with ${code}`)
}

/** A request to a Worker for each case. */
async function worker(folder, { names, settings }, report) {
  const outdir = await bundleNodeWorker(folder, "suite/worker.mjs", { "node-fetch": join(folder, "suite/node-fetch.mjs") })
  const { url, stop } = await serveModules({ outdir })
  try {
    for (const name of names) {
      const response = await fetch(url, { method: "POST", body: JSON.stringify({ name, settings }) })
      if (!response.ok) throw new Error(await response.text())
      report({ name, times: await response.json() })
    }
  } finally {
    stop()
  }
}
