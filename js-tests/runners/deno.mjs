// Runs the suite in Deno, which is allowed nothing but this machine's network.
import * as library from "pusher-http-wasm"
import QUnit from "qunit"

import { runSuite } from "../suite/index.mjs"

console.log(JSON.stringify(await runSuite(QUnit, library, JSON.parse(Deno.args[0]))))
Deno.exit()
