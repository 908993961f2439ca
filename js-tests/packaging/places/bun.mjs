import { rm } from "node:fs/promises"
import { join } from "node:path"

import { bin, getVersion } from "../../support/packages.mjs"
import { installSuite, runtimes } from "../../support/runtimes.mjs"
import { run } from "../projects.mjs"
import { inWays, suiteOf } from "../runtimes/ways.mjs"
import { weightOf } from "../runtimes/weight.mjs"

const bun = bin("bun")

export default {
  name: "Bun",
  group: "Runtimes",
  async run({ folder, environment }) {
    installSuite(folder)
    const runner = (name) => suiteOf(bun, [`js-tests/runners/${name}.mjs`], { cwd: folder, environment })
    const bundleBytes = await weightOf(folder, (entry, outdir) =>
      run(bun, ["build", entry, "--target=bun", "--minify", `--outdir=${outdir}`], { cwd: folder }),
    )
    return {
      version: getVersion("bun"),
      ...(await inWays({
        "bun run": () => runtimes.bun(folder, environment),
        "import and require": () => runner("node-mixed"),
        "bun test": () => inTest(folder, environment),
        "bun build": () => built(folder, environment),
      })),
      bundleBytes,
    }
  },
}

async function inTest(cwd, environment) {
  return suiteOf(bun, ["test", "./js-tests/runners/bun-test.mjs"], { cwd, env: { SUITE: JSON.stringify(environment) } })
}

async function built(folder, environment) {
  await run(bun, ["build", "js-tests/runners/bun.mjs", "--target=bun", "--outdir=built"], { cwd: folder })
  // All that it needs is in the bundle.
  await rm(join(folder, "node_modules"), { recursive: true })
  return suiteOf(bun, ["built/bun.js"], { cwd: folder, environment })
}
