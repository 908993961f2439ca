// A user's tests, which run in workerd.

import * as library from "pusher-http-wasm"
import { fakeChannels } from "pusher-http-wasm/testing"
import { expect, test } from "vitest"

import { smoke } from "./src/smoke.js"

const { environment, url } = JSON.parse(import.meta.env.VITE_CONTEXT)

test("triggers", async () => {
  const { status } = await library.default.forURL(url).trigger("tested", "greeting", { from: "a test" })
  expect(status).toBe(200)
})

test("triggers on a fake in place of Channels", async () => {
  const fake = fakeChannels()
  const customer = fake.connect("orders")
  await new library.default(fake.options).trigger("orders", "paid", { id: 7 })
  fake.expectTriggered({ channel: "orders", event: "paid", data: { id: 7 } }, { times: 1 })
  expect(customer.received).toEqual([{ channel: "orders", event: "paid", data: { id: 7 } }])
  expect(() => fake.expectTriggered({ data: { id: 8 } })).toThrow("data.id: expected 8, was 7")
})

test("runs a part of the suite", async () => {
  const result = await smoke(library, environment)
  console.log(JSON.stringify(result))
  expect(result.failures).toEqual([])
}, 60_000)
