// What a package adds to a Worker: its bundle, minified as users' tools do it, and what that weighs.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { brotliCompressSync, gzipSync } from "node:zlib"

import * as esbuild from "esbuild"

/** The JavaScript of a Worker with all that it imports, but for wasm modules and what the host has; minified. */
export const minifiedWorker = (entry) =>
  esbuild.buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    external: ["node:*", "*.wasm"],
    write: false,
    logLevel: "warning",
  }).outputFiles[0].contents

/** The two parts of this package's Worker bundle, of the package in the folder `pkg`. */
export const partsOf = (pkg) => ({
  wasm: readFileSync(join(pkg, "pusher.wasm")),
  javascript: minifiedWorker(join(pkg, "worker.js")),
})

/** In bytes; each part is compressed by itself, as Workers are. */
export const weightOf = (...parts) => {
  const sum = (measure) => parts.reduce((total, part) => total + measure(part), 0)
  return {
    raw: sum((part) => part.length),
    gzip: sum((part) => gzipSync(part, { level: 9 }).length),
    brotli: sum((part) => brotliCompressSync(part).length),
  }
}

/** As a table, `{ row: weight }`. */
export const weightsOf = ({ wasm, javascript }) => ({
  "pusher.wasm": weightOf(wasm),
  "JavaScript, minified": weightOf(javascript),
  "whole worker bundle": weightOf(wasm, javascript),
})
