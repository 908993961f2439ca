// Runs the whole suite in the runtime in which Next.js and Vercel's tools run edge functions.
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { installSuite } from "../../support/runtimes.mjs"
import { getBrotliSize, readVersion } from "../projects.mjs"
import { runSuiteProgram } from "../runtimes/ways.mjs"
import { installTools } from "../tools.mjs"
import { bundleForEdge } from "../vercel/edge.mjs"

export default {
  name: "Vercel edge-runtime",
  group: "Vercel",
  async run({ folder, environment }) {
    installSuite(folder)
    const tools = await installTools("vercel")
    const suite = await bundleForEdge(folder, suiteInEdge)
    await writeFile(join(folder, "suite.js"), suite.code)
    await writeFile(join(folder, "modules.json"), JSON.stringify(Object.fromEntries(suite.modules)))
    const runner = join(import.meta.dirname, "../vercel/run-edge.mjs")
    const { passed, failures } = await runSuiteProgram(process.execPath, [runner], { cwd: folder, environment })

    const library = await bundleForEdge(folder, 'import Pusher from "pusher-http-wasm"; globalThis.Pusher = Pusher', {
      minify: true,
    })
    const modules = await Promise.all([...library.modules.values()].map((path) => readFile(path)))
    if (modules.length !== 1)
      failures.push({ name: "imports one module", reason: `the bundle imports ${modules.length}` })
    return {
      version: readVersion(tools, "edge-runtime"),
      passed,
      failures,
      bundleBytes: getBrotliSize(library.code, ...modules),
    }
  },
}

const suiteInEdge = `
import QUnit from "qunit"
import * as library from "pusher-http-wasm"
import { runSuite } from "./js-tests/suite/index.mjs"

// \`json()\` of a response, and structuredClone, return objects of the outer realm, which have other prototypes.
const { deepEqual } = QUnit.assert
const getRoot = (value) => {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null ? value : getRoot(prototype)
}
const isForeign = (value) => typeof value === "object" && value !== null && getRoot(value) !== Object.prototype
const toOurs = (value) => {
  if (isForeign(value)) return JSON.parse(JSON.stringify(value))
  return Array.isArray(value) ? value.map(toOurs) : value
}
QUnit.assert.deepEqual = function (actual, expected, message) {
  return deepEqual.call(this, toOurs(actual), toOurs(expected), message)
}

let result
addEventListener("fetch", (event) => {
  const answer = async () => {
    result ??= runSuite(QUnit, library, await event.request.json())
    return Response.json(await result)
  }
  event.respondWith(answer())
})
`
