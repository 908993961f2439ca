// Reports on what others wrote and this project uses: the rules of deny.toml for each Cargo.lock, known vulnerabilities where their databases
// can be reached, and that the package brings along nothing. Fails if a rule is broken, a crate is vulnerable, or the package has a dependency.
// What the development tools' npm packages have is only reported: none of it ships.
//
//   make audit
import { execFileSync, spawnSync } from "node:child_process"
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join, resolve } from "node:path"

import { installPacked } from "../js-tests/support/packed.mjs"

const NOT_TO_BE_HAD = "not to be had"

const root = resolve(import.meta.dirname, "..")
// Where tools/setup.sh has put it.
const deny = join(root, "target/cargo-deny")

const say = (text) => console.log(`\n==> ${text}`)
const rows = []
const report = (what, result, isFault = false) => rows.push({ what, result, isFault })

const hasAdvisories = fetchAdvisories()
for (const lock of listLocks("Cargo.lock")) auditCrates(lock)
await auditPackage()
auditTools(listLocks("package-lock.json"))
printReport()

function runDeny(folder, ...args) {
  const options = ["--locked", "--color", "never", "--config", join(root, "deny.toml"), ...args]
  const { status, stdout, stderr, error } = spawnSync(deny, options, { cwd: folder, encoding: "utf8" })
  if (error) throw error
  return { isFine: status === 0, output: (stdout + stderr).trim() }
}

/** Fetches RustSec's database, by git from GitHub. Returns whether it could be had. */
function fetchAdvisories() {
  const { isFine, output } = runDeny(root, "fetch", "db")
  if (isFine) return true
  console.log(output)
  return false
}

/** Lists git's lock files, with those that are not committed yet. */
function listLocks(name) {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z", `*${name}`]
  const files = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0")
  return files.filter((file) => basename(file) === name && existsSync(join(root, file))).sort()
}

function auditCrates(lock) {
  say(lock)
  const { folder, remove } = prepareCrate(lock)
  try {
    const rules = ["bans", "licenses", "sources"]
    // Not every lock file has what deny.toml makes an exception for.
    const allowed = ["--allow", "unmatched-skip", "--allow", "unmatched-skip-root", "--hide-inclusion-graph"]
    const { isFine, output } = runDeny(folder, "check", ...allowed, ...rules)
    console.log(output)
    report(`${lock}: ${rules.join(", ")}`, isFine ? "fine" : "broken", !isFine)
    if (!hasAdvisories) return report(`${lock}: advisories`, `${NOT_TO_BE_HAD}: their database is out of reach`)
    const advisories = runDeny(folder, "check", "--hide-inclusion-graph", "advisories")
    console.log(advisories.output)
    const isAnswer = /^advisories (ok|FAILED)/m.test(advisories.output)
    const result = advisories.isFine ? "none" : isAnswer ? "found" : "cargo-deny failed"
    report(`${lock}: advisories`, result, !advisories.isFine)
  } finally {
    remove()
  }
}

/** Finds the manifest of a lock file. That of an example lies with its tests: they are put together in a copy. */
function prepareCrate(lock) {
  const beside = join(root, dirname(lock))
  if (existsSync(join(beside, "Cargo.toml"))) return { folder: beside, remove: () => {} }
  const folder = mkdtempSync(join(tmpdir(), "pusher-http-wasm-audit-"))
  const example = join(root, "examples", basename(beside))
  const filter = (file) => !["target", "node_modules"].includes(basename(file))
  cpSync(example, folder, { recursive: true, filter })
  copyFileSync(join(root, lock), join(folder, "Cargo.lock"))
  mkdirSync(join(folder, ".cargo"), { recursive: true })
  const patch = `[patch.crates-io]\npusher-http-wasm = { path = ${JSON.stringify(root)} }\n`
  writeFileSync(join(folder, ".cargo/config.toml"), patch)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Checks that the package installs nothing but itself. */
async function auditPackage() {
  const installed = await installPacked()
  try {
    const listed = runNpm(installed.folder, "ls", "--all", "--omit=dev", "--json")
    // An optional peer is listed, too, but without a version unless it is installed.
    const dependencies = Object.entries(listed.dependencies["pusher-http-wasm"].dependencies ?? {})
      .filter(([, { version }]) => version)
      .map(([name]) => name)
    const isFine = dependencies.length === 0
    report("the package: dependencies", isFine ? "none" : dependencies.join(", "), !isFine)
    const { result, count } = auditNpm(installed.folder)
    report("the package: npm audit", result, count > 0)
  } finally {
    await installed.remove()
  }
}

/** Reports on the development tools of each folder. If the registry answers no audit for one, the others are not asked. */
function auditTools(locks) {
  for (const [at, lock] of locks.entries()) {
    const folder = dirname(lock)
    const { result, isRefused } = auditNpm(join(root, folder), "--package-lock-only")
    report(`${folder}: npm audit`, result)
    if (isRefused) return report(`${locks.length - at - 1} more folders: npm audit`, `${NOT_TO_BE_HAD}, either`)
  }
}

function auditNpm(folder, ...args) {
  const answer = runNpm(folder, "audit", "--json", "--audit", "--fetch-retries=0", ...args)
  const found = answer.metadata?.vulnerabilities
  if (!found) {
    const reason = answer.error?.summary || answer.message || answer.error?.detail || "npm gives no reason"
    return { result: `${NOT_TO_BE_HAD}: ${reason.split("\n")[0]}`, count: 0, isRefused: true }
  }
  const { total, ...levels } = found
  const named = Object.entries(levels).filter(([, count]) => count > 0)
  return { result: named.map(([level, count]) => `${count} ${level}`).join(", ") || "none", count: total }
}

/** Runs a command of npm that answers in JSON. Its exit code says no more than the answer does. */
function runNpm(cwd, ...args) {
  const { stdout, error } = spawnSync("npm", args, { cwd, encoding: "utf8", maxBuffer: 1 << 28 })
  if (error) throw error
  return JSON.parse(stdout)
}

function printReport() {
  say("audit")
  const width = Math.max(...rows.map(({ what }) => what.length))
  for (const { what, result, isFault } of rows) console.log(`${isFault ? "✗" : " "} ${what.padEnd(width)}  ${result}`)
  if (rows.some(({ isFault }) => isFault)) process.exitCode = 1
}
