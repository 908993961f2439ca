/** @jest-environment jsdom */
// jsdom has neither TextEncoder nor TextDecoder, neither fetch nor Response.
const util = require("node:util")

test("names what is missing when it is imported", () => {
  expect(() => require("pusher-http-wasm")).toThrow(/pusher-http-wasm needs .*Text(En|De)coder/s)
})

test("signs, reads bytes of another realm and sends with the caller's `fetch` once both are set", async () => {
  Object.assign(globalThis, { TextEncoder: util.TextEncoder, TextDecoder: util.TextDecoder })
  const Pusher = require("pusher-http-wasm")
  const body = JSON.stringify({ time_ms: 1, events: [] })
  const pusher = new Pusher({ appId: "1", key: "key", secret: "secret", fetch: async () => ({ status: 200 }) })
  const headers = {
    "x-pusher-key": "key",
    "content-type": "application/json",
    "x-pusher-signature": pusher.config.token.sign(body),
  }
  for (const rawBody of [body, Buffer.from(body), new Uint8Array(Buffer.from(body))]) {
    expect(pusher.webhook({ headers, rawBody }).isValid()).toBe(true)
  }
  expect(await pusher.trigger("a", "event", "x")).toEqual({ status: 200 })
})
