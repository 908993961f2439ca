// Runs a user's tests in workerd, with Cloudflare's pool for vitest.
import assert from "node:assert/strict"
import { cp } from "node:fs/promises"
import { join } from "node:path"

import { writeSmoke } from "../bundlers/project.mjs"
import { combine, copyTools, readVersion, runCases } from "../projects.mjs"
import { getNode } from "../runtimes/node.mjs"
import { runSuiteProgram } from "../runtimes/ways.mjs"

export default {
  name: "vitest with Cloudflare's pool (@cloudflare/vitest-pool-workers)",
  group: "Frameworks",
  async run({ folder, environment, channels, url }) {
    await copyTools("vitest", folder)
    await cp(join(import.meta.dirname, "../vitest/app"), folder, { recursive: true })
    // workerd compiles no bytes: the pool has to take the subpaths' main entry for a Worker.
    await writeSmoke(folder, ["pusher-http-wasm"])
    let result = { passed: 0, failures: [] }
    const cases = await runCases({
      "runs the tests": async () => {
        const before = channels.requests.length
        result = await runSuiteProgram(await getNode(24), ["node_modules/vitest/vitest.mjs", "run"], {
          cwd: folder,
          env: { VITE_CONTEXT: JSON.stringify({ environment, url }), HOME: folder, WRANGLER_SEND_METRICS: "false" },
        })
        assert.deepEqual(JSON.parse(channels.requests[before].body).channels, ["tested"])
      },
      "runs the suite": () => assert.notEqual(result.passed, 0),
    })
    return {
      version: readVersion(join(folder, "node_modules"), "@cloudflare/vitest-pool-workers"),
      ...combine(cases, result),
    }
  },
}
