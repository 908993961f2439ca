// How the suite is started on each runtime: `run(folder, job, report)` reports what it measured, case by case.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"

export const runtimes = {
  node: (folder, job, report) => command(folder, process.execPath, ["suite/command.mjs"], job, report),
}

/** A program that gets its job as its last argument, and prints a line of JSON a case. */
async function command(folder, executable, args, job, report) {
  const child = spawn(executable, [...args, JSON.stringify(job)], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] })
  const stop = () => child.kill("SIGKILL")
  process.once("exit", stop)
  const ended = once(child, "exit")
  for await (const line of createInterface(child.stdout)) report(JSON.parse(line))
  const [code] = await ended
  process.off("exit", stop)
  if (code !== 0) throw new Error(`${executable} ended with ${code}`)
}
