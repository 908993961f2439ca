// Compiles this folder against the declarations of the packed package, found through its exports map.
import { spawnSync } from "node:child_process"
import { cpSync } from "node:fs"
import { join } from "node:path"

import { bin } from "../../tools/packages.mjs"
import { installPacked } from "../support/packed.mjs"

const { folder, remove } = await installPacked()
cpSync(import.meta.dirname, join(folder, "types"), { recursive: true })
const tsc = bin("tsc")
const { status } = spawnSync(tsc, ["--project", join(folder, "types")], { stdio: "inherit" })
await remove()
console.log(status === 0 ? "types: 1 passed, 0 failed" : "types: 0 passed, 1 failed")
process.exitCode = status === 0 ? 0 : 1
