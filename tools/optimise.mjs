// wasm-opt, in one way for what is published and for what is examined.
import { execFileSync } from "node:child_process"
import { readFileSync, rmSync, writeFileSync } from "node:fs"

import { withoutUnusedClosures } from "./wasm-closures.mjs"

// What every supported runtime has. `--all-features` would emit encodings that all of them reject.
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

// What is called from one place only becomes part of that where it is small. Whole methods in one function weigh no less, and engines
// compile all of it for the first call of any.
const inlining = ["--one-caller-inline-max-function-size=100"]

const without = ["--strip-debug", "--strip-producers", "--strip-target-features"]

/**
 * Makes `result` of the module `input`, both paths: stripped, or with its functions' names; those of its imports and exports are shortened.
 * @returns {{ imports: [module: string, name: string, short: string][], exports: [name: string, short: string][] }}
 */
export const optimise = (input, result, { names = false } = {}) => {
  const enabled = features.map((feature) => `--enable-${feature}`)
  const form = [...(names ? ["--debuginfo"] : without), "--minify-imports-and-exports-and-modules"]
  const used = `${result}.used`
  writeFileSync(used, withoutUnusedClosures(readFileSync(input)))
  const output = execFileSync("wasm-opt", ["-O3", ...inlining, ...enabled, ...form, used, "-o", result], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  })
  rmSync(used)
  return JSON.parse(output)
}
