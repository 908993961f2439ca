// Where secrets and signatures could get out, beside what ../redaction.mjs has.
import { docs, masterKey, record, rejectionOf, thrownBy } from "../support.mjs"
import { inspected, printed } from "./print.mjs"

export default ({ test }, { default: Pusher }) => {
  const secret = "s3cr3t-of-the-app-9a8b7c"
  const options = { ...docs, secret, encryptionMasterKeyBase64: masterKey }
  const channel = "private-encrypted-a"
  const SIGNATURE = /[0-9a-f]{64}/

  const assertHides = (t, text, what) => {
    for (const one of [secret, masterKey]) t.false(text.includes(one), `${what}: ${text}`)
    t.false(SIGNATURE.test(text), `${what}: ${text}`)
  }

  test("hooks get no secret, and no signature, whatever becomes of the request", async (t) => {
    const told = []
    const hook = (...args) => void told.push(args)
    const hooks = { onRequest: hook, onResponse: hook, onRetry: hook }
    const answers = {
      accepted: () => new Response("{}"),
      refused: () => new Response("no", { status: 401 }),
      failed: () => new Response("no", { status: 500 }),
      broken: () => {
        throw new TypeError("fetch failed")
      },
    }
    for (const [what, answer] of Object.entries(answers)) {
      const { pusher } = record(Pusher, { ...options, ...hooks }, answer)
      await pusher.channels().catch(() => {})
      await pusher.trigger(channel, "event", { a: 1 }).catch(() => {})
      t.true(told.length > 0)
      for (const args of told.splice(0)) {
        const deep = `${await inspected(args, { showHidden: true })}\n${JSON.stringify(args)}`
        assertHides(t, deep, what)
      }
    }
  })

  test("clones hold no secret", (t) => {
    const pusher = new Pusher(options)
    const webhook = pusher.webhook({ headers: { "x-pusher-key": docs.key }, rawBody: "{}" })
    const error = thrownBy(() => pusher.trigger("#", "event", "x"))
    for (const value of [pusher, pusher.config.token, webhook, error]) {
      let clone
      try {
        clone = structuredClone(value)
      } catch {
        // What has a function cannot be cloned.
      }
      assertHides(t, JSON.stringify(clone) ?? "", "clone")
      assertHides(t, JSON.stringify({ ...value }), "members")
      assertHides(t, JSON.stringify(Object.assign({}, value)), "members")
    }
  })

  test("errors of construction hold no secret, whichever option is wrong", async (t) => {
    const wrong = {
      appId: "..",
      host: "https://localhost/",
      port: 0,
      cluster: "a b",
      scheme: "ftp",
      timeout: -1,
      maxPayloadBytes: 0,
      maxChannels: 0,
      maxResponseBytes: 0,
      pathPrefix: "/..",
      retry: 1,
      headers: { "a b": secret },
      fetchOptions: { headers: { a: `${secret}\n` } },
      json: { stringify: secret },
      fetch: secret,
      now: secret,
    }
    for (const [name, value] of Object.entries(wrong)) {
      assertHides(t, await printed(thrownBy(() => new Pusher({ ...options, [name]: value }))), name)
    }
    for (const [name, value] of Object.entries({
      key: [secret],
      secret: [secret],
      encryptionMasterKeyBase64: `${masterKey}!`,
      encryptionMasterKey: masterKey,
    })) {
      const given = { ...options, encryptionMasterKeyBase64: undefined, [name]: value }
      assertHides(t, await printed(thrownBy(() => new Pusher(given))), name)
    }
    for (const url of [
      `https://key:${secret}@localhost:99999/apps/1`,
      `https://key:${secret}@localhost/nothing`,
      `ftp://key:${secret}@localhost/apps/1`,
      `https://key:${secret}@/apps/1`,
      `https://key:${secret}@local host/apps/1`,
      `https://${secret}@localhost/apps/1`,
      `https://key:${secret}@x@localhost:a/apps/1`,
      `https://key:${secret}%zz@localhost/apps/1`,
    ]) {
      let error
      try {
        Pusher.forURL(url)
      } catch (thrown) {
        error = thrown
      }
      if (error) assertHides(t, await printed(error), url)
    }
  })

  test("errors of calls hold no secret, also in their causes", async (t) => {
    const pusher = new Pusher({ ...options, fetch: () => Promise.reject(new TypeError("failed")), retry: false })
    const calls = [
      () => pusher.trigger("#", "event", "x"),
      () => pusher.trigger(channel, "event", 1n),
      () => pusher.decrypt(channel, { nonce: "AAAA", ciphertext: "AAAA" }),
      () => pusher.decrypt("a", {}),
      () => pusher.channelSharedSecret("a b"),
      () => pusher.authorizeChannel("1.1", "presence-a", {}),
      () => pusher.authenticateUser("1.1", {}),
      () => pusher.createSignedQueryString({ method: "GET", path: "/?" }),
      () => new Pusher({ ...options, now: () => NaN }).trigger("a", "event", "x"),
      () => new Pusher({ ...options, randomBytes: () => secret }).trigger(channel, "event", "x"),
    ]
    for (const call of calls) assertHides(t, await printed(thrownBy(call)), String(call))
    const requests = [
      () => pusher.trigger("a", "event", "x"),
      () => pusher.trigger(channel, "event", "x"),
      () => pusher.channels(),
    ]
    for (const request of requests) {
      const error = await rejectionOf(request())
      for (let part = error; part; part = part.cause) assertHides(t, await printed(part), "request")
    }
  })

  test("says clearly that a method was called on something else", (t) => {
    for (const [type, methods] of Object.entries({
      WebHook: ["isValid", "verify", "isContentTypeValid", "isBodyValid", "getData", "getEvents", "getTime", "free"],
      Token: ["sign", "verify", "free"],
      Pusher: ["trigger", "channels", "authorizeChannel", "webhook", "free", "createSignedQueryString"],
    })) {
      for (const method of methods) {
        for (const other of [undefined, null, {}, "text", new Date()]) {
          const error = thrownBy(() => Pusher[type].prototype[method].call(other, "1.1", "private-a"))
          t.strictEqual(error.message, `Called on what is no ${type} of this copy of pusher-http-wasm`, method)
        }
      }
    }
  })
}
