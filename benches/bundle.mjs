// A Worker as Wrangler bundles it where nodejs_compat is on: what packages `require` of Node is imported instead.
import { builtinModules } from "node:module"
import { join } from "node:path"

import { bundleWorker } from "../js-tests/workerd.mjs"

const builtin = new RegExp(`^(node:)?(${builtinModules.filter((name) => !name.startsWith("_")).join("|")})$`)

const nodeModules = {
  name: "node-modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: builtin }, ({ path, kind }) => {
      const name = `node:${path.replace("node:", "")}`
      return kind === "require-call" ? { path: name, namespace: "required" } : { path: name, external: true }
    })
    onLoad({ filter: /./, namespace: "required" }, ({ path }) => ({
      contents: `import module_ from ${JSON.stringify(path)}; module.exports = module_`,
    }))
  },
}

/** A package in the place of another: `{ name: path }`. */
const replacing = (replacements) => ({
  name: "replacing",
  setup({ onResolve }) {
    for (const [name, path] of Object.entries(replacements)) onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path }))
  },
})

/** The folder of the modules. `replacements` as `{ name: path }`. */
export const bundleNodeWorker = async (folder, entry, replacements = {}) => {
  const outdir = join(folder, "workers", entry)
  await bundleWorker({ entry: join(folder, entry), outdir, plugins: [replacing(replacements), nodeModules] })
  return outdir
}
