// wasm-opt, in one way for what is published and for what is examined.
import { execFileSync } from "node:child_process"

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

const without = ["--strip-debug", "--strip-producers", "--strip-target-features"]

/** Makes `result` of the module `input`, both paths: stripped, or with the functions' names. */
export const optimise = (input, result, { names = false } = {}) => {
  const enabled = features.map((feature) => `--enable-${feature}`)
  execFileSync("wasm-opt", ["-O3", ...enabled, ...(names ? ["--debuginfo"] : without), input, "-o", result], { stdio: "inherit" })
}
