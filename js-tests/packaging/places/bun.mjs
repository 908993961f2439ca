import { rm } from "node:fs/promises"
import { join } from "node:path"

import { bin, getVersion } from "../../support/packages.mjs"
import { installSuite, runtimes } from "../../support/runtimes.mjs"
import { copyApplication, exerciseEndpoints } from "../endpoints/exercise.mjs"
import { exerciseProgram } from "../frameworks/servers.mjs"
import { combine, run } from "../projects.mjs"
import { runSuiteProgram, runWays } from "../runtimes/ways.mjs"
import { measureWeight } from "../runtimes/weight.mjs"

const bun = bin("bun")

export default {
  name: "Bun",
  group: "Runtimes",
  async run(context) {
    const { folder, environment } = context
    installSuite(folder)
    const bundleBytes = await measureWeight(folder, (entry, outdir) =>
      run(bun, ["build", entry, "--target=bun", "--minify", `--outdir=${outdir}`], { cwd: folder }),
    )
    const endpoints = await serveEndpoints(context)
    const suite = await runWays(environment, {
      "bun run": (environment) => runtimes.bun(folder, environment),
      "import and require": (environment) =>
        runSuiteProgram(bun, ["js-tests/runners/node-mixed.mjs"], { cwd: folder, environment }),
      "bun test": (environment) => runInTest(folder, environment),
      "bun build": (environment) => runBuilt(folder, environment),
    })
    return { version: getVersion("bun"), ...suite, ...combine(suite, endpoints), bundleBytes }
  },
}

/** Serves endpoints with `Bun.serve`. */
async function serveEndpoints(context) {
  await copyApplication(context.folder, "fetch.mjs", "serve-bun.mjs")
  return exerciseProgram(context, ["serve-bun.mjs"], {
    node: bun,
    label: "Bun.serve",
    makeCases: exerciseEndpoints,
  })
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
