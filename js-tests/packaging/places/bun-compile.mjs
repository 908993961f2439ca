// Compiles the suite to a single executable that includes the runtime.
import { rm } from "node:fs/promises"
import { join } from "node:path"

import { bin, getVersion } from "../../support/packages.mjs"
import { installSuite } from "../../support/runtimes.mjs"
import { run } from "../projects.mjs"
import { runSuiteProgram, runWays } from "../runtimes/ways.mjs"

const ways = {
  "--compile": [],
  "--compile --minify": ["--minify"],
  "--compile --bytecode": ["--bytecode", "--format=esm"],
}

export default {
  name: "Bun, single executable",
  group: "Runtimes",
  async run({ folder, environment }) {
    installSuite(folder)
    const cwd = folder
    const compile = (outfile, options) =>
      run(bin("bun"), ["build", "js-tests/runners/bun.mjs", "--compile", ...options, `--outfile=${outfile}`], { cwd })
    for (const [way, options] of Object.entries(ways)) await compile(getFile(way), options)
    // The executable must need nothing else.
    for (const part of ["node_modules", "js-tests", "package.json"]) await rm(join(folder, part), { recursive: true })
    const visits = Object.keys(ways).map((way) => [
      way,
      (environment) => runSuiteProgram(join(folder, getFile(way)), [], { cwd, environment }),
    ])
    return { version: getVersion("bun"), ...(await runWays(environment, Object.fromEntries(visits))) }
  },
}

const getFile = (way) => way.replaceAll(/\W+/g, "-").slice(1)
