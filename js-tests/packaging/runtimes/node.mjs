// A version of Node, from the npm package `node`.
import { join } from "node:path"

import { installSuite, runtimes } from "../../support/runtimes.mjs"
import { versionIn } from "../projects.mjs"
import { toolsOf } from "../tools.mjs"
import { inWays, suiteOf } from "./ways.mjs"

/** The executable of a major version. */
export const nodeOf = async (major) => join(await toolsOf("runtimes"), `node${major}/bin/node`)

/** @returns {import("../run.mjs").Place} */
export const nodePlace = (major) => ({
  name: `Node ${major}`,
  group: "Runtimes",
  async run({ folder, environment }) {
    const node = await nodeOf(major)
    installSuite(folder)
    const runner = (name) => suiteOf(node, [`js-tests/runners/${name}.mjs`], { cwd: folder, environment })
    return {
      version: versionIn(await toolsOf("runtimes"), `node${major}`),
      ...(await inWays({
        import: () => runtimes["node-esm"](folder, environment, node),
        require: () => runtimes["node-cjs"](folder, environment, node),
        "import and require": () => runner("node-mixed"),
        "two worker threads": () => runner("node-threads"),
      })),
    }
  },
})
