// A Worker as Wrangler bundles it where nodejs_compat is on: what packages `require` of Node is imported instead.
import { builtinModules, createRequire } from "node:module"
import { join } from "node:path"

import { bundleWorker } from "../js-tests/support/workerd.mjs"

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

/** What `pusher` sends with in their builds for browsers, which are the host's own `fetch` and `AbortController`; Wrangler takes these. */
const browserBuilds = (transport) => ({
  name: "browser-builds",
  setup({ onResolve }) {
    onResolve({ filter: /^(node-fetch|abort-controller)$/ }, ({ path, importer }) => ({
      path: path === "node-fetch" && transport ? transport : createRequire(importer).resolve(`${path}/browser.js`),
    }))
  },
})

/** Bundles `entry`, and gives the folder of the modules. `transport`: a module's path in the place of `node-fetch`. */
export const bundleNodeWorker = async (folder, entry, transport) => {
  const outdir = join(folder, "workers", entry)
  await bundleWorker({ entry: join(folder, entry), outdir, plugins: [browserBuilds(transport), nodeModules] })
  return outdir
}
