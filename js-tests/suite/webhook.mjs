import { docs, thrownBy, vectors } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherWebHookError }) => {
  const [{ secret, body, signature }] = vectors.webhook
  const headers = { "x-pusher-key": "123456789", "x-pusher-signature": signature, "content-type": "application/json" }
  const pusher = new Pusher({ ...docs, key: "123456789", secret })
  const hook = (changes = {}, rawBody = body) => pusher.webhook({ headers: { ...headers, ...changes }, rawBody })

  test("a known webhook is valid, and read", (t) => {
    const webhook = hook()
    t.true(webhook.isValid())
    t.true(webhook.isContentTypeValid())
    t.true(webhook.isBodyValid())
    t.deepEqual(webhook.getData(), JSON.parse(body))
    t.deepEqual(webhook.getEvents(), [{ channel: "test_channel", name: "channel_vacated" }])
    t.deepEqual(webhook.getTime(), new Date(1403175510755))
    t.true(webhook.getTime() instanceof Date)
  })

  test("what it came with can be looked at", (t) => {
    const webhook = hook()
    t.deepEqual(
      [webhook.key, webhook.signature, webhook.contentType, webhook.body],
      ["123456789", signature, "application/json", body],
    )
    t.strictEqual(webhook.getData(), webhook.getData(), "parsed once")
  })

  test("`WebHook` can be constructed with a token, or what looks like one", (t) => {
    for (const token of [new Pusher.Token("123456789", secret), { key: "123456789", secret }, pusher.config.token]) {
      t.true(new Pusher.WebHook(token, { headers, rawBody: body }).isValid())
    }
    t.false(new Pusher.WebHook(undefined, { headers, rawBody: body }).isValid())
  })

  test("header names match in any case, and a `Headers` object will do", (t) => {
    const changed = (change) =>
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [change(name), value]))
    for (const given of [
      changed((name) => name.toUpperCase()),
      changed((name) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())),
      new Headers(headers),
      changed((name) => name),
      Object.assign(Object.create(null), headers),
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    ]) {
      t.true(pusher.webhook({ headers: given, rawBody: body }).isValid())
    }
  })

  test("the body may be bytes", (t) => {
    const bytes = new TextEncoder().encode(body)
    t.true(hook({}, bytes).isValid())
    t.true(hook({}, bytes.buffer).isValid())
    t.deepEqual(hook({}, bytes).getEvents(), JSON.parse(body).events)
  })

  test("the content type may carry a charset", (t) => {
    for (const type of ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"]) {
      t.true(hook({ "content-type": type }).isValid(), type)
    }
    for (const type of ["application/weird", "text/plain", "application/jsonx", "", undefined]) {
      t.false(hook({ "content-type": type }).isContentTypeValid(), type)
      t.false(hook({ "content-type": type }).isValid(), type)
    }
  })

  test("further tokens are for the time in which a key is rotated", (t) => {
    const other = { ...headers, "x-pusher-key": "3" }
    const webhook = () => pusher.webhook({ headers: other, rawBody: body })
    t.false(webhook().isValid())
    t.true(webhook().isValid(new Pusher.Token("3", secret)))
    t.true(webhook().isValid({ key: "3", secret }))
    t.true(webhook().isValid([new Pusher.Token("1", "x"), { key: "2", secret: "y" }, { key: "3", secret }]))
    t.false(webhook().isValid([{ key: "3", secret: "wrong" }]))
    t.false(webhook().isValid([null, undefined, 1, {}, "x"]))
  })

  test("a signature never counts for another token's key", (t) => {
    const [a, b] = [new Pusher.Token("a", "secret a"), new Pusher.Token("b", "secret b")]
    const signed = (key, token) => ({ ...headers, "x-pusher-key": key, "x-pusher-signature": token.sign(body) })
    const valid = (given) => new Pusher.WebHook(a, { headers: given, rawBody: body }).isValid(b)
    t.true(valid(signed("a", a)))
    t.true(valid(signed("b", b)))
    t.false(valid(signed("a", b)))
    t.false(valid(signed("b", a)))
  })

  test("any change makes it invalid", (t) => {
    t.false(hook({ "x-pusher-key": "000" }).isValid())
    t.false(hook({ "x-pusher-signature": signature.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")) }).isValid())
    t.false(hook({ "x-pusher-signature": signature.toUpperCase() }).isValid())
    t.false(hook({}, body + " ").isValid())
    t.false(hook({}, body.replace("vacated", "vacatee")).isValid())
  })

  test("a header missing or doubled makes it invalid", (t) => {
    for (const name of Object.keys(headers)) {
      for (const value of [undefined, null, "", 1, {}, [], [headers[name], headers[name]]]) {
        t.false(hook({ [name]: value }).isValid(), `${name}: ${JSON.stringify(value)}`)
      }
      t.false(hook({ [name.toUpperCase()]: headers[name] }).isValid(), `${name} in two cases`)
      const doubled = new Headers(headers)
      doubled.append(name, headers[name])
      t.false(pusher.webhook({ headers: doubled, rawBody: body }).isValid(), `${name} twice in Headers`)
    }
  })

  test("a body that is not JSON is invalid, however it is signed", (t) => {
    const token = pusher.config.token
    for (const rawBody of ["not json!", "", "{", "\ufeff{}", "\ud800"]) {
      const webhook = hook({ "x-pusher-signature": token.sign(rawBody) }, rawBody)
      t.false(webhook.isBodyValid(), rawBody)
      t.false(webhook.isValid(), rawBody)
    }
  })

  test("malformed input of any kind is invalid, never an exception", (t) => {
    const throwing = {
      get headers() {
        throw new Error("headers")
      },
      get rawBody() {
        throw new Error("body")
      },
    }
    for (const request of [
      undefined,
      null,
      1,
      "request",
      {},
      { headers },
      { rawBody: body },
      throwing,
      { headers: 1, rawBody: {} },
    ]) {
      const webhook = pusher.webhook(request)
      t.false(webhook.isValid())
      t.false(webhook.isBodyValid())
    }
    for (const rawBody of [undefined, null, 1, {}, [], JSON.parse(body), new Uint8Array([0xff, 0xfe])]) {
      t.false(pusher.webhook({ headers, rawBody }).isValid())
    }
    const badGet = {
      get: () => {
        throw new Error("get")
      },
    }
    t.false(pusher.webhook({ headers: badGet, rawBody: body }).isValid())
  })

  test("reading an invalid body throws what npm `pusher` throws", (t) => {
    const webhook = hook({ "content-type": "application/weird" })
    for (const read of ["getData", "getEvents", "getTime"]) {
      const error = thrownBy(() => webhook[read]())
      t.true(error instanceof PusherWebHookError)
      t.strictEqual(error.message, "Invalid WebHook body")
      t.deepEqual([error.contentType, error.body, error.signature], ["application/weird", body, signature])
      t.strictEqual(error.code, "invalid_webhook")
    }
  })

  test("kinds of events yet to come are passed through", (t) => {
    const rawBody = JSON.stringify({
      time_ms: 1,
      events: [{ name: "new_kind", anything: [1, { a: null }] }],
      more: true,
    })
    const webhook = hook({ "x-pusher-signature": pusher.config.token.sign(rawBody) }, rawBody)
    t.true(webhook.isValid())
    t.deepEqual(webhook.getData(), JSON.parse(rawBody))
  })
}
