// Runs the suite in workerd with one of the settings of ../../support/runtimes.mjs.
import { cp } from "node:fs/promises"
import { join } from "node:path"

import { getVersion } from "../../support/packages.mjs"
import { installSuite, runtimes, workers } from "../../support/runtimes.mjs"
import { serveWorker } from "../../support/workerd.mjs"
import { copyApplication, exerciseEndpoints } from "../endpoints/exercise.mjs"
import { makeVariables } from "../frameworks/servers.mjs"
import { combine, prefixNames, runCases } from "../projects.mjs"
import { checkScopes, makeBindings } from "./scopes.mjs"

/** Makes the place of a setting. @param {keyof typeof workers} runtime @returns {import("../run.mjs").Place} */
export const makeWorkerdPlace = (runtime, name) => ({
  name,
  group: "Runtimes",
  async run(context) {
    const { folder, environment } = context
    installSuite(folder)
    const suite = await runtimes[runtime](folder, environment)
    return {
      version: getVersion("workerd"),
      ...workers[runtime],
      ...combine(suite, await runScopes(context, runtime), await runEndpoints(context, runtime)),
    }
  },
})

async function runScopes(context, runtime) {
  await cp(join(import.meta.dirname, "scopes-worker.mjs"), join(context.folder, "worker.mjs"))
  const settings = { file: "worker.mjs", name: "scopes", bindings: makeBindings(context) }
  return serveWhile(context, runtime, settings, (origin) => checkScopes(origin, context))
}

/** Runs `export default { fetch }` of endpoints. */
async function runEndpoints(context, runtime) {
  await copyApplication(context.folder, "fetch.mjs")
  const settings = { file: "fetch.mjs", name: "endpoints", bindings: makeVariables(context) }
  return serveWhile(context, runtime, settings, (origin) =>
    runCases(prefixNames("endpoints", exerciseEndpoints(origin, context))),
  )
}

/** Serves a Worker until `visit` is done. */
async function serveWhile({ folder }, runtime, { file, ...settings }, visit) {
  const { url, stop } = await serveWorker({ folder, entry: join(folder, file), ...settings, ...workers[runtime] })
  try {
    return await visit(new URL(url).origin)
  } finally {
    stop()
  }
}
