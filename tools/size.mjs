// What the package weighs and what makes it so: by part, crate, feature and function. Fails above the budget of size-budget.json.
//
//   make size
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs"
import { join, resolve } from "node:path"
import { brotliCompressSync } from "node:zlib"

import * as esbuild from "esbuild"

import { optimise } from "./optimise.mjs"
import budget from "./size-budget.json" with { type: "json" }
import features from "./size-features.json" with { type: "json" }
import { withoutFunctions } from "./wasm-closures.mjs"
import { readModule } from "./wasm-functions.mjs"
import { partsOf, weightsOf } from "./weight.mjs"

const LARGEST = 20

const root = resolve(import.meta.dirname, "..")
const compiled = join(root, "target/bundler/pusher_http_wasm_bg.wasm")
const named = join(root, "target/size/pusher.wasm")

const weights = weightsOf(partsOf(join(root, "pkg")))
printFunctions()
printJavaScript()
console.table(weights)
check()

function printFunctions() {
  const bytes = readFileSync(namedModule())
  const { functions, sections } = readModule(bytes)
  const largest = functions.toSorted((one, other) => other.bytes - one.bytes).slice(0, LARGEST)
  const rows = largest.map(({ name, bytes }) => [readable(name), bytes])
  print("The module by section, raw bytes", Object.entries(sections))
  print(
    "Its functions by crate, raw bytes",
    grouped(functions, ({ name }) => crateOf(name)),
  )
  print(
    "Its functions by feature, raw bytes (told apart by name: tools/size-features.json)",
    grouped(functions, featureOf),
  )
  print(
    "What each feature costs, bytes of brotli: how much less the module weighs without its functions",
    costs(bytes, functions),
  )
  print(`Its ${LARGEST} largest functions, with what was inlined into them, raw bytes`, rows, sections.code)
}

/** The published module, but with the functions' names; made once for each build. */
function namedModule() {
  if (!existsSync(compiled)) throw new Error(`${compiled} is not there: \`make build\` makes it`)
  if (!existsSync(named) || statSync(named).mtimeMs < statSync(compiled).mtimeMs) {
    mkdirSync(join(root, "target/size"), { recursive: true })
    optimise(compiled, named, { names: true })
  }
  return named
}

function costs(bytes, functions) {
  const weight = (isGone) => brotliCompressSync(withoutFunctions(bytes, (at) => isGone(functions[at]))).length
  const whole = weight(() => false)
  const rows = features.map(({ feature }) => [feature, whole - weight((function_) => featureOf(function_) === feature)])
  return rows.filter(([, cost]) => cost > 0).toSorted(([, one], [, other]) => other - one)
}

/** The first crate that a name has: of a method, that of its type. What has none is made by wasm-bindgen around an export of ours. */
function crateOf(name) {
  const [, crate] = /(\w+)\[[0-9a-f]+\]/.exec(name) ?? []
  return (
    crate ?? (name.startsWith("<") ? "core" : /shim$/.test(name) ? "pusher_http_wasm" : "wasm-bindgen and compiler")
  )
}

function featureOf({ name }) {
  return features.find(({ functions }) => new RegExp(functions).test(name)).feature
}

/** Without the crates' hashes. */
function readable(name) {
  return name
    .replace(/\[[0-9a-f]+\]/g, "")
    .replace(/pusher_http_wasm::/g, "")
    .slice(0, 110)
}

/** The start of the package by the file it comes from, as esbuild's comments tell; each minified by itself. */
function printJavaScript() {
  const [, ...parts] = readFileSync(join(root, "pkg/start.js"), "utf8").split(/^\/\/ ((?:target|pkg-template)\/\S+)$/m)
  const files = parts.flatMap((part, at) =>
    at % 2 === 0 ? [{ file: part.replace(/.*\//, ""), text: parts[at + 1] }] : [],
  )
  const minified = files.map(({ file, text }) => ({
    file,
    bytes: minifiedLength(text.replace(/^export \{[^}]*\};?$/m, "")),
  }))
  print(
    "JavaScript by file, raw bytes, each minified by itself",
    grouped(minified, ({ file }) => file),
  )
}

function minifiedLength(text) {
  return esbuild.transformSync(text, { minify: true, format: "esm" }).code.length
}

function grouped(items, keyOf) {
  const sums = {}
  for (const item of items) sums[keyOf(item)] = (sums[keyOf(item)] ?? 0) + item.bytes
  return Object.entries(sums).sort(([, one], [, other]) => other - one)
}

function print(title, rows, total = rows.reduce((sum, [, bytes]) => sum + bytes, 0)) {
  console.log(`\n${title}`)
  for (const [name, bytes] of rows)
    console.log(`${String(bytes).padStart(8)}  ${((100 * bytes) / total).toFixed(1).padStart(5)} %  ${name}`)
}

function check() {
  const allowed = budget["whole worker bundle, bytes of brotli"]
  const { brotli } = weights["whole worker bundle"]
  console.log(
    `The whole worker bundle is ${brotli} bytes of brotli; the budget is ${allowed} (tools/size-budget.json).`,
  )
  if (brotli > allowed) {
    console.error(
      `error: that is ${brotli - allowed} bytes too many: find them above, or say in the commit why the budget is raised`,
    )
    process.exitCode = 1
  }
}
