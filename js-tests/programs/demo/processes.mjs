// Starts and ends the demo's processes. None of them outlives the demo, however it ends; only workerd survives a SIGKILL, which the Node
// processes notice.
import { fork, spawn } from "node:child_process"

import { DemoError } from "./errors.mjs"
import { Inbox } from "./inbox.mjs"

const alive = new Set()
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL")
})

/**
 * Starts a Node process that exchanges messages with the demo.
 *
 * @returns {{ pid: number, inbox: Inbox, send: (message: object) => void, end: () => Promise<void> }}
 */
export function startNode(name, file, { cwd, env }) {
  const child = fork(file, { cwd, env, stdio: ["ignore", "ignore", "pipe", "ipc"], execArgv: [] })
  const inbox = new Inbox()
  child.on("message", (message) => inbox.add(message))
  const end = watch(name, child, inbox)
  // Ignores errors: the inbox reports a process that has ended.
  return { pid: child.pid, inbox, send: (message) => child.send(message, () => {}), end }
}

/**
 * Starts a program. Each line that it prints to a descriptor of `read` becomes a message `{ from, line }`.
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
  return { pid: child.pid, inbox, end: watch(name, child, inbox) }
}

/** Watches a process. Returns a function that ends it. */
function watch(name, child, inbox) {
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
