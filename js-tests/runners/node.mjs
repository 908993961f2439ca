// Node, `import`.
import * as library from "pusher-http-wasm"
import QUnit from "qunit"

import { runSuite } from "../suite/index.mjs"

const result = await runSuite(QUnit, library, JSON.parse(process.argv[2]))
// What hangs must not keep the runner from its end, the suite has seen it already; but a long result takes a while to write.
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit())
