// What `wrangler deploy` would upload.
import assert from "node:assert/strict"
import { cp, readdir, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { installSuite, workers } from "../../support/runtimes.mjs"
import { serveModules } from "../../support/workerd.mjs"
import { check, run, together, versionIn } from "../projects.mjs"
import { nodeOf } from "../runtimes/node.mjs"
import { bindingsOf, checkScopes } from "../runtimes/scopes.mjs"
import { weightOf, workerPrograms } from "../runtimes/weight.mjs"
import { toolsOf } from "../tools.mjs"

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
      version: versionIn(await toolsOf("runtimes"), "wrangler"),
      compatibilityDate,
      ...together(
        await served({ outdir: join(folder, "suite") }, (origin) => suite(origin, environment)),
        await served({ outdir: join(folder, "scopes"), bindings: bindingsOf(context) }, (origin) =>
          checkScopes(origin, context),
        ),
        await check({
          "no warning": () => assert.doesNotMatch(output, /warning/i),
          "one copy of the wasm": async () => {
            const files = await readdir(join(folder, "scopes"))
            assert.equal(files.filter((file) => file.endsWith(".wasm")).length, 1, files.join())
          },
        }),
      ),
      bundleBytes: await weightOf(folder, build, workerPrograms),
    }
  },
}

/** Resolves to what wrangler printed. */
async function dryRun(folder, entry, outdir) {
  const wrangler = join(await toolsOf("runtimes"), "wrangler/bin/wrangler.js")
  // It asks for a newer Node than the package does.
  return run(await nodeOf(24), [wrangler, "deploy", entry, "--dry-run", `--outdir=${outdir}`], {
    cwd: folder,
    env: { HOME: folder, WRANGLER_SEND_METRICS: "false" },
  })
}

/** Serves what wrangler has bundled, as long as it is visited. */
async function served(settings, visit) {
  const { url, stop } = await serveModules({ compatibilityDate, ...settings })
  try {
    return await visit(new URL(url).origin)
  } finally {
    stop()
  }
}

async function suite(origin, environment) {
  const response = await fetch(origin, { method: "POST", body: JSON.stringify(environment) })
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}
