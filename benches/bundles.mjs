// What each library adds to a Worker, minified; and what `pusher` is where it brings its own `fetch`, as in a bundle for Node.
import { join } from "node:path"

import { esbuild } from "../tools/packages.mjs"
import { minifyWorker, readParts, WHOLE_BUNDLE, weigh, weighParts, weighSubpaths } from "../tools/weight.mjs"
import { bundleNodeWorker } from "./bundle.mjs"
import { writeReexports } from "./programs.mjs"

/** Bytes, `{ raw, gzip, brotli }` each: of each library, and of the files of our subpaths. */
export const bundleWeights = async (folder) => {
  const pkg = join(folder, "node_modules/pusher-http-wasm")
  const { pusher, edge } = writeReexports(folder)
  const worker = async (file) => weigh(minifyWorker(join(await bundleNodeWorker(folder, file), "main.js")))
  const bytes = {
    ours: weighParts(readParts(pkg))[WHOLE_BUNDLE],
    pusher: await worker(pusher),
    edge: await worker(edge),
    "pusher, for Node": weigh(forNode(join(folder, pusher))),
  }
  return { bytes, subpaths: weighSubpaths(pkg) }
}

const forNode = (entry) => {
  const options = { bundle: true, minify: true, platform: "node", format: "esm", write: false, logLevel: "warning" }
  return esbuild.buildSync({ entryPoints: [entry], ...options }).outputFiles[0].contents
}
