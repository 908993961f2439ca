// Runs wasm-opt the same way for the published module and for the one that is measured.
import { execFileSync } from "node:child_process"
import { readFileSync, rmSync, writeFileSync } from "node:fs"

import { readModule } from "./wasm-functions.mjs"
import { nameFunctions, orderByLikeness } from "./wasm-order.mjs"
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
 * Optimises the module at the path `input` into `result`, stripped and with its functions in another order, or with their names. Shortens the names
 * of its imports and exports.
 * @returns {{ imports: [module: string, name: string, short: string][], exports: [name: string, short: string][] }}
 */
export const optimise = (input, result, { names = false } = {}) => {
  const used = `${result}.used`
  writeFileSync(used, removeUnused(readFileSync(input)))
  if (!names) writeFileSync(used, nameInOrder(readFileSync(used), `${result}.draft`))
  const form = names ? ["--debuginfo"] : ["--reorder-functions-by-name", ...without]
  const output = runWasmOpt(used, result, [...form, "--minify-imports-and-exports-and-modules"])
  rmSync(used)
  return JSON.parse(output)
}

/** Names the functions of a module so that the order of their names is that in which they compress best once they are optimised. */
const nameInOrder = (bytes, draft) => {
  const numbered = `${draft}.numbered`
  writeFileSync(numbered, nameFunctions(bytes, String))
  runWasmOpt(numbered, draft, ["--debuginfo"])
  const { functions } = readModule(readFileSync(draft))
  const ranks = new Map(orderByLikeness(functions).map(({ name }, rank) => [name, String(rank).padStart(5, "0")]))
  rmSync(numbered)
  rmSync(draft)
  // What is not there any more has been inlined.
  return nameFunctions(bytes, (at) => ranks.get(String(at)) ?? `gone ${at}`)
}

const runWasmOpt = (input, result, form) =>
  execFileSync(
    "wasm-opt",
    ["-O3", ...inlining, ...features.map((feature) => `--enable-${feature}`), ...form, input, "-o", result],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  )
