// A single executable, which brings its runtime along.
import { rm } from "node:fs/promises"
import { join } from "node:path"

import { bin, getVersion } from "../../support/packages.mjs"
import { installSuite } from "../../support/runtimes.mjs"
import { run } from "../projects.mjs"
import { inWays, suiteOf } from "../runtimes/ways.mjs"

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
    for (const [way, options] of Object.entries(ways)) await compile(fileOf(way), options)
    // All that it needs is in the executable.
    for (const part of ["node_modules", "js-tests", "package.json"]) await rm(join(folder, part), { recursive: true })
    const visits = Object.keys(ways).map((way) => [
      way,
      () => suiteOf(join(folder, fileOf(way)), [], { cwd, environment }),
    ])
    return { version: getVersion("bun"), ...(await inWays(Object.fromEntries(visits))) }
  },
}

const fileOf = (way) => way.replaceAll(/\W+/g, "-").slice(1)
