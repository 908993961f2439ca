// Runs the suite in Node with `import`.
import * as library from "pusher-http-wasm"
import QUnit from "qunit"

import { runSuite } from "../suite/index.mjs"

const result = await runSuite(QUnit, library, JSON.parse(process.argv[2]))
// Exits only once the result is written, but then without waiting for requests that hang on purpose.
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit())
