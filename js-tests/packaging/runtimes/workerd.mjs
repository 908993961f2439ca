// Runs the suite in workerd with one of the settings of ../../support/runtimes.mjs.
import { cp } from "node:fs/promises"
import { join } from "node:path"

import { getVersion } from "../../support/packages.mjs"
import { installSuite, runtimes, workers } from "../../support/runtimes.mjs"
import { serveWorker } from "../../support/workerd.mjs"
import { combine } from "../projects.mjs"
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
      ...combine(suite, await runScopes(context, runtime)),
    }
  },
})

async function runScopes(context, runtime) {
  const { folder } = context
  const entry = join(folder, "worker.mjs")
  await cp(join(import.meta.dirname, "scopes-worker.mjs"), entry)
  const worker = await serveWorker({
    folder,
    entry,
    name: "scopes",
    bindings: makeBindings(context),
    ...workers[runtime],
  })
  try {
    return await checkScopes(new URL(worker.url).origin, context)
  } finally {
    worker.stop()
  }
}
