// Runs Deno with no permission except to reach this machine.
import { bin } from "../../support/packages.mjs"
import { run } from "../projects.mjs"
import { runSuiteProgram } from "./ways.mjs"

export const deno = bin("deno")

/** Makes the options with which every program of a user's project is started. */
export const makeOptions = ({ server }) => ["--no-prompt", "--no-remote", `--allow-net=${server.host}`]

const env = { DENO_NO_UPDATE_CHECK: "1" }

/** Runs Deno to its end. */
export const runDeno = (args, { cwd, ...settings }) => run(deno, args, { cwd, env: { ...env, ...settings.env } })

/** Runs the suite in Deno. */
export const runSuiteInDeno = (args, { cwd, environment, ...settings }) =>
  runSuiteProgram(deno, args, { cwd, environment, env: { ...env, ...settings.env } })
