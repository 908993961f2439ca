// Installs the tools of the places from the lock file of their group: `js-tests/packaging/<group>/package-lock.json`.
import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"

import { once } from "../support/lanes.mjs"

const run = promisify(execFile)

/** Installs the group's tools unless they match the lock file already. Resolves to the path of its node_modules. */
export const installTools = once(async (group) => {
  const folder = join(import.meta.dirname, group)
  const stamp = join(folder, "node_modules/.installed")
  const lock = createHash("sha256")
    .update(await readFile(join(folder, "package-lock.json")))
    .digest("hex")
  if ((await readFile(stamp, "utf8").catch(() => "")) !== lock) {
    console.log(`==> installing the tools of ${group} (once)`)
    await run("npm", ["ci", "--no-audit", "--no-fund", "--silent"], { cwd: folder })
    await writeFile(stamp, lock)
  }
  return join(folder, "node_modules")
})
