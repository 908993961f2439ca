// Installs the package as a user does: packs pkg/ and installs the tarball in a fresh folder outside this repository.
import { execFile } from "node:child_process"
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { promisify } from "node:util"

import { packages } from "./packages.mjs"

const pkg = join(import.meta.dirname, "../../pkg")
const run = promisify(execFile)

/**
 * @typedef {object} Installed
 * @property {string} folder has a package.json and `node_modules/pusher-http-wasm`; its path has no symbolic link
 * @property {string} tarball path of the tarball that `npm pack` made
 * @property {() => Promise<void>} remove deletes the folder
 */

/**
 * Installs the package without the network. Deletes the folder again on failure.
 *
 * @param {{ also?: readonly string[] }} [options] `also`: packages of js-tests/node_modules to link beside it
 * @returns {Promise<Installed>}
 */
export async function installPacked({ also = [] } = {}) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "pusher-http-wasm-")))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const tarball = await pack(folder)
    await writeFile(join(folder, "package.json"), `${JSON.stringify({ type: "module", private: true })}\n`)
    await npm(folder, "install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", tarball)
    for (const name of also) await link(name, folder)
    return { folder, tarball, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

async function pack(folder) {
  if (!(await readdir(pkg).catch(() => [])).includes("package.json")) {
    throw new Error("pkg/ is not there: `make build` makes it")
  }
  await npm(folder, "pack", pkg, "--ignore-scripts", "--pack-destination", folder)
  const [name] = (await readdir(folder)).filter((file) => file.endsWith(".tgz"))
  return join(folder, name)
}

async function link(name, folder) {
  const path = join(folder, "node_modules", name)
  await mkdir(dirname(path), { recursive: true })
  await symlink(await realpath(join(packages, name)), path, "dir")
}

async function npm(cwd, ...args) {
  try {
    await run("npm", [...args, "--silent", "--no-update-notifier"], { cwd })
  } catch (cause) {
    throw new Error(`npm ${args[0]} failed: ${cause.stderr?.trim() || cause.message}`, { cause })
  }
}
