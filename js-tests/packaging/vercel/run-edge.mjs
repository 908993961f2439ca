// Runs suite.js in edge-runtime with the modules that it imports, and prints its answer. Uses Next's settings for production: no code from
// strings, no wasm from bytes; modules are compiled outside and passed in.
import { readFile } from "node:fs/promises"

import { EdgeRuntime } from "edge-runtime"

const modules = JSON.parse(await readFile("modules.json", "utf8"))
const compiled = await Promise.all(
  Object.entries(modules).map(async ([name, path]) => [name, await WebAssembly.compile(await readFile(path))]),
)
const runtime = new EdgeRuntime({
  codeGeneration: { strings: false, wasm: false },
  extend: (context) => Object.assign(context, Object.fromEntries(compiled)),
  initialCode: await readFile("suite.js", "utf8"),
})
const response = await runtime.dispatchFetch("http://edge.test/", { method: "POST", body: process.argv[2] })
process.stdout.write(`\n${await response.text()}\n`, () => process.exit())
