// Deno, with no permission but the network of this machine.
import * as library from "pusher-http-wasm"
import QUnit from "qunit"

import { runSuite } from "../suite/index.mjs"

console.log(JSON.stringify(await runSuite(QUnit, library, JSON.parse(Deno.args[0]))))
Deno.exit()
