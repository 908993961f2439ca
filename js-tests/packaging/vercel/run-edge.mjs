// Runs suite.js in edge-runtime, with the modules that it asks for; prints what it answers. With the settings of Next in production:
// no code and no wasm out of strings and bytes, modules compiled outside and handed in.
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
