// Bundles scripts for Vercel's edge runtime.
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { join } from "node:path"

import { esbuild } from "../../../tools/packages.mjs"

/** Bundles one script, as Next does: `x.wasm?module` becomes a global variable that the host sets to the compiled module. */
export async function bundleForEdge(folder, contents, { plugins = [], ...options } = {}) {
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
    plugins: [wasm, ...plugins],
    logLevel: "error",
    ...options,
  })
  return { code: outputFiles[0].text, modules }
}
