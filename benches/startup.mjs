// How long fresh processes take to import a package and to use it for the first time, and how much memory they have then.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"

import { serveModules } from "../js-tests/support/workerd.mjs"
import { bundleNodeWorker } from "./bundle.mjs"
import { writePrograms, writeStayingPrograms, writeWorkers } from "./programs.mjs"
import { commands, environment } from "./runtimes.mjs"

/**
 * @returns {Promise<Record<string, Record<string, number[]>>>} of each program in each round: how long it takes from its start to its
 *   end (a Worker: to its first response), and the memory of its process, which only Linux tells
 */
export const freshProcesses = async (runtime, folder, rounds) => {
  const { milliseconds, mebibytes } = await (runtime === "workerd"
    ? freshWorkers(folder, rounds)
    : freshCommands(runtime, folder, rounds))
  return { "start-up, milliseconds": milliseconds, ...(process.platform === "linux" && { "memory, MiB": mebibytes }) }
}

const freshCommands = async (runtime, folder, rounds) => {
  const milliseconds = await inTurns(writePrograms(folder), rounds, async (file) => {
    const from = performance.now()
    const child = start(runtime, folder, file, "ignore")
    const [code] = await once(child, "exit")
    if (code !== 0) throw new Error(`${runtime} ended with ${code}`)
    return performance.now() - from
  })
  const mebibytes = await inTurns(writeStayingPrograms(folder), Math.ceil(rounds / 3), async (file) => {
    const child = start(runtime, folder, file, "pipe")
    try {
      await once(child.stdout, "data")
      return residentOf(child.pid)
    } finally {
      child.kill("SIGKILL")
    }
  })
  return { milliseconds, mebibytes }
}

const start = (runtime, folder, file, stdout) => {
  const [executable, ...args] = commands[runtime]
  return spawn(executable, [...args, file], { cwd: folder, stdio: ["ignore", stdout, "inherit"], env: environment })
}

const freshWorkers = async (folder, rounds) => {
  const bundled = {}
  for (const [name, file] of Object.entries(writeWorkers(folder))) bundled[name] = await bundleNodeWorker(folder, file)
  const mebibytes = {}
  const milliseconds = await inTurns(bundled, rounds, async (outdir, name) => {
    const from = performance.now()
    const { url, pid, stop } = await serveModules({ outdir })
    try {
      const response = await fetch(url)
      const text = await response.text()
      if (!response.ok) throw new Error(text)
      const time = performance.now() - from
      mebibytes[name] ??= []
      mebibytes[name].push(residentOf(pid))
      return time
    } finally {
      stop()
    }
  })
  return { milliseconds, mebibytes }
}

const inTurns = async (programs, rounds, measure) => {
  const measured = Object.fromEntries(Object.keys(programs).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, program] of Object.entries(programs)) measured[name].push(await measure(program, name))
  }
  return measured
}

/** The memory of a process, in MiB; 0 where the system is not Linux. */
const residentOf = (pid) =>
  process.platform === "linux" ? (Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096) / 2 ** 20 : 0
