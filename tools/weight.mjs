// Weighs what a package adds to a Worker: its bundle, minified as users' tools do.
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { brotliCompressSync, gzipSync } from "node:zlib"

import * as esbuild from "esbuild"

import { subpaths } from "../pkg-template/entries/entries.mjs"

/**
 * Returns a Worker's minified JavaScript with its imports, except for wasm modules, what the host provides, and the package's main entry, which a
 * program with a subpath has anyway.
 */
export const minifyWorker = (entry) =>
  esbuild.buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    external: ["node:*", "*.wasm", "pusher-http-wasm"],
    write: false,
    logLevel: "warning",
  }).outputFiles[0].contents

/** Returns the two parts of the Worker bundle of the package in the folder `pkg`. */
export const readParts = (pkg) => ({
  wasm: readFileSync(join(pkg, "pusher.wasm")),
  javascript: minifyWorker(join(pkg, "worker.js")),
})

/** Returns sums in bytes. Each part is compressed by itself, as Workers are. */
export const weigh = (...parts) => {
  const sum = (measure) => parts.reduce((total, part) => total + measure(part), 0)
  return {
    raw: sum((part) => part.length),
    gzip: sum((part) => gzipSync(part, { level: 9 }).length),
    brotli: sum((part) => brotliCompressSync(part).length),
  }
}

/** The row of what the main entry, with all that it can do, adds to a Worker: the figure of the budget, of the goals and of docs/speed.md. */
export const WHOLE_BUNDLE = "whole Worker bundle with retries and publish"

/** The rows of what `npm install` downloads, and of what it writes. */
export const PACKED = "npm package, bytes packed"
export const UNPACKED = "npm package, bytes unpacked"

/** Weighs the package as npm publishes it. */
export const weighPackage = (pkg) => {
  const text = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", pkg], {
    encoding: "utf8",
    stdio: "pipe",
  })
  const [{ size, unpackedSize }] = JSON.parse(text)
  return { [PACKED]: size, [UNPACKED]: unpackedSize }
}

/** Returns a table for the console: `{ row: weight }`. */
export const weighParts = ({ wasm, javascript }) => ({
  "pusher.wasm": weigh(wasm),
  "JavaScript, minified": weigh(javascript),
  [WHOLE_BUNDLE]: weigh(wasm, javascript),
})

/** Weighs what each file of the subpaths adds to a program that imports it alone; a table like that of `weighParts`. */
export const weighSubpaths = (pkg) => {
  const files = subpaths
    .filter(({ subpath }) => subpath !== ".")
    .flatMap(({ routes }) => routes.map(({ file }) => file))
  return Object.fromEntries(files.map((file) => [file, weigh(minifyWorker(join(pkg, file)))]))
}
