// Prints what the package weighs by part, crate, feature and function. Fails above the budget in size-budget.json.
//
//   make size
import { readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { brotliCompressSync } from "node:zlib"

import * as esbuild from "esbuild"

import { limit } from "../benches/goals.mjs"
import { makeNamedModule } from "./named-module.mjs"
import budget from "./size-budget.json" with { type: "json" }
import features from "./size-features.json" with { type: "json" }
import { readModule } from "./wasm-functions.mjs"
import { removeFunctions } from "./wasm-unused.mjs"
import { readParts, WHOLE_BUNDLE, weighPackage, weighParts, weighSubpaths } from "./weight.mjs"

const LARGEST = 20

const root = resolve(import.meta.dirname, "..")
const pkg = join(root, "pkg")
const weights = { ...weighParts(readParts(pkg)), ...weighSubpaths(pkg) }
printFunctions()
printJavaScript()
console.table(weights)
checkBudget()

function printFunctions() {
  const bytes = readFileSync(makeNamedModule())
  const { functions, sections } = readModule(bytes)
  const largest = functions.toSorted((one, other) => other.bytes - one.bytes).slice(0, LARGEST)
  const rows = largest.map(({ name, bytes }) => [shortenName(name), bytes])
  print("The module by section, raw bytes", Object.entries(sections))
  print(
    "Its functions by crate, raw bytes",
    sumBy(functions, ({ name }) => getCrate(name)),
  )
  print(
    "Its functions by feature, raw bytes (told apart by name: tools/size-features.json)",
    sumBy(functions, getFeature),
  )
  print(
    "What each feature costs, bytes of brotli: how much less the module weighs without its functions",
    measureFeatures(bytes, functions),
  )
  print(`Its ${LARGEST} largest functions, with what was inlined into them, raw bytes`, rows, sections.code)
}

function measureFeatures(bytes, functions) {
  const weight = (isGone) => brotliCompressSync(removeFunctions(bytes, (at) => isGone(functions[at]))).length
  const whole = weight(() => false)
  const rows = features.map(({ feature }) => [
    feature,
    whole - weight((function_) => getFeature(function_) === feature),
  ])
  return rows.filter(([, cost]) => cost > 0).toSorted(([, one], [, other]) => other - one)
}

/** Returns the first crate in a name, which is a method's type's. Names without one belong to what wasm-bindgen makes around our exports. */
function getCrate(name) {
  const [, crate] = /(\w+)\[[0-9a-f]+\]/.exec(name) ?? []
  return (
    crate ?? (name.startsWith("<") ? "core" : /shim$/.test(name) ? "pusher_http_wasm" : "wasm-bindgen and compiler")
  )
}

function getFeature({ name }) {
  return features.find(({ functions }) => new RegExp(functions).test(name)).feature
}

/** Returns a name without the crates' hashes. */
function shortenName(name) {
  return name
    .replace(/\[[0-9a-f]+\]/g, "")
    .replace(/pusher_http_wasm::/g, "")
    .slice(0, 110)
}

/** Prints the size of start.js by source file, which esbuild's comments name. Each file is minified by itself. */
function printJavaScript() {
  const [, ...parts] = readFileSync(join(root, "pkg/start.js"), "utf8").split(/^\/\/ ((?:target|pkg-template)\/\S+)$/m)
  const files = parts.flatMap((part, at) =>
    at % 2 === 0 ? [{ file: part.replace(/.*\//, ""), text: parts[at + 1] }] : [],
  )
  const minified = files.map(({ file, text }) => ({
    file,
    bytes: measureMinified(text.replace(/^export \{[^}]*\};?$/m, "")),
  }))
  print(
    "JavaScript by file, raw bytes, each minified by itself",
    sumBy(minified, ({ file }) => file),
  )
}

function measureMinified(text) {
  return esbuild.transformSync(text, { minify: true, format: "esm" }).code.length
}

function sumBy(items, keyOf) {
  const sums = {}
  for (const item of items) sums[keyOf(item)] = (sums[keyOf(item)] ?? 0) + item.bytes
  return Object.entries(sums).sort(([, one], [, other]) => other - one)
}

function print(title, rows, total = rows.reduce((sum, [, bytes]) => sum + bytes, 0)) {
  console.log(`\n${title}`)
  for (const [name, bytes] of rows)
    console.log(`${String(bytes).padStart(8)}  ${((100 * bytes) / total).toFixed(1).padStart(5)} %  ${name}`)
}

function checkBudget() {
  const compressed = Object.entries(weights).map(([name, { brotli }]) => [`${name}, bytes of brotli`, brotli])
  const measured = { ...Object.fromEntries(compressed), ...weighPackage(pkg) }
  for (const [row, allowed] of Object.entries(budget)) {
    const bytes = measured[row]
    console.log(`${row}: ${bytes}; the budget is ${allowed} (tools/size-budget.json).`)
    if (bytes <= allowed) continue
    console.error(
      `error: that is ${bytes - allowed} bytes too many: find them above, or say in the commit why the budget is raised`,
    )
    process.exitCode = 1
  }
  const [goal, moonshot] = ["all", "moonshot"].map((kind) => limit("bundle, brotli", kind))
  const missing = weights[WHOLE_BUNDLE].brotli - goal
  const verdict = missing > 0 ? `${missing} bytes are still too many` : "reached"
  console.log(`${WHOLE_BUNDLE}: the goal is ${goal}, ${verdict}; the moonshot is ${moonshot} (benches/goals.json).`)
}
