// Installs browsers from Debian's packages.
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { promisify } from "node:util"

import { oneAfterTheOther } from "../../support/lanes.mjs"
import { Unavailable } from "../projects.mjs"

/**
 * Sees to it that a browser is there: root installs Debian's package, others get `Unavailable`. apt-get takes one call at a time.
 *
 * @param {string} name the package
 * @param {string} executable
 * @param {string} variable the environment variable that may name another executable
 */
export const ensureInstalled = oneAfterTheOther(async (name, executable, variable) => {
  if (existsSync(executable)) return
  const reason = `there is no ${executable}: install Debian's package \`${name}\`, or name another with the variable ${variable}`
  if (process.env[variable] || process.getuid?.() !== 0) throw new Unavailable(reason)
  console.log(`==> installing Debian's ${name} (once)`)
  const apt = (...args) =>
    promisify(execFile)("apt-get", args, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } })
  try {
    await apt("update", "--quiet")
    await apt("install", "--quiet", "--yes", "--no-install-recommends", name)
  } catch (cause) {
    throw new Unavailable(
      `${reason} (apt-get could not install it: ${(cause.stderr || cause.message).trim().split("\n").at(-1)})`,
    )
  }
})
