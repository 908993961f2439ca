// Runs a version of Node from the npm package `node`.
import { join } from "node:path"

import { installSuite, runtimes } from "../../support/runtimes.mjs"
import { readVersion } from "../projects.mjs"
import { installTools } from "../tools.mjs"
import { runSuiteProgram, runWays } from "./ways.mjs"

/** Returns the path of a major version's executable. */
export const getNode = async (major) => join(await installTools("runtimes"), `node${major}/bin/node`)

/** Makes the place of a major version. @returns {import("../run.mjs").Place} */
export const makeNodePlace = (major) => ({
  name: `Node ${major}`,
  group: "Runtimes",
  async run({ folder, environment }) {
    const node = await getNode(major)
    installSuite(folder)
    const runner = (name) => (environment) =>
      runSuiteProgram(node, [`js-tests/runners/${name}.mjs`], { cwd: folder, environment })
    return {
      version: readVersion(await installTools("runtimes"), `node${major}`),
      ...(await runWays(environment, {
        import: (environment) => runtimes["node-esm"](folder, environment, node),
        require: (environment) => runtimes["node-cjs"](folder, environment, node),
        "import and require": runner("node-mixed"),
        "two worker threads": runner("node-threads"),
      })),
    }
  },
})
