// The processes that the demo starts, and their end: none of them outlives it, whichever way it ends. Only after a SIGKILL
// workerd is left over; the Node processes notice even that.
import { fork, spawn } from "node:child_process"

import { DemoError } from "./errors.mjs"
import { Inbox } from "./inbox.mjs"

const alive = new Set()
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL")
})

/**
 * A Node process that is spoken to in messages.
 *
 * @returns {{ pid: number, inbox: Inbox, send: (message: object) => void, end: () => Promise<void> }}
 */
export function startNode(name, file, { cwd, env }) {
  const child = fork(file, { cwd, env, stdio: ["ignore", "ignore", "pipe", "ipc"], execArgv: [] })
  const inbox = new Inbox()
  child.on("message", (message) => inbox.add(message))
  const end = keep(name, child, inbox)
  // Sending to a process that has ended is no news: its inbox tells.
  return { pid: child.pid, inbox, send: (message) => child.send(message, () => {}), end }
}

/**
 * A program; each line that it prints to a descriptor of `read` is a message `{ from, line }`.
 *
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: object, read: Record<number, string> }} options
 */
export function startProgram(name, command, args, { cwd, env, read }) {
  const stdio = ["ignore", "ignore", "pipe"]
  for (const descriptor of Object.keys(read)) stdio[descriptor] = "pipe"
  const child = spawn(command, args, { cwd, env, stdio })
  const inbox = new Inbox()
  for (const [descriptor, from] of Object.entries(read)) {
    onLines(child.stdio[descriptor], (line) => inbox.add({ from, line }))
  }
  return { pid: child.pid, inbox, end: keep(name, child, inbox) }
}

/** Watches a process; returns what ends it. */
function keep(name, child, inbox) {
  const complaints = []
  alive.add(child)
  onLines(child.stderr, (line) => complaints.push(line))
  const closed = new Promise((resolve) => {
    child.once("error", (error) => {
      complaints.push(error.message)
      resolve()
    })
    child.once("close", resolve)
  }).then(() => {
    alive.delete(child)
    const how = child.signalCode ?? child.exitCode ?? "before it began"
    inbox.close(new DemoError([`${name} ended (${how})`, ...complaints.slice(-5)].join("\n    ")))
  })
  return async () => {
    child.kill("SIGKILL")
    await closed
  }
}

function onLines(stream, handle) {
  let rest = ""
  stream.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\n")
    rest = lines.pop()
    lines.forEach(handle)
  })
}
