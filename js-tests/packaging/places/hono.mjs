// Runs in workerd what `wrangler deploy` would upload of a Hono application.
import assert from "node:assert/strict"
import { readdir, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { workers } from "../../support/runtimes.mjs"
import { serveModules } from "../../support/workerd.mjs"
import { copyApplication, exerciseBoth } from "../endpoints/exercise.mjs"
import { copyProject, linkTools, makeVariables } from "../frameworks/servers.mjs"
import { combine, readVersion, run, runCases } from "../projects.mjs"
import { getNode } from "../runtimes/node.mjs"
import { measureWeight, workerPrograms } from "../runtimes/weight.mjs"

const { compatibilityDate } = workers.workerd

export default {
  name: "Hono on Workers",
  group: "Frameworks",
  async run(context) {
    const { folder } = context
    await copyProject("hono", folder)
    await copyApplication(folder)
    await writeFile(
      join(folder, "wrangler.json"),
      JSON.stringify({ name: "place", compatibility_date: compatibilityDate }),
    )
    const tools = await linkTools(folder, "hono", "wrangler")
    const wrangler = join(tools, "wrangler/bin/wrangler.js")
    const build = async (entry, outdir) =>
      run(await getNode(24), [wrangler, "deploy", entry, "--dry-run", `--outdir=${outdir}`], {
        cwd: folder,
        env: { HOME: folder, WRANGLER_SEND_METRICS: "false" },
      })
    const output = await build("main.mjs", "dist")
    const outdir = join(folder, "dist")
    const { url, stop } = await serveModules({ outdir, compatibilityDate, bindings: makeVariables(context) })
    try {
      return {
        version: readVersion(tools, "hono"),
        compatibilityDate,
        ...combine(
          await runCases(exerciseBoth(new URL(url).origin, context)),
          await runCases({
            "is built without warnings": () => assert.doesNotMatch(output, /warning/i),
            "uploads one copy of the module": async () => {
              assert.equal((await readdir(outdir)).filter((file) => file.endsWith(".wasm")).length, 1)
            },
          }),
        ),
        bundleBytes: await measureWeight(folder, build, workerPrograms),
      }
    } finally {
      stop()
    }
  },
}
