// Runs the whole suite in the runtime in which Next.js and Vercel's tools run edge functions.
import { createHash } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { esbuild } from "../../../tools/packages.mjs"
import { installSuite } from "../../support/runtimes.mjs"
import { getBrotliSize, readVersion } from "../projects.mjs"
import { runSuiteProgram } from "../runtimes/ways.mjs"
import { installTools } from "../tools.mjs"

export default {
  name: "Vercel edge-runtime",
  group: "Vercel",
  async run({ folder, environment }) {
    installSuite(folder)
    const tools = await installTools("vercel")
    const suite = await bundle(folder, suiteInEdge)
    await writeFile(join(folder, "suite.js"), suite.code)
    await writeFile(join(folder, "modules.json"), JSON.stringify(Object.fromEntries(suite.modules)))
    const runner = join(import.meta.dirname, "../vercel/run-edge.mjs")
    const { passed, failures } = await runSuiteProgram(process.execPath, [runner], { cwd: folder, environment })

    const library = await bundle(folder, 'import Pusher from "pusher-http-wasm"; globalThis.Pusher = Pusher', {
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

/** Bundles one script, as Next does: `x.wasm?module` becomes a global variable that the host sets to the compiled module. */
async function bundle(folder, contents, options = {}) {
  const modules = new Map()
  const wasm = {
    name: "wasm-module",
    setup(build) {
      build.onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({
        path: join(resolveDir, path.slice(0, -"?module".length)),
        namespace: "wasm-module",
      }))
      build.onLoad({ filter: /./, namespace: "wasm-module" }, async ({ path }) => {
        const hash = createHash("sha1")
          .update(await readFile(path))
          .digest("hex")
        modules.set(`wasm_${hash}`, path)
        return { contents: `export default globalThis.wasm_${hash}` }
      })
    },
  }
  const { outputFiles } = await esbuild.build({
    absWorkingDir: folder,
    stdin: { contents, resolveDir: folder, sourcefile: "edge.mjs" },
    bundle: true,
    write: false,
    format: "iife",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["edge-light", "import"],
    external: ["node:*"],
    plugins: [wasm],
    logLevel: "error",
    ...options,
  })
  return { code: outputFiles[0].text, modules }
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
const toOurs = (value) => (isForeign(value) ? JSON.parse(JSON.stringify(value)) : value)
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
