// What each library adds to a Worker, minified; and what `pusher` is where it brings its own `fetch`, as in a bundle for Node.
import { join } from "node:path"

import { esbuild } from "../tools/packages.mjs"
import { minifyWorker, readParts, weigh } from "../tools/weight.mjs"
import { bundleNodeWorker } from "./bundle.mjs"
import { writeReexports } from "./programs.mjs"

/** Bytes as `{ library: { raw, gzip, brotli } }`. */
export const bundleWeights = async (folder) => {
  const { wasm, javascript } = readParts(join(folder, "node_modules/pusher-http-wasm"))
  const { pusher, edge } = writeReexports(folder)
  const worker = async (file) => weigh(minifyWorker(join(await bundleNodeWorker(folder, file), "main.js")))
  return {
    ours: weigh(wasm, javascript),
    pusher: await worker(pusher),
    edge: await worker(edge),
    "pusher, for Node": weigh(forNode(join(folder, pusher))),
  }
}

const forNode = (entry) => {
  const options = { bundle: true, minify: true, platform: "node", format: "esm", write: false, logLevel: "warning" }
  return esbuild.buildSync({ entryPoints: [entry], ...options }).outputFiles[0].contents
}
