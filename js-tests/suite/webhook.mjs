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
    for (const rawBody of [undefined, null, 1, true, {}, [], Object.create(null), new Uint8Array([0xff, 0xfe])]) {
      t.false(pusher.webhook({ headers, rawBody }).isValid())
    }
    const odd = [undefined, null, 1, "", {}, [], () => {}, { "x-pusher-key": {} }]
    for (const given of odd) t.false(pusher.webhook({ headers: given, rawBody: body }).isValid())
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

  const reasons = {
    no_body: [
      { headers, rawBody: undefined },
      { headers, rawBody: "" },
      { headers, rawBody: {} },
      { rawBody: "" },
      {},
      undefined,
    ],
    not_signed: [
      { rawBody: body },
      { headers: { ...headers, "x-pusher-key": undefined }, rawBody: body },
      { headers: { ...headers, "x-pusher-key": "" }, rawBody: body },
      { headers: { ...headers, "x-pusher-signature": undefined }, rawBody: "not json" },
      { headers: { ...headers, "X-Pusher-Signature": signature }, rawBody: body },
    ],
    unknown_key: [{ headers: { ...headers, "x-pusher-key": "another" }, rawBody: body }],
    bad_signature: [
      { headers: { ...headers, "x-pusher-signature": "0" }, rawBody: body },
      { headers: { ...headers, "x-pusher-signature": "0".repeat(64) }, rawBody: body },
      { headers: { ...headers, "content-type": "text/plain" }, rawBody: `${body} ` },
      { headers, rawBody: "not json" },
      { headers, rawBody: new Uint8Array([0xff, 0xfe]) },
    ],
    content_type: [
      { headers: { ...headers, "content-type": "text/plain" }, rawBody: body },
      { headers: { ...headers, "content-type": undefined }, rawBody: body },
      { headers: { ...headers, ...sign("not json"), "content-type": "text/plain" }, rawBody: "not json" },
    ],
    not_json: [{ headers: { ...headers, ...sign("not json") }, rawBody: "not json" }],
  }
  function sign(rawBody) {
    return { "x-pusher-signature": pusher.config.token.sign(rawBody) }
  }

  for (const [reason, requests] of Object.entries(reasons)) {
    test(`says that a webhook is invalid for the reason ${reason}`, (t) => {
      for (const request of requests) {
        const webhook = pusher.webhook(request)
        t.strictEqual(webhook.reason, reason)
        t.false(webhook.isValid())
        t.strictEqual(webhook.reason, reason, "the same afterwards")
        const error = thrownBy(() => webhook.verify())
        t.true(error instanceof PusherWebHookError)
        t.deepEqual(pick(error, "message", "code", "reason", "body", "signature"), {
          message: `Invalid WebHook: ${reason}`,
          code: "invalid_webhook",
          reason,
          body: webhook.body,
          signature: webhook.signature,
        })
        t.deepEqual(pick(JSON.parse(JSON.stringify(error)), "reason", "signature"), { reason, signature: undefined })
      }
    })
  }

  test("gives a valid webhook no reason, and its data by `verify`", (t) => {
    const webhook = makeWebhook()
    t.strictEqual(webhook.reason, undefined)
    t.deepEqual(webhook.verify(), JSON.parse(body))
    t.strictEqual(webhook.verify(), webhook.getData())
  })

  test("says what to look at where a reason does not say so itself", (t) => {
    const hintOf = (request) => thrownBy(() => pusher.webhook(request).verify()).hint
    t.deepEqual(Object.fromEntries(Object.entries(reasons).map(([reason, [request]]) => [reason, hintOf(request)])), {
      no_body: "Pass the text or bytes received as `rawBody`, not undefined",
      not_signed: undefined,
      unknown_key: undefined,
      bad_signature: "Another secret signed it, or the body changed",
      content_type: undefined,
      not_json: undefined,
    })
  })

  test("verifies by further tokens, and `reason` stays that of `isValid()` without them", (t) => {
    const webhook = makeWebhook({ "x-pusher-key": "3" })
    t.deepEqual(webhook.verify({ key: "3", secret }), JSON.parse(body))
    t.deepEqual(webhook.verify([{ key: "2", secret }, new Pusher.Token("3", secret)]), JSON.parse(body))
    t.strictEqual(webhook.reason, "unknown_key")
    const wrong = [
      { key: "3", secret: "wrong" },
      { key: "2", secret },
    ]
    t.strictEqual(thrownBy(() => webhook.verify(wrong)).reason, "bad_signature")
    t.strictEqual(thrownBy(() => webhook.verify([])).reason, "unknown_key")
  })

  test("gives the reason why data cannot be read, whoever signed it", (t) => {
    const reasonOf = (changes, rawBody) => thrownBy(() => makeWebhook(changes, rawBody).getEvents()).reason
    t.strictEqual(reasonOf({}, ""), "no_body")
    t.strictEqual(reasonOf({ "content-type": "text/plain" }), "content_type")
    t.strictEqual(reasonOf({ "x-pusher-key": undefined }, "not json"), "not_json")
  })

  test("takes a token without a key or secret for no token", (t) => {
    for (const [key, given] of [
      ["old", ""],
      ["", ""],
      ["", "secret"],
    ]) {
      const token = new Pusher.Token(key, given)
      const signed = { "x-pusher-key": key, "x-pusher-signature": token.sign(body) }
      t.false(token.verify(body, token.sign(body)))
      for (const extra of [token, { key, secret: given }, [{ key, secret: given }]]) {
        t.false(makeWebhook(signed).isValid(extra))
        t.strictEqual(thrownBy(() => makeWebhook(signed).verify(extra)).reason, key ? "bad_signature" : "not_signed")
      }
      const request = { headers: { ...headers, ...signed }, rawBody: body }
      t.false(new Pusher.WebHook(token, request).isValid())
      t.false(new Pusher.WebHook({ key, secret: given }, request).isValid())
      t.false(new Pusher({ key, secret: given }).webhook(request).isValid())
    }
  })

  test("takes a freed token, or what only looks like one, for no token", (t) => {
    const freed = new Pusher.Token("3", secret)
    freed.free()
    const derived = (members) => Object.create(Pusher.Token.prototype, Object.getOwnPropertyDescriptors(members))
    const webhook = makeWebhook({ "x-pusher-key": "3" })
    for (const token of [freed, derived({}), derived({ key: "3" }), Pusher.Token.prototype, Pusher.Token]) {
      t.false(webhook.isValid(token))
      t.true(webhook.isValid([token, { key: "3", secret }]))
      t.false(new Pusher.WebHook(token, { headers: { ...headers, "x-pusher-key": "3" }, rawBody: body }).isValid())
    }
  })

  test("parses what it verified, even if the buffer is used for something else meanwhile", (t) => {
    const forged = body.replace("test", "evil")
    const uses = {
      "valid, then read": (webhook, replace) => [webhook.isValid(), replace(), webhook.getData()],
      "read, then valid": (webhook, replace) => [webhook.getData(), replace(), webhook.isValid()],
      "looked at, then verified": (webhook, replace) => [webhook.isBodyValid(), replace(), webhook.verify()],
    }
    for (const [name, use] of Object.entries(uses)) {
      const bytes = new TextEncoder().encode(body)
      const webhook = makeWebhook({}, bytes)
      const results = use(webhook, () => new TextEncoder().encodeInto(forged, bytes))
      t.true(webhook.isValid(), name)
      t.deepEqual(webhook.getData(), JSON.parse(body), name)
      t.deepEqual(
        results.filter((result) => result.events),
        [JSON.parse(body)],
        name,
      )
    }
  })

  test("says what was given where that can never be a `rawBody`", async (t) => {
    const promise = Promise.resolve(body)
    const request = () => new Request("https://example.org/", { method: "POST", body, headers })
    const streams = [new ReadableStream(), { getReader() {} }]
    const hint = "Pass the text or bytes received as `rawBody`"
    for (const rawBody of [promise, ...streams, request(), new Blob([body]), JSON.parse(body), {}, [1], null, 5]) {
      const type = Array.isArray(rawBody)
        ? "a list"
        : rawBody === null
          ? "null"
          : rawBody === 5
            ? "a number"
            : "an object"
      for (const given of [{ headers, rawBody }, new Pusher.WebHook(pusher.config.token, { headers, rawBody })]) {
        const webhook = given.rawBody === undefined ? given : pusher.webhook(given)
        t.false(webhook.isValid())
        for (const read of ["getEvents", "getData", "getTime", "verify"]) {
          const error = thrownBy(() => webhook[read]())
          t.deepEqual(pick(error, "reason", "hint"), { reason: "no_body", hint: `${hint}, not ${type}` })
        }
      }
    }
    for (const given of [request(), Promise.resolve({ headers, rawBody: body }), {}, undefined]) {
      t.strictEqual(thrownBy(() => pusher.webhook(given).getEvents()).hint, `${hint}, not undefined`)
    }
    for (const rawBody of ["", new Uint8Array()]) {
      t.strictEqual(thrownBy(() => pusher.webhook({ headers, rawBody }).getEvents()).hint, hint)
    }
    // A Request that a framework has given a raw body.
    t.true(pusher.webhook(Object.assign(request(), { rawBody: body })).isValid())
    await promise
  })

  test("says so where `headers` have not been awaited", (t) => {
    const late = pusher.webhook({ headers: Promise.resolve(new Headers(headers)), rawBody: body })
    t.false(late.isValid())
    for (const read of ["getEvents", "verify"]) {
      t.strictEqual(thrownBy(() => late[read]()).hint, "Await `headers`")
    }
    // Next 15 gives a promise that still has the methods of `Headers`.
    const both = (given) => Object.assign(Promise.resolve(), { get: (name) => given[name] })
    t.true(pusher.webhook({ headers: both(headers), rawBody: body }).isValid())
    t.strictEqual(thrownBy(() => pusher.webhook({ headers: both({}), rawBody: body }).verify()).hint, undefined)
  })

  test("holds its token, not enumerable", (t) => {
    const webhook = makeWebhook()
    t.strictEqual(webhook.token, pusher.config.token)
    t.deepEqual(Object.keys(webhook), ["key", "contentType"])
    const token = { key: "123456789", secret }
    t.strictEqual(new Pusher.WebHook(token, { headers, rawBody: body }).token, token)
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
