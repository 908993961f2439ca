// Runs the suite under `bun test`, which passes no arguments: the environment comes in the variable SUITE.
import { expect, test } from "bun:test"

import * as library from "pusher-http-wasm"
import QUnit from "qunit"

import { runSuite } from "../suite/index.mjs"

const timeout = 300_000

test(
  "the suite",
  async () => {
    const result = await runSuite(QUnit, library, JSON.parse(process.env.SUITE))
    console.log(JSON.stringify(result))
    expect(result.failures).toEqual([])
  },
  timeout,
)
