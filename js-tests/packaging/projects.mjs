// Shared by places that build and start a user's project: running programs, reading their output, and running named cases.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { constants, readFileSync } from "node:fs"
import { cp, readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { text } from "node:stream/consumers"
import { brotliCompressSync } from "node:zlib"

import { installTools } from "./tools.mjs"

/** Returns the part of this process's environment that a project's programs get: none of the tester's own settings. */
const getBasicEnvironment = () => {
  const { PATH, HOME, TMPDIR } = process.env
  return { PATH, HOME, ...(TMPDIR && { TMPDIR }), NO_COLOR: "1", CI: "1" }
}

/** Thrown when a place cannot be tried on this machine, with the reason. Not a failure. */
export class Unavailable extends Error {
  constructor(reason, version = "") {
    super(reason)
    this.version = version
  }
}

/** Milliseconds after which a program counts as hanging and is killed. */
const DEADLINE = 300_000

/** Waits for a promise. Rejects if it takes longer than the deadline. */
export function waitUntilDeadline(what, promise) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} hangs: no result within ${DEADLINE / 60_000} minutes`)),
      DEADLINE,
    )
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/**
 * Starts a program in a process group of its own, so that whatever it starts ends with it. It is killed at the deadline, unless `timer` is
 * cleared, and when this process exits.
 */
function start(command, args, { cwd, env = {} }) {
  const child = spawn(command, args, {
    cwd,
    env: { ...getBasicEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  })
  const end = () => {
    try {
      process.kill(-child.pid, "SIGKILL")
    } catch {
      // It has ended.
    }
  }
  process.once("exit", end)
  const timer = setTimeout(end, DEADLINE)
  const closed = once(child, "close").finally(() => {
    clearTimeout(timer)
    process.off("exit", end)
  })
  return { child, closed, end, timer }
}

/** Runs a program to its end. Resolves to its output; rejects with the output if it fails. */
export async function run(command, args, options) {
  const { child, closed } = start(command, args, options)
  const [stdout, stderr, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  if (code === 0) return stdout + stderr
  throw new Error(`${args[0]} ended with ${code ?? signal}; it printed:\n${stdout}${stderr}`)
}

/**
 * Starts a server. Resolves once it has printed a line that matches `ready`.
 *
 * @returns {Promise<{ match: RegExpExecArray, pid: number, output: () => string, stop: () => Promise<void> }>} `pid` is its process group's as well
 */
export async function serve(command, args, { ready, ...options }) {
  const { child, closed, end, timer } = start(command, args, options)
  const lines = []
  const stop = async () => {
    end()
    await closed
  }
  const match = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        lines.push(line)
        const found = ready.exec(line)
        if (found) resolve(found)
      })
    }
    closed.then(
      ([code, signal]) =>
        reject(new Error(`${args[0]} ended with ${code ?? signal}; it printed:\n${lines.join("\n")}`)),
      reject,
    )
  }).finally(() => clearTimeout(timer))
  return { match, pid: child.pid, stop, output: () => lines.join("\n") }
}

/** Copies the tools of a group next to the packed package, as `npm install` would: no link leads out of the project. */
export async function copyTools(group, folder) {
  const tools = await installTools(group)
  await cp(tools, join(folder, "node_modules"), {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
  })
}

/** Lists all files below a folder, with their contents. */
export async function listFiles(root) {
  const entries = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  return Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      const content = await readFile(path)
      return { path, content, text: () => content.toString("latin1") }
    }),
  )
}

/** Reads a tool's version from its package.json in `modules`, a node_modules folder. */
export const readVersion = (modules, name) =>
  JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version

/**
 * Runs cases one after another. A case that throws is a failure and does not stop the others.
 *
 * @param {Record<string, () => unknown>} cases
 * @returns {Promise<{ passed: number, failures: { name: string, reason: string }[] }>}
 */
export async function runCases(cases) {
  const failures = []
  for (const [name, run] of Object.entries(cases)) {
    try {
      await run()
    } catch (error) {
      failures.push({ name, reason: error.stack })
    }
  }
  return { passed: Object.keys(cases).length - failures.length, failures }
}

/** Prefixes the names of cases with a label. */
export const prefixNames = (label, cases) =>
  Object.fromEntries(Object.entries(cases).map(([name, run]) => [label === "" ? name : `${label}: ${name}`, run]))

/** Combines the results of several parts of a place. */
export const combine = (...parts) => ({
  passed: parts.reduce((sum, { passed }) => sum + passed, 0),
  failures: parts.flatMap(({ failures }) => failures),
})

/** Returns the total size of contents, each compressed with brotli, in bytes. */
export const getBrotliSize = (...contents) =>
  contents.reduce((sum, content) => sum + brotliCompressSync(content).length, 0)
