// Deno, with no permission but to reach this machine.
import { bin } from "../../support/packages.mjs"
import { run } from "../projects.mjs"
import { suiteOf } from "./ways.mjs"

export const deno = bin("deno")

/** What every program of a user's project is started with, beside what the way to the package needs. */
export const options = ({ server }) => ["--no-prompt", "--no-remote", `--allow-net=${server.host}`]

const env = { DENO_NO_UPDATE_CHECK: "1" }

/** Runs Deno to its end. */
export const runDeno = (args, { cwd, ...settings }) => run(deno, args, { cwd, env: { ...env, ...settings.env } })

/** Runs Deno on the suite. */
export const suiteInDeno = (args, { cwd, environment, ...settings }) =>
  suiteOf(deno, args, { cwd, environment, env: { ...env, ...settings.env } })
