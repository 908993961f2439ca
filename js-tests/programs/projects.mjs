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

/** Writes the variables of a Worker into `.dev.vars`. */
export const writeVariables = (folder, variables) =>
  writeFile(
    join(folder, ".dev.vars"),
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  )

/** Starts `wrangler dev` in a folder. `match[1]` of the result is the Worker's origin, and `pid` its process group. */
export async function startWrangler(folder, ...args) {
  const wrangler = join(await installTools("runtimes"), "wrangler/bin/wrangler.js")
  // Wrangler needs a newer Node than the package.
  return serve(await getNode(24), [wrangler, "dev", ...args, "--port", "0", "--inspector-port", "0"], {
    cwd: folder,
    env: { HOME: folder, WRANGLER_SEND_METRICS: "false" },
    ready: /Ready on (http:\/\/\S+)/,
  })
}
