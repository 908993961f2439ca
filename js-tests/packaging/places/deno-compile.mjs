// A single executable, which brings its runtime along.
import { rm } from "node:fs/promises"
import { join } from "node:path"

import { getVersion } from "../../support/packages.mjs"
import { installSuite } from "../../support/runtimes.mjs"
import { Unavailable } from "../projects.mjs"
import { options, runDeno } from "../runtimes/deno.mjs"
import { inWays, suiteOf } from "../runtimes/ways.mjs"

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
          ...options(environment),
          ...extra,
          "--no-check",
          "--node-modules-dir=manual",
          `--output=${fileOf(way)}`,
          "js-tests/runners/deno.mjs",
        ],
        // Where whoever runs the tests may have put the runtime that goes into executables.
        { cwd: folder, env: process.env.DENORT_BIN && { DENORT_BIN: process.env.DENORT_BIN } },
      )
    try {
      for (const [way, extra] of Object.entries(ways)) await compile(way, extra)
    } catch (error) {
      if (!/error sending request for url \(https:\/\/dl\.deno\.land\/\S+\)/.test(error.message)) throw error
      throw new Unavailable(
        "Deno could not fetch the runtime that it puts into executables (DENORT_BIN may name a copy of it)",
        version,
      )
    }
    // All that it needs is in the executable.
    for (const part of ["node_modules", "js-tests", "package.json"]) await rm(join(folder, part), { recursive: true })
    const visits = Object.keys(ways).map((way) => [
      way,
      () => suiteOf(join(folder, fileOf(way)), [], { cwd: folder, environment }),
    ])
    return { version, ...(await inWays(Object.fromEntries(visits))) }
  },
}

const fileOf = (way) => way.replaceAll(/\W+/g, "-")
