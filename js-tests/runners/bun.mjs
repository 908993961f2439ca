// Runs the suite in Bun.
import * as library from "pusher-http-wasm"
import QUnit from "qunit"

import { runSuite } from "../suite/index.mjs"

console.log(JSON.stringify(await runSuite(QUnit, library, JSON.parse(process.argv[2]))))
process.exit()
