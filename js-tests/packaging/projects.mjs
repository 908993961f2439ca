// What places have in common that build and start a user's project: programs, their output, and named cases.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { constants, readFileSync } from "node:fs"
import { cp, readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { text } from "node:stream/consumers"
import { brotliCompressSync } from "node:zlib"

import { toolsOf } from "./tools.mjs"

/** What the programs of a project get of this process's environment: no setting of whoever runs the tests. */
const basics = () => {
  const { PATH, HOME, TMPDIR } = process.env
  return { PATH, HOME, ...(TMPDIR && { TMPDIR }), NO_COLOR: "1", CI: "1" }
}

/** A place that cannot be had on this machine, and why: that is no failure. */
export class Unavailable extends Error {
  constructor(reason, version = "") {
    super(reason)
    this.version = version
  }
}

/** Nothing that is at work takes so long (ms); what hangs ends here, with what it has said so far. */
const DEADLINE = 300_000

/** Rejects when a promise takes longer than anything that is at work. */
export function beforeDeadline(what, promise) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} hangs: nothing came of it in ${DEADLINE / 60_000} minutes`)),
      DEADLINE,
    )
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** Runs a program to its end; resolves to what it printed, or rejects with it. */
export async function run(command, args, { cwd, env = {} }) {
  const child = spawn(command, args, {
    cwd,
    env: { ...basics(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  })
  const end = endOf(child)
  process.once("exit", end)
  const timer = setTimeout(end, DEADLINE)
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ])
  clearTimeout(timer)
  process.off("exit", end)
  if (code === 0) return stdout + stderr
  throw new Error(`${args[0]} ended with ${code ?? signal}; it printed:\n${stdout}${stderr}`)
}

/**
 * Starts a program that serves; resolves once it has printed a line that matches `ready`.
 *
 * @returns {Promise<{ match: RegExpExecArray, output: () => string, stop: () => Promise<void> }>}
 */
export async function serve(command, args, { cwd, env = {}, ready }) {
  const child = spawn(command, args, {
    cwd,
    env: { ...basics(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  })
  const end = endOf(child)
  process.once("exit", end)
  const closed = once(child, "close")
  const lines = []
  const stop = async () => {
    process.off("exit", end)
    end()
    await closed
  }
  const timer = setTimeout(end, DEADLINE)
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
  return { match, stop, output: () => lines.join("\n") }
}

/** Ends a program and whatever it has started: they are a group of their own. */
const endOf = (child) => () => {
  try {
    process.kill(-child.pid, "SIGKILL")
  } catch {
    // It has ended.
  }
}

/** Puts the tools of a group beside the packed package, as `npm install` would have: no link leads out of the project. */
export async function bringTools(group, folder) {
  const tools = await toolsOf(group)
  await cp(tools, join(folder, "node_modules"), {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
  })
}

/** All files below a folder, with what is in them. */
export async function filesBelow(root) {
  const entries = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  return Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      const content = await readFile(path)
      return { path, content, text: () => content.toString("latin1") }
    }),
  )
}

/** The version that a tool in this node_modules says it has. */
export const versionIn = (modules, name) =>
  JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version

/**
 * Runs cases one after another; each that throws is a failure, and none keeps the others from running.
 *
 * @param {Record<string, () => unknown>} cases
 * @returns {Promise<{ passed: number, failures: { name: string, reason: string }[] }>}
 */
export async function check(cases) {
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

/** Cases with the name of what they were tried on. */
export const named = (label, cases) =>
  Object.fromEntries(Object.entries(cases).map(([name, run]) => [label === "" ? name : `${label}: ${name}`, run]))

/** The results of several parts of a place as one. */
export const together = (...parts) => ({
  passed: parts.reduce((sum, { passed }) => sum + passed, 0),
  failures: parts.flatMap(({ failures }) => failures),
})

export const brotliBytes = (...contents) =>
  contents.reduce((sum, content) => sum + brotliCompressSync(content).length, 0)
