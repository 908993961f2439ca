// A user's tests, which run in workerd.

import * as library from "pusher-http-wasm"
import { expect, test } from "vitest"

import { smoke } from "./src/smoke.js"

const { environment, url } = JSON.parse(import.meta.env.VITE_CONTEXT)

test("triggers", async () => {
  const { status } = await library.default.forURL(url).trigger("tested", "greeting", { from: "a test" })
  expect(status).toBe(200)
})

test("runs a part of the suite", async () => {
  const result = await smoke(library, environment)
  console.log(JSON.stringify(result))
  expect(result.failures).toEqual([])
}, 60_000)
