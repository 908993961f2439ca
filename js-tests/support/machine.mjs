// What results were measured on.
import { execFileSync } from "node:child_process"
import { arch, cpus, platform, totalmem } from "node:os"

import { bin, getVersion } from "./packages.mjs"

/** The kind of machine; nothing that tells which one. */
export const machine = () => ({
  processor: cpus()[0].model.trim(),
  cores: cpus().length,
  gibibytes: Math.round(totalmem() / 2 ** 30),
  system: `${platform()} ${arch()}`,
})

/** Returns the version of a runtime: `node`, `deno`, `bun` or `workerd`. */
export const getRuntimeVersion = (runtime) => {
  if (runtime === "node") return process.versions.node
  if (runtime === "workerd") return getVersion("workerd")
  return /\d+\.\d+\.\d+/.exec(execFileSync(bin(runtime), ["--version"], { encoding: "utf8" }))[0]
}
