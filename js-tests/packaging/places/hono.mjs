// Hono on Workers: what `wrangler deploy` would upload, run in workerd.
import assert from "node:assert/strict"
import { readdir, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { workers } from "../../support/runtimes.mjs"
import { serveModules } from "../../support/workerd.mjs"
import { exercise } from "../exercise.mjs"
import { bringProject, link, variablesOf } from "../frameworks/servers.mjs"
import { check, run, together, versionIn } from "../projects.mjs"
import { nodeOf } from "../runtimes/node.mjs"
import { weightOf, workerPrograms } from "../runtimes/weight.mjs"

const { compatibilityDate } = workers.workerd

export default {
  name: "Hono on Workers",
  group: "Frameworks",
  async run(context) {
    const { folder } = context
    await bringProject("hono", folder)
    await writeFile(
      join(folder, "wrangler.json"),
      JSON.stringify({ name: "place", compatibility_date: compatibilityDate }),
    )
    const tools = await link(folder, "hono", "wrangler")
    const wrangler = join(tools, "wrangler/bin/wrangler.js")
    const build = async (entry, outdir) =>
      run(await nodeOf(24), [wrangler, "deploy", entry, "--dry-run", `--outdir=${outdir}`], {
        cwd: folder,
        env: { HOME: folder, WRANGLER_SEND_METRICS: "false" },
      })
    const output = await build("main.mjs", "dist")
    const outdir = join(folder, "dist")
    const { url, stop } = await serveModules({ outdir, compatibilityDate, bindings: variablesOf(context) })
    try {
      return {
        version: versionIn(tools, "hono"),
        compatibilityDate,
        ...together(
          await check(exercise(new URL(url).origin, context)),
          await check({
            "no warning": () => assert.doesNotMatch(output, /warning/i),
            "one copy of the wasm": async () => {
              assert.equal((await readdir(outdir)).filter((file) => file.endsWith(".wasm")).length, 1)
            },
          }),
        ),
        bundleBytes: await weightOf(folder, build, workerPrograms),
      }
    } finally {
      stop()
    }
  },
}
