import { rm } from "node:fs/promises"
import { join } from "node:path"

import { bin, getVersion } from "../../support/packages.mjs"
import { installSuite, runtimes } from "../../support/runtimes.mjs"
import { run } from "../projects.mjs"
import { runSuiteProgram, runWays } from "../runtimes/ways.mjs"
import { measureWeight } from "../runtimes/weight.mjs"

const bun = bin("bun")

export default {
  name: "Bun",
  group: "Runtimes",
  async run({ folder, environment }) {
    installSuite(folder)
    const bundleBytes = await measureWeight(folder, (entry, outdir) =>
      run(bun, ["build", entry, "--target=bun", "--minify", `--outdir=${outdir}`], { cwd: folder }),
    )
    return {
      version: getVersion("bun"),
      ...(await runWays(environment, {
        "bun run": (environment) => runtimes.bun(folder, environment),
        "import and require": (environment) =>
          runSuiteProgram(bun, ["js-tests/runners/node-mixed.mjs"], { cwd: folder, environment }),
        "bun test": (environment) => runInTest(folder, environment),
        "bun build": (environment) => runBuilt(folder, environment),
      })),
      bundleBytes,
    }
  },
}

async function runInTest(cwd, environment) {
  return runSuiteProgram(bun, ["test", "./js-tests/runners/bun-test.mjs"], {
    cwd,
    env: { SUITE: JSON.stringify(environment) },
  })
}

async function runBuilt(folder, environment) {
  await run(bun, ["build", "js-tests/runners/bun.mjs", "--target=bun", "--outdir=built"], { cwd: folder })
  // The bundle must need nothing else.
  await rm(join(folder, "node_modules"), { recursive: true })
  return runSuiteProgram(bun, ["built/bun.js"], { cwd: folder, environment })
}
