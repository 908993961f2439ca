// Serves Vercel's edge function, bundled to one script, in edge-runtime. It has the variables, and no code from strings.
import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"

const [script, tools] = process.argv.slice(2)
const { EdgeRuntime, runServer } = createRequire(tools)("edge-runtime")

// Those of Node's modules that Vercel's edge runtime has.
const names = ["node:async_hooks", "node:assert", "node:buffer", "node:events", "node:util"]
const hostModules = Object.fromEntries(names.map((name) => [name, process.getBuiltinModule(name)]))
const runtime = new EdgeRuntime({
  extend: (context) => Object.assign(context, { process: { env: process.env }, hostModules }),
  initialCode: await readFile(script, "utf8"),
})
const { url } = await runServer({ runtime, host: "127.0.0.1", port: 0 })
console.log(`listening on ${new URL(url).port}`)
