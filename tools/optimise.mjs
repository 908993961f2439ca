// Runs wasm-opt the same way for the published module and for the one that is measured.
import { execFileSync } from "node:child_process"
import { readFileSync, rmSync, writeFileSync } from "node:fs"

import { removeUnused } from "./wasm-unused.mjs"

// Features of every supported runtime. `--all-features` would emit encodings that all of them reject.
const features = [
  "simd",
  "bulk-memory",
  "bulk-memory-opt",
  "nontrapping-float-to-int",
  "sign-ext",
  "mutable-globals",
  "reference-types",
  "multivalue",
]

// Inlines small functions that have one caller. Inlining whole methods saves no bytes, and engines would compile all of them on the first
// call of any.
const inlining = ["--one-caller-inline-max-function-size=64"]

const without = ["--strip-debug", "--strip-producers", "--strip-target-features"]

/**
 * Optimises the module at the path `input` into `result`, stripped or with its functions' names, and shortens the names of its imports and
 * exports.
 * @returns {{ imports: [module: string, name: string, short: string][], exports: [name: string, short: string][] }}
 */
export const optimise = (input, result, { names = false } = {}) => {
  const enabled = features.map((feature) => `--enable-${feature}`)
  const form = [...(names ? ["--debuginfo"] : without), "--minify-imports-and-exports-and-modules"]
  const used = `${result}.used`
  writeFileSync(used, removeUnused(readFileSync(input)))
  const output = execFileSync("wasm-opt", ["-O3", ...inlining, ...enabled, ...form, used, "-o", result], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  })
  rmSync(used)
  return JSON.parse(output)
}
