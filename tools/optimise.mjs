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
const SHORTEN = "--minify-imports-and-exports-and-modules"

const RANK_DIGITS = 5

/**
 * Optimises the module at the path `input` into `result`, with its functions in another order, and stripped or with their names. Shortens the names
 * of its imports and exports.
 * @returns {{ imports: [module: string, name: string, short: string][], exports: [name: string, short: string][] }}
 */
export const optimise = (input, result, { names = false } = {}) => {
  const ordered = `${result}.ordered`
  writeFileSync(ordered, nameInOrder(removeUnused(readFileSync(input)), `${result}.draft`))
  const form = names ? ["--debuginfo"] : without
  const output = runWasmOpt(ordered, result, ["--reorder-functions-by-name", ...form, SHORTEN])
  rmSync(ordered)
  if (names) removeRanks(result)
  return JSON.parse(output)
}

/** Puts before the names of a module's functions their ranks in the order in which they compress best once they are optimised. */
const nameInOrder = (bytes, draft) => {
  const numbered = `${draft}.numbered`
  writeFileSync(numbered, nameFunctions(bytes, String))
  runWasmOpt(numbered, draft, ["--debuginfo"])
  const ranks = new Map(
    orderByLikeness(readModule(readFileSync(draft)).functions).map(({ name }, rank) => [name, rank]),
  )
  rmSync(numbered)
  rmSync(draft)
  const { functions } = readModule(bytes)
  // What is not there any more has been inlined.
  const last = functions.length
  return nameFunctions(
    bytes,
    (at) => String(ranks.get(String(at)) ?? last).padStart(RANK_DIGITS, "0") + functions[at].name,
  )
}

const removeRanks = (file) => {
  const bytes = readFileSync(file)
  const { functions } = readModule(bytes)
  writeFileSync(
    file,
    nameFunctions(bytes, (at) => functions[at].name.slice(RANK_DIGITS)),
  )
}

const runWasmOpt = (input, result, form) =>
  execFileSync(
    "wasm-opt",
    ["-O3", ...inlining, ...features.map((feature) => `--enable-${feature}`), ...form, input, "-o", result],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  )
