// What users do in Jest, whose tests run in a realm of their own.
const Pusher = require("pusher-http-wasm")

const app = { appId: "1", key: "key", secret: "secret", cluster: "eu" }
const answering = (answer) => jest.fn().mockResolvedValue(answer)

afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

test("a mocked `fetch` is called with what can be looked at", async () => {
  const fetch = answering({ status: 200, ok: true })
  await new Pusher({ ...app, fetch }).trigger("a", "event", { x: 1 })
  expect(fetch).toHaveBeenCalledTimes(1)
  const [url, init] = fetch.mock.calls[0]
  expect(url).toMatch(/^https:\/\/api-eu\.pusher\.com\/apps\/1\/events\?auth_key=key&/)
  expect(init).toMatchObject({ method: "POST", headers: { "content-type": "application/json" } })
  expect(JSON.parse(init.body)).toEqual({ name: "event", data: '{"x":1}', channels: ["a"] })
})

test("a mocked global `fetch`", async () => {
  jest.spyOn(globalThis, "fetch").mockImplementation(async () => new Response('{"channels":{"a":{}}}'))
  expect(await new Pusher(app).channels()).toEqual({ channels: { a: {} } })
})

test("a mocked answer that only has `json`", async () => {
  const fetch = answering({ status: 200, ok: true, json: async () => ({ channels: { a: {} } }) })
  expect(await new Pusher({ ...app, fetch }).channels()).toEqual({ channels: { a: {} } })
})

test("a mocked refusal", async () => {
  for (const answer of [{ status: 403 }, { ok: false, status: 403 }, { status: 403, text: async () => "no" }]) {
    await expect(new Pusher({ ...app, fetch: answering(answer) }).trigger("a", "event", "x")).rejects.toMatchObject({
      code: "http",
      status: 403,
    })
  }
})

test("`toThrow` knows the errors, as classes and as Errors", () => {
  const call = () => new Pusher(app).trigger("no such name", "event")
  expect(call).toThrow(Pusher.PusherValidationError)
  expect(call).toThrow(Error)
  expect(call).toThrow("Invalid channel name: 'no such name'")
})

test("a webhook's body in any form", () => {
  const pusher = new Pusher(app)
  const body = JSON.stringify({ time_ms: 1, events: [] })
  const headers = {
    "x-pusher-key": "key",
    "content-type": "application/json",
    "x-pusher-signature": pusher.config.token.sign(body),
  }
  const bytes = new TextEncoder().encode(body)
  for (const rawBody of [body, bytes, Buffer.from(body), new Uint8Array(bytes), new Uint8Array(bytes).buffer]) {
    expect(pusher.webhook({ headers, rawBody }).isValid()).toBe(true)
    expect(pusher.webhook({ headers: new Headers(headers), rawBody }).getTime()).toEqual(new Date(1))
  }
})

test("encrypted events", async () => {
  const fetch = answering({ status: 200 })
  await new Pusher({ ...app, fetch, encryptionMasterKeyBase64: `${"A".repeat(43)}=` }).trigger(
    "private-encrypted-a",
    "event",
    "x",
  )
  expect(JSON.parse(JSON.parse(fetch.mock.calls[0][1].body).data)).toEqual({
    nonce: expect.any(String),
    ciphertext: expect.any(String),
  })
})

test("spies on the class and on a client", async () => {
  const spy = jest.spyOn(Pusher.prototype, "trigger").mockResolvedValue({ status: 200 })
  const pusher = new Pusher(app)
  expect(await pusher.trigger("a", "event")).toEqual({ status: 200 })
  expect(spy).toHaveBeenCalledWith("a", "event")
  spy.mockRestore()
  jest.spyOn(pusher, "trigger").mockReturnValue("mine")
  expect(pusher.trigger()).toBe("mine")
})

test("fake timers: the faked clock signs, the faked timeout ends the call, and calls afterwards complete", async () => {
  // In the end, whatever became of the call: Jest takes a hanging test for a failed one, and this one is to say what hangs.
  const outcome = async (call) => {
    let result = "no answer"
    call.then(
      (value) => (result = value),
      (error) => (result = error),
    )
    await jest.advanceTimersByTimeAsync(10_000)
    return result
  }
  jest.useFakeTimers({ now: new Date("2020-01-01T00:00:00Z") })
  const fetch = answering({ status: 200 })
  expect(await outcome(new Pusher({ ...app, fetch }).trigger("a", "event", "x"))).toEqual({ status: 200 })
  expect(fetch.mock.calls[0][0]).toContain("auth_timestamp=1577836800&")
  const never = () => new Promise(() => {})
  expect(await outcome(new Pusher({ ...app, fetch: never }).trigger("a", "event", "x"))).toMatchObject({
    code: "timeout",
  })
  expect(jest.getTimerCount()).toBe(0)
})

test("fake timers that nobody advances do not keep a call, or a later one, from its end", async () => {
  const call = () => new Pusher({ ...app, fetch: answering({ status: 200 }) }).trigger("a", "event", "x")
  jest.useFakeTimers()
  let outcome = "no answer"
  call().then(() => (outcome = "answered"))
  for (let turn = 0; turn < 100; turn++) await null
  jest.useRealTimers()
  expect(outcome).toBe("answered")
  expect(await call()).toEqual({ status: 200 })
})
