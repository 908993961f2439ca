// Runs the suite under `deno test`.
import * as library from "pusher-http-wasm"
import QUnit from "qunit"

import { runSuite } from "../suite/index.mjs"

Deno.test({
  name: "the suite",
  // Some cases leave requests hanging on purpose.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const result = await runSuite(QUnit, library, JSON.parse(Deno.args[0]))
    console.log(JSON.stringify(result))
    if (result.failed > 0) throw new Error(`${result.failed} failed`)
  },
})
