// Servers that run as processes of their own. No process outlives this one, nor does a folder.
import { spawn } from "node:child_process"
import { closeSync, openSync, rmSync } from "node:fs"
import { mkdtemp, readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

import { findFreePort } from "../support/ports.mjs"

/** Another program may take the chosen port before the server does. */
const ATTEMPTS = 5
const START_DEADLINE = 30_000

const alive = new Set()
const folders = new Set()
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL")
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Makes a folder for what a server writes. */
export async function makeFolder(name) {
  const folder = await mkdtemp(join(tmpdir(), `pusher-http-wasm-${name}-`))
  folders.add(folder)
  return folder
}

/**
 * Starts a server and waits until it answers.
 *
 * @param {object} options
 * @param {string} options.program
 * @param {string} options.hint where the program comes from, if it is missing
 * @param {string} options.folder its working directory, with its log
 * @param {(port: number) => Promise<string[]> | string[]} options.prepare returns the arguments with which it listens on the port
 * @param {(port: number) => Promise<boolean>} options.answers tells whether it answers on the port
 * @param {number} [options.port] a free one otherwise
 * @returns {Promise<{ port: number, kill: () => Promise<void>, readLog: () => Promise<string> }>} `kill` gives it no time to tidy up
 */
export async function startServer({ program, hint, folder, prepare, answers, port: wanted }) {
  const log = join(folder, "log")
  const readLog = async () => `The end of ${log}:\n${tail(await readFile(log, "utf8"), 40)}`
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await findFreePort())
    const child = run({ program, hint, folder, log }, await prepare(port))
    if (await startsAnswering(child, () => answers(port))) return { port, kill: () => kill(child), readLog }
    await kill(child)
    if (attempt === ATTEMPTS) throw new Error(`${program} does not start. ${await readLog()}`)
  }
}

function run({ program, hint, folder, log }, args) {
  const file = openSync(log, "a")
  // Of the environment only what finds the program: many variables would change sockudo's settings.
  const child = spawn(program, args, { cwd: folder, env: { PATH: process.env.PATH }, stdio: ["ignore", file, file] })
  closeSync(file)
  alive.add(child)
  child.ended = new Promise((resolve, reject) => {
    child.once("exit", resolve)
    child.once("error", (cause) => reject(new Error(`${program} cannot be run: ${hint}`, { cause })))
  }).finally(() => alive.delete(child))
  child.ended.catch(() => {})
  return child
}

/** Waits until this process, and no other, answers. Resolves to false if it ends instead. */
async function startsAnswering(child, answers) {
  const ended = child.ended.then(() => true)
  const until = performance.now() + START_DEADLINE
  while (performance.now() < until) {
    if (await Promise.race([ended, sleep(50)])) return false
    if ((await answers()) && alive.has(child)) return true
  }
  return false
}

async function kill(child) {
  child.kill("SIGKILL")
  await child.ended
}

const tail = (log, lines) => log.trimEnd().split("\n").slice(-lines).join("\n")
