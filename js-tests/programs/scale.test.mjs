// docs/scale.md says what its script reckons.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

import { makeTables, pagePath, reckon, splitPage } from "../../tools/scale.mjs"

test("docs/scale.md contains what tools/scale.mjs prints", () => {
  const [, tables] = splitPage(readFileSync(pagePath, "utf8"))
  assert.equal(tables, makeTables())
})

test("reckons a rate by hand", () => {
  const { requests, consumers, queues, perDay, plan } = reckon(10_000)
  assert.deepEqual(
    { requests, consumers, queues, perDay, plan },
    { requests: 1000, consumers: 10, queues: 2, perDay: 864_000_000, plan: "none listed" },
  )
})
