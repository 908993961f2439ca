// A folder with the packed package, what it is compared with, and the suite.
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, rmSync, statSync } from "node:fs"
import { join, resolve } from "node:path"

import { installPacked } from "../js-tests/support/packed.mjs"

/** @param {string} [other] a package of ours in the place of pkg/: its folder, or what `npm pack` made of it */
export const install = async (other) => {
  const installed = await installPacked({ also: ["pusher", "pusher-http-edge", "tweetnacl"] })
  try {
    if (other !== undefined) replace(join(installed.folder, "node_modules/pusher-http-wasm"), resolve(other))
    cpSync(join(import.meta.dirname, "suite"), join(installed.folder, "suite"), { recursive: true })
    return installed
  } catch (error) {
    await installed.remove()
    throw error
  }
}

const replace = (place, source) => {
  rmSync(place, { recursive: true })
  if (statSync(source).isDirectory()) return cpSync(source, place, { recursive: true })
  mkdirSync(place)
  execFileSync("tar", ["-xzf", source, "-C", place, "--strip-components=1"])
}
