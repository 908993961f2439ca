// Runs the suite in Node with both `import` and `require`: the class comes from one, the error classes from the other.
import { createRequire } from "node:module"

import * as imported from "pusher-http-wasm"
import QUnit from "qunit"

import { runSuite } from "../suite/index.mjs"

const Required = createRequire(import.meta.url)("pusher-http-wasm")
const library = { ...Required, Pusher: Required, default: imported.default }

QUnit.module("import and require", () => {
  QUnit.test("give one class", (t) => {
    t.strictEqual(imported.default, Required)
    t.strictEqual(imported.Pusher, Required)
    t.true(new Required({}) instanceof imported.Pusher)
    t.true(new imported.Pusher({}) instanceof Required)
  })

  QUnit.test("export the same names with the same values", (t) => {
    const { default: _, ...named } = imported
    for (const [name, value] of Object.entries(named)) t.strictEqual(Required[name], value, name)
    t.true(Object.keys(named).length > 1, Object.keys(named).join())
  })
})

const result = await runSuite(QUnit, library, JSON.parse(process.argv[2]))
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit())
