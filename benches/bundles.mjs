// What each library adds to a Worker, minified.
import { join } from "node:path"

import { partsOf, minifiedWorker, weightOf } from "../tools/weight.mjs"
import { bundleNodeWorker } from "./bundle.mjs"
import { writeReexports } from "./programs.mjs"

/** Bytes as `{ library: { raw, gzip, brotli } }`. */
export const bundleWeights = async (folder) => {
  const weights = {}
  const { wasm, javascript } = partsOf(join(folder, "node_modules/pusher-http-wasm"))
  weights.ours = weightOf(wasm, javascript)
  for (const [library, file] of Object.entries(writeReexports(folder))) {
    weights[library] = weightOf(minifiedWorker(join(await bundleNodeWorker(folder, file), "main.js")))
  }
  return weights
}
