// Compiles the suite to a single executable that includes the runtime.
import { rm } from "node:fs/promises"
import { join } from "node:path"

import { getVersion } from "../../support/packages.mjs"
import { installSuite } from "../../support/runtimes.mjs"
import { Unavailable } from "../projects.mjs"
import { makeOptions, runDeno } from "../runtimes/deno.mjs"
import { runSuiteProgram, runWays } from "../runtimes/ways.mjs"

const ways = { "deno compile": [], "deno compile --bundle": ["--bundle", "--minify"] }

export default {
  name: "Deno, single executable",
  group: "Runtimes",
  async run({ folder, environment }) {
    const version = getVersion("deno")
    installSuite(folder)
    const compile = (way, extra) =>
      runDeno(
        [
          "compile",
          ...makeOptions(environment),
          ...extra,
          "--no-check",
          "--node-modules-dir=manual",
          `--output=${getFile(way)}`,
          "js-tests/runners/deno.mjs",
        ],
        // The person running the tests may have a copy of the runtime for executables.
        { cwd: folder, env: process.env.DENORT_BIN && { DENORT_BIN: process.env.DENORT_BIN } },
      )
    try {
      for (const [way, extra] of Object.entries(ways)) await compile(way, extra)
    } catch (error) {
      if (!/error sending request for url \(https:\/\/dl\.deno\.land\/\S+\)/.test(error.message)) throw error
      throw new Unavailable(
        "Deno could not fetch the runtime for executables (DENORT_BIN may name a copy of it)",
        version,
      )
    }
    // The executable must need nothing else.
    for (const part of ["node_modules", "js-tests", "package.json"]) await rm(join(folder, part), { recursive: true })
    const visits = Object.keys(ways).map((way) => [
      way,
      (environment) => runSuiteProgram(join(folder, getFile(way)), [], { cwd: folder, environment }),
    ])
    return { version, ...(await runWays(environment, Object.fromEntries(visits))) }
  },
}

const getFile = (way) => way.replaceAll(/\W+/g, "-")
