// Shared by the tests of examples in Rust: they use the packed crate, as users do the one from crates.io.
import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { homedir, tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"

import { copyExample } from "./projects.mjs"

const root = join(import.meta.dirname, "../..")
export const cache = join(homedir(), ".cache/pusher-http-wasm")
export const execute = promisify(execFile)

/**
 * @typedef {object} Prepared
 * @property {string} folder a copy of the example, whose dependency on the crate is the packed one
 * @property {Record<string, string>} env for cargo. What it has compiled stays for the next run, for each set of dependencies: they take minutes
 * @property {string} target the folder with what cargo has compiled
 * @property {() => Promise<void>} remove deletes the copy
 */

/** Copies an example, with its lock file, beside the packed crate. @returns {Promise<Prepared>} */
export async function prepareCrateExample(name) {
  const lock = join(import.meta.dirname, "../packaging", name, "Cargo.lock")
  const target = join(cache, `${name}-${createHash("sha256").update(readFileSync(lock)).digest("hex").slice(0, 12)}`)
  const parent = await mkdtemp(join(tmpdir(), "pusher-http-wasm-"))
  const packing = ["package", "--no-verify", "--allow-dirty", "--locked", "--quiet", "--target-dir", target]
  await execute("cargo", packing, { cwd: root })
  const { version } = JSON.parse((await execute("cargo", ["read-manifest"], { cwd: root })).stdout)
  const crate = `pusher-http-wasm-${version}`
  await execute("tar", ["-xzf", join(target, `package/${crate}.crate`), "-C", parent])
  const folder = await copyExample(name, parent)
  await copyFile(lock, join(folder, "Cargo.lock"))
  await mkdir(join(folder, ".cargo"))
  const patch = `[patch.crates-io]\npusher-http-wasm = { path = ${JSON.stringify(join(parent, crate))} }\n`
  await writeFile(join(folder, ".cargo/config.toml"), patch)
  // Without debug information, the folder has half the size.
  const env = { ...process.env, CARGO_TARGET_DIR: target, CARGO_PROFILE_DEV_DEBUG: "0" }
  return { folder, env, target, remove: () => rm(parent, { recursive: true, force: true }) }
}

/** Rejects if a source is not formatted like the crate. */
export const checkFormat = (file) =>
  execute("rustfmt", ["--check", "--edition", "2024", "--config-path", join(root, "rustfmt.toml"), file])
