// Users' tests in Jest, which runs them in a realm of its own.
const Pusher = require("pusher-http-wasm")

const app = { appId: "1", key: "key", secret: "secret", cluster: "eu" }
const mockFetch = (answer) => jest.fn().mockResolvedValue(answer)

afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

test("calls a mocked `fetch` with plain values", async () => {
  const fetch = mockFetch({ status: 200, ok: true })
  await new Pusher({ ...app, fetch }).trigger("a", "event", { x: 1 })
  expect(fetch).toHaveBeenCalledTimes(1)
  const [url, init] = fetch.mock.calls[0]
  expect(url).toMatch(/^https:\/\/api-eu\.pusher\.com\/apps\/1\/events\?auth_key=key&/)
  expect(init).toMatchObject({ method: "POST", headers: { "content-type": "application/json" } })
  expect(JSON.parse(init.body)).toEqual({ name: "event", data: '{"x":1}', channels: ["a"] })
})

test("accepts a mocked global `fetch`", async () => {
  jest.spyOn(globalThis, "fetch").mockImplementation(async () => new Response('{"channels":{"a":{}}}'))
  expect(await new Pusher(app).channels()).toEqual({ channels: { a: {} } })
})

test("accepts a mocked answer with only `json`", async () => {
  const fetch = mockFetch({ status: 200, ok: true, json: async () => ({ channels: { a: {} } }) })
  expect(await new Pusher({ ...app, fetch }).channels()).toEqual({ channels: { a: {} } })
})

test("rejects after a mocked refusal", async () => {
  for (const answer of [{ status: 403 }, { ok: false, status: 403 }, { status: 403, text: async () => "no" }]) {
    await expect(new Pusher({ ...app, fetch: mockFetch(answer) }).trigger("a", "event", "x")).rejects.toMatchObject({
      code: "http",
      status: 403,
    })
  }
})

test("throws errors that `toThrow` recognises as their class and as Error", () => {
  const call = () => new Pusher(app).trigger("no such name", "event")
  expect(call).toThrow(Pusher.PusherValidationError)
  expect(call).toThrow(Error)
  expect(call).toThrow("Invalid channel name: 'no such name'")
})

test("reads a webhook's body in any form", () => {
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

test("encrypts events", async () => {
  const fetch = mockFetch({ status: 200 })
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

test("lets methods of the class and of a client be spied on", async () => {
  const spy = jest.spyOn(Pusher.prototype, "trigger").mockResolvedValue({ status: 200 })
  const pusher = new Pusher(app)
  expect(await pusher.trigger("a", "event")).toEqual({ status: 200 })
  expect(spy).toHaveBeenCalledWith("a", "event")
  spy.mockRestore()
  jest.spyOn(pusher, "trigger").mockReturnValue("mine")
  expect(pusher.trigger()).toBe("mine")
})

test("signs with a faked clock and times out with a faked timer", async () => {
  // Returns after the deadline even if the call hangs, so that the failure says what hangs.
  const getOutcome = async (call) => {
    let result = "pending"
    const keep = (valueOrError) => {
      result = valueOrError
    }
    call.then(keep, keep)
    await jest.advanceTimersByTimeAsync(10_000)
    return result
  }
  jest.useFakeTimers({ now: new Date("2020-01-01T00:00:00Z") })
  const fetch = mockFetch({ status: 200 })
  expect(await getOutcome(new Pusher({ ...app, fetch }).trigger("a", "event", "x"))).toEqual({ status: 200 })
  expect(fetch.mock.calls[0][0]).toContain("auth_timestamp=1577836800&")
  const never = () => new Promise(() => {})
  expect(await getOutcome(new Pusher({ ...app, fetch: never }).trigger("a", "event", "x"))).toMatchObject({
    code: "timeout",
  })
  expect(jest.getTimerCount()).toBe(0)
})

test("completes calls while fake timers stand still, and later ones", async () => {
  const call = () => new Pusher({ ...app, fetch: mockFetch({ status: 200 }) }).trigger("a", "event", "x")
  jest.useFakeTimers()
  let outcome = "pending"
  call().then(() => {
    outcome = "answered"
  })
  for (let turn = 0; turn < 100; turn++) await null
  jest.useRealTimers()
  expect(outcome).toBe("answered")
  expect(await call()).toEqual({ status: 200 })
})
