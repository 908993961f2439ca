// Where ours spends its time on Node, case by case: the largest costs, with the names of the module's functions.
//
//   make size && node benches/profile.mjs [--only TEXT]…
import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"

import { install } from "./install.mjs"
import { cases } from "./suite/cases/all.mjs"

const { values } = parseArgs({ options: { only: { type: "string", multiple: true, default: [""] } } })
const names = cases
  .filter(({ longRounds }) => longRounds === undefined)
  .map(({ name }) => name)
  .filter((name) => values.only.some((text) => name.toLowerCase().includes(text.toLowerCase())))

const { folder, remove } = await install()
try {
  giveNames(join(folder, "node_modules/pusher-http-wasm/index.js"))
  const { status } = spawnSync(process.execPath, ["suite/profile.mjs", JSON.stringify(names)], {
    cwd: folder,
    stdio: "inherit",
  })
  process.exitCode = status
} finally {
  await remove()
}

/** Puts the module with its functions' names, which `make size` leaves, in the place of the published one. */
function giveNames(entry) {
  const base64 = readFileSync(join(import.meta.dirname, "../target/size/pusher.wasm")).toString("base64")
  const text = readFileSync(entry, "utf8")
  const named = text.replace(/"[A-Za-z0-9+/=]{10000,}"/, JSON.stringify(base64))
  if (named === text) throw new Error("index.js holds no module in base64")
  writeFileSync(entry, named)
}
