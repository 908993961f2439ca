// Runs in workerd what `wrangler deploy` would upload.
import assert from "node:assert/strict"
import { cp, readdir, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { installSuite, workers } from "../../support/runtimes.mjs"
import { serveModules } from "../../support/workerd.mjs"
import { combine, readVersion, run, runCases } from "../projects.mjs"
import { getNode } from "../runtimes/node.mjs"
import { checkScopes, makeBindings } from "../runtimes/scopes.mjs"
import { measureWeight, workerPrograms } from "../runtimes/weight.mjs"
import { installTools } from "../tools.mjs"

const { compatibilityDate } = workers.workerd

export default {
  name: "wrangler deploy, run in workerd",
  group: "Runtimes",
  async run(context) {
    const { folder, environment } = context
    installSuite(folder)
    await writeFile(
      join(folder, "wrangler.json"),
      JSON.stringify({ name: "place", compatibility_date: compatibilityDate }),
    )
    await cp(join(folder, "js-tests/runners/worker.mjs"), join(folder, "js-tests/runners/main.mjs"))
    await cp(join(import.meta.dirname, "../runtimes/scopes-worker.mjs"), join(folder, "main.mjs"))

    const build = (entry, outdir) => dryRun(folder, entry, outdir)
    const output = (await build("js-tests/runners/main.mjs", "suite")) + (await build("main.mjs", "scopes"))
    return {
      version: readVersion(await installTools("runtimes"), "wrangler"),
      compatibilityDate,
      ...combine(
        await serveWhile({ outdir: join(folder, "suite") }, (origin) => runSuiteAt(origin, environment)),
        await serveWhile({ outdir: join(folder, "scopes"), bindings: makeBindings(context) }, (origin) =>
          checkScopes(origin, context),
        ),
        await runCases({
          "is built without warnings": () => assert.doesNotMatch(output, /warning/i),
          "uploads one copy of the module": async () => {
            const files = await readdir(join(folder, "scopes"))
            assert.equal(files.filter((file) => file.endsWith(".wasm")).length, 1, files.join())
          },
        }),
      ),
      bundleBytes: await measureWeight(folder, build, workerPrograms),
    }
  },
}

/** Bundles with wrangler. Resolves to its output. */
async function dryRun(folder, entry, outdir) {
  const wrangler = join(await installTools("runtimes"), "wrangler/bin/wrangler.js")
  // wrangler needs a newer Node than the package.
  return run(await getNode(24), [wrangler, "deploy", entry, "--dry-run", `--outdir=${outdir}`], {
    cwd: folder,
    env: { HOME: folder, WRANGLER_SEND_METRICS: "false" },
  })
}

/** Serves what wrangler has bundled until `visit` is done. */
async function serveWhile(settings, visit) {
  const { url, stop } = await serveModules({ compatibilityDate, ...settings })
  try {
    return await visit(new URL(url).origin)
  } finally {
    stop()
  }
}

async function runSuiteAt(origin, environment) {
  const response = await fetch(origin, { method: "POST", body: JSON.stringify(environment) })
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}
