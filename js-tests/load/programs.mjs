// What is under load: a program of Node, Deno or Bun that makes the calls by itself, or a Worker in workerd that is asked for each.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { json } from "node:stream/consumers"

import { bin } from "../support/packages.mjs"
import { serveWorker } from "../support/workerd.mjs"
import { drive, isMeasured } from "./drive.mjs"
import { inspect } from "./inspector.mjs"
import { makeCall } from "./plan.mjs"

const deno = ["run", "--quiet", "--no-prompt", "--node-modules-dir=manual", "--allow-net", "--v8-flags=--expose-gc"]

/**
 * @typedef {object} Watcher
 * @property {(phase: string) => Promise<void>} begin before a phase
 * @property {(outcome: import("./perform.mjs").Outcome) => void} note
 * @property {(memory: object) => void} measured
 * @property {(line: string) => void} print takes what is printed, and is no outcome
 * @property {AbortSignal} signal ends everything
 */

/** What workerd prints of each name that does not resolve, in two lines; and Bun, of each body that is not compressed as it says. */
const USUAL = /failed to lookup address|^stack: .*jsgInternalError|^Decompression error/

/** @type {Record<string, (folder: string, order: import("./plan.mjs").Order, watcher: Watcher) => Promise<{ exit: object, stop: () => void }>>} */
export const programs = {
  node: (...given) => runCommand(process.execPath, ["--expose-gc"], ...given),
  deno: (...given) => runCommand(bin("deno"), deno, ...given),
  bun: (...given) => runCommand(bin("bun"), ["run"], ...given),
  workerd: runWorker,
}

/** Runs a program to its own end. */
async function runCommand(executable, args, folder, order, { begin, note, measured, print, signal }) {
  const control = await serveControl({
    begin: ({ phase }) => begin(phase),
    memory: (memory) => measured({ ...memory, resident: residentBytes(child.pid) }),
  })
  const given = JSON.stringify({ ...order, control: control.url })
  const child = spawn(executable, [...args, "load/command.mjs", given], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    signal,
    killSignal: "SIGKILL",
  })
  // Of the signal: the exit tells.
  child.on("error", () => {})
  const stop = () => child.kill("SIGKILL")
  process.once("exit", stop)
  try {
    createInterface(child.stderr).on("line", (line) => USUAL.test(line) || print(line))
    createInterface(child.stdout).on("line", (line) => note(JSON.parse(line)))
    const exit = await new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal })))
    return { exit, stop: () => {} }
  } finally {
    process.off("exit", stop)
    control.close()
  }
}

/** Starts a Worker and makes its requests. It goes on running. */
async function runWorker(folder, order, { begin, note, measured, print, signal }) {
  const { url, pid, inspector, stop } = await serveWorker({
    folder,
    entry: join(folder, "load/worker.mjs"),
    name: "load",
    v8Flags: ["--expose-gc"],
    bindings: { ORDER: JSON.stringify(order) },
    onError: (line) => USUAL.test(line) || print(line),
    isInspected: true,
  })
  signal.addEventListener("abort", stop)
  const ask = async (path, leaving) => {
    const response = await fetch(`${url}${path}`, { signal: leaving })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path}: ${text}`)
    return text
  }
  try {
    await drive(order, {
      async begin(phase) {
        await begin(phase)
        await ask(`begin?${new URLSearchParams({ phase })}`)
      },
      async perform(index) {
        const leaving = makeCall(order, index).abort === "leaving"
        const start = Date.now()
        try {
          note(JSON.parse(await ask(`?index=${index}`, leaving ? AbortSignal.timeout(1 + (index % 23)) : undefined)))
        } catch (error) {
          if (!leaving || signal.aborted) throw error
          note({ index, start, end: Date.now(), isUnknown: true })
        }
      },
      async end(phase) {
        await ask("end")
        if (!isMeasured(order, phase)) return
        const held = JSON.parse(await ask("memory"))
        const { heap, printed } = await inspect(inspector)
        for (const line of printed) print(line)
        measured({ ...held, heap, resident: residentBytes(pid) })
      },
    })
  } catch (error) {
    stop()
    throw signal.aborted ? signal.reason : error
  }
  return { exit: {}, stop }
}

/** Serves what programs tell: `POST /{action}` with JSON. */
async function serveControl(actions) {
  const server = createServer(async (request, response) => {
    try {
      await actions[request.url.slice(1)](await json(request))
      response.end("noted")
    } catch (error) {
      response.writeHead(500).end(error.stack)
    }
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Returns the bytes of a process in memory, where the system tells. */
function residentBytes(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096
  } catch {
    return undefined
  }
}
