import { docs, pick, thrownBy, vectors } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherWebHookError }) => {
  const [{ secret, body, signature }] = vectors.webhook
  const headers = { "x-pusher-key": "123456789", "x-pusher-signature": signature, "content-type": "application/json" }
  const pusher = new Pusher({ ...docs, key: "123456789", secret })
  const makeWebhook = (changes = {}, rawBody = body) => pusher.webhook({ headers: { ...headers, ...changes }, rawBody })

  test("validates and parses a known webhook", (t) => {
    const webhook = makeWebhook()
    t.true(webhook.isValid())
    t.true(webhook.isContentTypeValid())
    t.true(webhook.isBodyValid())
    t.deepEqual(webhook.getData(), JSON.parse(body))
    t.deepEqual(webhook.getEvents(), [{ channel: "test_channel", name: "channel_vacated" }])
    t.deepEqual(webhook.getTime(), new Date(1403175510755))
    t.true(webhook.getTime() instanceof Date)
  })

  test("holds the key, signature, content type and body that it came with", (t) => {
    const webhook = makeWebhook()
    t.deepEqual(pick(webhook, "key", "signature", "contentType", "body"), {
      key: "123456789",
      signature,
      contentType: "application/json",
      body,
    })
    t.strictEqual(webhook.getData(), webhook.getData(), "parsed once")
  })

  test("constructs a `WebHook` from a token or an object with key and secret", (t) => {
    for (const token of [new Pusher.Token("123456789", secret), { key: "123456789", secret }, pusher.config.token]) {
      t.true(new Pusher.WebHook(token, { headers, rawBody: body }).isValid())
    }
    t.false(new Pusher.WebHook(undefined, { headers, rawBody: body }).isValid())
  })

  // Deno loads its `Buffer` when that is first asked for; if the stack is full then, a promise of its own rejects, and the process ends.
  test("leaves the host's `Buffer` alone, whether there is a master key or not", (t) => {
    const own = Object.getOwnPropertyDescriptor(globalThis, "Buffer")
    const encrypted = new Pusher({ ...docs, encryptionMasterKeyBase64: `${"A".repeat(43)}=` })
    let reads = 0
    Object.defineProperty(globalThis, "Buffer", { configurable: true, get: () => void reads++ })
    try {
      encrypted.webhook({ headers, rawBody: body }).isValid()
      t.strictEqual(reads, 0)
      t.strictEqual(encrypted.config.encryptionMasterKey.length, 32)
      t.true(reads > 0)
    } finally {
      if (own) Object.defineProperty(globalThis, "Buffer", own)
      else delete globalThis.Buffer
    }
  })

  test("matches header names in any case, also those of `Headers`", (t) => {
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

  test("accepts a body of bytes", (t) => {
    const bytes = new TextEncoder().encode(body)
    t.true(makeWebhook({}, bytes).isValid())
    t.true(makeWebhook({}, bytes.buffer).isValid())
    t.deepEqual(makeWebhook({}, bytes).getEvents(), JSON.parse(body).events)
  })

  test("accepts a content type with a charset, and no other type", (t) => {
    for (const type of ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"]) {
      t.true(makeWebhook({ "content-type": type }).isValid(), type)
    }
    for (const type of ["application/weird", "text/plain", "application/jsonx", "", undefined]) {
      t.false(makeWebhook({ "content-type": type }).isContentTypeValid(), type)
      t.false(makeWebhook({ "content-type": type }).isValid(), type)
    }
  })

  test("accepts extra tokens while a key is being rotated", (t) => {
    const other = { ...headers, "x-pusher-key": "3" }
    const webhook = () => pusher.webhook({ headers: other, rawBody: body })
    t.false(webhook().isValid())
    t.true(webhook().isValid(new Pusher.Token("3", secret)))
    t.true(webhook().isValid({ key: "3", secret }))
    t.true(webhook().isValid([new Pusher.Token("1", "x"), { key: "2", secret: "y" }, { key: "3", secret }]))
    t.false(webhook().isValid([{ key: "3", secret: "wrong" }]))
    t.false(webhook().isValid([null, undefined, 1, {}, "x"]))
  })

  test("rejects a signature made with another token's secret", (t) => {
    const [a, b] = [new Pusher.Token("a", "secret a"), new Pusher.Token("b", "secret b")]
    const sign = (key, token) => ({ ...headers, "x-pusher-key": key, "x-pusher-signature": token.sign(body) })
    const isValid = (given) => new Pusher.WebHook(a, { headers: given, rawBody: body }).isValid(b)
    t.true(isValid(sign("a", a)))
    t.true(isValid(sign("b", b)))
    t.false(isValid(sign("a", b)))
    t.false(isValid(sign("b", a)))
  })

  test("rejects a changed key, signature or body", (t) => {
    t.false(makeWebhook({ "x-pusher-key": "000" }).isValid())
    t.false(
      makeWebhook({ "x-pusher-signature": signature.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")) }).isValid(),
    )
    t.false(makeWebhook({ "x-pusher-signature": signature.toUpperCase() }).isValid())
    t.false(makeWebhook({}, `${body} `).isValid())
    t.false(makeWebhook({}, body.replace("vacated", "vacatee")).isValid())
  })

  test("rejects a missing or repeated header", (t) => {
    for (const name of Object.keys(headers)) {
      for (const value of [undefined, null, "", 1, {}, [], [headers[name], headers[name]]]) {
        t.false(makeWebhook({ [name]: value }).isValid(), `${name}: ${JSON.stringify(value)}`)
      }
      t.false(makeWebhook({ [name.toUpperCase()]: headers[name] }).isValid(), `${name} in two cases`)
      const doubled = new Headers(headers)
      doubled.append(name, headers[name])
      t.false(pusher.webhook({ headers: doubled, rawBody: body }).isValid(), `${name} twice in Headers`)
    }
  })

  test("rejects a signed body that is not JSON", (t) => {
    const token = pusher.config.token
    for (const rawBody of ["not json!", "", "{", "\ufeff{}", "\ud800"]) {
      const webhook = makeWebhook({ "x-pusher-signature": token.sign(rawBody) }, rawBody)
      t.false(webhook.isBodyValid(), rawBody)
      t.false(webhook.isValid(), rawBody)
    }
  })

  test("rejects malformed input of any kind without throwing", (t) => {
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

  test("throws what npm `pusher` throws when an invalid body is read", (t) => {
    const webhook = makeWebhook({ "content-type": "application/weird" })
    for (const read of ["getData", "getEvents", "getTime"]) {
      const error = thrownBy(() => webhook[read]())
      t.true(error instanceof PusherWebHookError)
      t.deepEqual(pick(error, "message", "code", "contentType", "body", "signature"), {
        message: "Invalid WebHook body",
        code: "invalid_webhook",
        contentType: "application/weird",
        body,
        signature,
      })
    }
  })

  test("passes on kinds of events that it does not know", (t) => {
    const rawBody = JSON.stringify({
      time_ms: 1,
      events: [{ name: "new_kind", anything: [1, { a: null }] }],
      more: true,
    })
    const webhook = makeWebhook({ "x-pusher-signature": pusher.config.token.sign(rawBody) }, rawBody)
    t.true(webhook.isValid())
    t.deepEqual(webhook.getData(), JSON.parse(rawBody))
  })
}
