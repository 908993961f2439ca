// Cloudflare's runtime with one of the settings of ../../support/runtimes.mjs.
import { cp } from "node:fs/promises"
import { join } from "node:path"

import { getVersion } from "../../support/packages.mjs"
import { installSuite, runtimes, workers } from "../../support/runtimes.mjs"
import { serveWorker } from "../../support/workerd.mjs"
import { together } from "../projects.mjs"
import { bindingsOf, checkScopes } from "./scopes.mjs"

/** @param {keyof typeof workers} runtime @returns {import("../run.mjs").Place} */
export const workerdPlace = (runtime, name) => ({
  name,
  group: "Runtimes",
  async run(context) {
    const { folder, environment } = context
    installSuite(folder)
    const suite = await runtimes[runtime](folder, environment)
    return {
      version: getVersion("workerd"),
      ...workers[runtime],
      ...together(suite, await scopes(context, runtime)),
    }
  },
})

async function scopes(context, runtime) {
  const { folder } = context
  const entry = join(folder, "worker.mjs")
  await cp(join(import.meta.dirname, "scopes-worker.mjs"), entry)
  const worker = await serveWorker({
    folder,
    entry,
    name: "scopes",
    bindings: bindingsOf(context),
    ...workers[runtime],
  })
  try {
    return await checkScopes(new URL(worker.url).origin, context)
  } finally {
    worker.stop()
  }
}
