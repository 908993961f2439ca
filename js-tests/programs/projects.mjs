// Shared by the tests of examples that are projects.
import { cp, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { serve } from "../packaging/projects.mjs"
import { getNode } from "../packaging/runtimes/node.mjs"
import { installTools } from "../packaging/tools.mjs"

/** Copies an example into a folder of the user's. Resolves to its path. */
export async function copyExample(name, parent) {
  const folder = join(parent, name)
  await cp(join(import.meta.dirname, "../../examples", name), folder, {
    recursive: true,
    filter: (path) => !path.includes("node_modules"),
  })
  return folder
}

/** Starts `wrangler dev` in a folder, with variables in `.dev.vars`. `match[1]` of the result is the Worker's origin. */
export async function startWrangler(folder, variables) {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(join(folder, ".dev.vars"), lines.join(""))
  const wrangler = join(await installTools("runtimes"), "wrangler/bin/wrangler.js")
  // Wrangler needs a newer Node than the package.
  return serve(await getNode(24), [wrangler, "dev", "--port", "0", "--inspector-port", "0"], {
    cwd: folder,
    env: { HOME: folder, WRANGLER_SEND_METRICS: "false" },
    ready: /Ready on (http:\/\/\S+)/,
  })
}
