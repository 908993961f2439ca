// What ours spends its time on, case by case, on Node.
//
//   node benches/profile.mjs [--only TEXT]… [--functions]
//
// --functions prints the functions as well, those of the module by name.
import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"

import { makeNamedModule } from "../tools/named-module.mjs"
import { install } from "./install.mjs"
import { shown } from "./labels.mjs"
import { cases } from "./suite/cases/all.mjs"

/** Of functions, how many are printed. */
const LARGEST = 22

const labels = Object.assign({}, ...shown.map(({ cases }) => cases))

/** What can be profiled: the cases that the charts show, of those that send nothing. */
export const profiledNames = cases.map(({ name }) => name).filter((name) => name in labels)

/**
 * Profiles cases of the package that is installed in `folder`, and gives its module names there.
 * @param {string} folder @param {{ names: string[], milliseconds: number }} settings how long each case runs
 * @returns {Record<string, { groups: Shares, functions: Shares }>} by case; the largest first
 * @typedef {[what: string, share: number][]} Shares
 */
export const profile = (folder, settings) => {
  giveNames(join(folder, "node_modules/pusher-http-wasm/index.js"))
  const { stdout, status } = spawnSync(process.execPath, ["suite/profile.mjs", JSON.stringify(settings)], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  })
  if (status !== 0) throw new Error(`the profile ended with ${status}`)
  return JSON.parse(stdout)
}

/** Puts the module with its functions' names in the place of the published one. */
function giveNames(entry) {
  const base64 = readFileSync(makeNamedModule()).toString("base64")
  const text = readFileSync(entry, "utf8")
  const named = text.replace(/"[A-Za-z0-9+/=]{10000,}"/, JSON.stringify(base64))
  if (named === text) throw new Error("index.js holds no module in base64")
  writeFileSync(entry, named)
}

const print = ({ groups, functions }, isDetailed) => {
  for (const [label, share] of isDetailed ? [...groups, ["", 0], ...functions.slice(0, LARGEST)] : groups) {
    console.log(label && `${(100 * share).toFixed(1).padStart(6)} %  ${label.slice(0, 130)}`)
  }
}

if (resolve(process.argv[1]) === import.meta.filename) {
  const options = { only: { type: "string", multiple: true, default: [""] }, functions: { type: "boolean" } }
  const { values } = parseArgs({ options })
  const isWanted = (name) => values.only.some((text) => name.toLowerCase().includes(text.toLowerCase()))
  const { folder, remove } = await install()
  try {
    const results = profile(folder, { names: profiledNames.filter(isWanted), milliseconds: 2000 })
    for (const [name, result] of Object.entries(results)) {
      console.log(`\n${name}`)
      print(result, values.functions)
    }
  } finally {
    await remove()
  }
}
