// Secrets and signatures stay out of everything that a program might print or log.
import { connect, docs, masterKey, record, rejectionOf, thrownBy } from "./support.mjs"

export default ({ test }, { default: Pusher }, environment) => {
  const options = { ...docs, encryptionMasterKeyBase64: masterKey }

  /** Returns what `console.log`, `String` and `JSON.stringify` show of a value, as far as the runtime tells. */
  const print = async (value) =>
    [JSON.stringify(value), String(value), await inspected(value), String(value?.stack)].join("\n")

  /** Returns what `console.log` shows; `undefined` where the host does not tell. */
  const inspected = async (value) => {
    const { Deno, Bun } = globalThis
    const inspect = Deno?.inspect ?? Bun?.inspect ?? (await import("node:util").catch(() => undefined))?.inspect
    // Bun also shows the lines of the program around an error: known answers, where the suite is in one line.
    return inspect?.(value, { depth: 10 }).replace(/^\d+ \| .*$/gm, "")
  }

  const assertHides = async (t, value, ...secrets) => {
    const text = await print(value)
    for (const secret of secrets) t.false(text.includes(secret), text)
    t.false(/[0-9a-f]{64}/.test(text), text)
  }

  test("prints no secret of a client, its configuration or its token", async (t) => {
    const pusher = new Pusher(options)
    for (const value of [pusher, pusher.config, pusher.config.token, { pusher }])
      await assertHides(t, value, docs.secret, masterKey)
    t.strictEqual(pusher.config.token.secret, docs.secret, "still readable in code")
    t.strictEqual(pusher.config.encryptionMasterKey.length, 32)
    t.deepEqual(JSON.parse(JSON.stringify(pusher)).token, { key: docs.key })
  })

  const webhookOf = (pusher) =>
    pusher.webhook({
      headers: { "x-pusher-key": docs.key, "x-pusher-signature": "0a".repeat(32), "content-type": "application/json" },
      rawBody: "{}",
    })

  test("shows what clients, tokens and webhooks are, and nothing of the module's", async (t) => {
    const pusher = new Pusher({ ...options, cluster: "eu" })
    class Mine extends Pusher {
      own = 1
    }
    const { token } = pusher.config
    for (const [value, ...shown] of [
      [pusher, "Pusher", "api-eu.pusher.com", docs.key],
      [new Mine({ cluster: "eu" }), "api-eu.pusher.com", "own"],
      [token, "Token", docs.key],
      [webhookOf(pusher), "WebHook", docs.key, "application/json"],
      [{ nested: [pusher] }, "Pusher"],
    ]) {
      await assertHides(t, value, docs.secret, masterKey, "pointer", "Symbol(state)", "Getter")
      const text = await inspected(value)
      // A host without `inspect` shows nothing.
      if (text !== undefined) for (const word of shown) t.true(text.includes(word), `${word} in ${text}`)
    }
    for (const value of [Pusher.prototype, Pusher.Token.prototype, Pusher.WebHook.prototype]) await print(value)
    pusher.free()
    t.true(((await inspected(pusher)) ?? "Pusher").includes("Pusher"), "also once it is freed")
  })

  test("copies what clients, tokens and webhooks show, and nothing of the module's", (t) => {
    const pusher = new Pusher({ ...options, cluster: "eu" })
    const config = {
      scheme: "https",
      host: "api-eu.pusher.com",
      port: undefined,
      appId: "3",
      token: { key: docs.key },
      timeout: 10_000,
    }
    const webhook = { key: docs.key, contentType: "application/json" }
    const plain = (value) => ({ ...value, ...(value.token && { token: { ...value.token } }) })
    t.deepEqual(Object.keys(pusher), ["config"])
    t.deepEqual(plain({ ...pusher }.config), config)
    t.deepEqual({ ...pusher.config.token }, { key: docs.key })
    t.deepEqual({ ...webhookOf(pusher) }, webhook)
    // Not `deepEqual`: on some hosts, the copies are of another realm.
    t.propEqual(structuredClone(pusher), { config })
    t.propEqual(structuredClone(pusher.config.token), { key: docs.key })
    t.propEqual(structuredClone(webhookOf(pusher)), webhook)
    t.deepEqual(Object.getOwnPropertySymbols({ ...pusher }), [])
  })

  test("prints no signature in a failed request's error, whatever the host says", async (t) => {
    const { pusher, calls } = record(Pusher, options, (count) => {
      const { href } = calls[count - 1].url
      throw Object.assign(new TypeError(`cannot fetch ${href}`), { path: href })
    })
    const error = await rejectionOf(pusher.trigger("a", "event", "x"))
    await assertHides(t, error, docs.secret)
    t.true(error.url.includes("auth_signature="), "the URL is still readable in code")
    t.true(error.error.message.startsWith("cannot fetch https://"))
  })

  test("prints no signature in causes of causes or in objects that are no Error", async (t) => {
    const { pusher, calls } = record(Pusher, options, (count) => {
      const { href } = calls[count - 1].url
      throw {
        name: "TypeError",
        message: `cannot ${href}`,
        cause: { message: `cannot ${href}`, cause: new Error(`no ${href}`) },
      }
    })
    await assertHides(t, await rejectionOf(pusher.trigger("a", "event", "x")), docs.secret)
  })

  const signature = "0123456789abcdefABCDEF0123456789".repeat(2)
  const words = `no ${signature}`
  class Request {
    constructor(url) {
      this.url = url
      this.headers = new Map([["url", url]])
    }
  }
  const withGetter = (error, name) => Object.defineProperty(error, name, { get: () => words, enumerable: true })
  const nest = (depth) => new Error(words, depth > 0 ? { cause: nest(depth - 1) } : undefined)
  const url = `https://localhost/?auth_signature=${signature}`
  for (const [kind, thrown] of Object.entries({
    "a DOMException": new DOMException(words, "NetworkError"),
    "a frozen error": Object.freeze(new Error(words)),
    "a frozen cause": new Error("failed", { cause: Object.freeze(new Error(words)) }),
    "an error whose message is a getter": withGetter(new Error(), "message"),
    "an error whose message is inherited": Object.create(new Error(words)),
    "an error with a name like that": Object.assign(new Error("failed"), { name: words }),
    "a string": words,
    "a symbol": Symbol(words),
    "a string as the cause": new Error("failed", { cause: words }),
    "an object that is no error": { message: words, url },
    "errors of an AggregateError": new AggregateError([new Error(words), new Error(words)], words),
    "an AggregateError's first error": new AggregateError([new Error(words)]),
    "a URL object": Object.assign(new Error("failed"), { url: new URL(url) }),
    "a request, a configuration and an address": Object.assign(new Error("failed"), {
      request: new Request(url),
      config: { url, params: [url] },
      [url]: 1,
      [Symbol("url")]: url,
    }),
    "an error with a form of its own": Object.assign(new Error("failed"), {
      toJSON: () => words,
      toString: () => words,
      [Symbol.for("nodejs.util.inspect.custom")]: () => words,
    }),
    "a cause six deep": nest(6),
    "a cause sixty deep": nest(60),
    "more digits than a signature has": new Error(`no ${"f".repeat(63)}${signature}${"0".repeat(1000)}`),
    "a signature where the text is cut": new Error(`${"- ".repeat(4080)}${signature}`),
  })) {
    test(`prints no signature where the host throws ${kind}, and leaves that as it is`, async (t) => {
      const seen = Object.getOwnPropertyDescriptors(Object(thrown))
      const error = await rejectionOf(record(Pusher, options, () => Promise.reject(thrown)).pusher.channels())
      await assertHides(t, error)
      t.false(JSON.stringify(error).includes("0123456789abcdef"))
      t.strictEqual(error.error, thrown)
      t.deepEqual(Object.getOwnPropertyDescriptors(Object(thrown)), seen)
    })
  }

  test("says what the host said, without the signature", async (t) => {
    const reasonFor = async (thrown) => {
      const error = await rejectionOf(record(Pusher, options, () => Promise.reject(thrown)).pusher.channels())
      return error.hint
    }
    t.strictEqual(await reasonFor(words), "no (signature)")
    t.strictEqual(await reasonFor(new DOMException(words, "NetworkError")), "no (signature)")
    t.strictEqual(await reasonFor(new TypeError("failed", { cause: new Error(words) })), "no (signature)")
    t.strictEqual(await reasonFor(new AggregateError([new Error("refused"), new Error("other")])), "refused")
    t.strictEqual(await reasonFor(new Error("outer", { cause: {} })), "outer")
    for (const nothing of [undefined, null, {}, new Error()]) t.strictEqual(await reasonFor(nothing), undefined)
  })

  test("never changes what the caller aborts with", async (t) => {
    const reason = Object.assign(new Error(words), { url, cause: { message: words } })
    const message = reason.stack
    const call = record(Pusher).pusher.channels({ signal: AbortSignal.abort(reason) })
    const error = await rejectionOf(call)
    t.strictEqual(error.error, reason)
    t.deepEqual([reason.message, reason.url, reason.cause.message, reason.stack], [words, url, words, message])
    await assertHides(t, error)
  })

  test("redacts a long answer in no time, and keeps the beginning of it", async (t) => {
    for (const body of [
      `${"f".repeat(63)} `.repeat(250_000),
      "f".repeat(16_000_000),
      `${"a ".repeat(5000)}${signature}`,
    ]) {
      const { pusher } = record(Pusher, options, () => new Response(body, { status: 500 }))
      const error = await rejectionOf(pusher.channels())
      await assertHides(t, error)
      t.true(error.body.length < 10_000, String(error.body.length))
    }
  })

  test("prints no secret when a connection or a signature is refused", async (t) => {
    await assertHides(
      t,
      await rejectionOf(connect(Pusher, environment, { port: 1 }).trigger("a", "event", "x")),
      environment.server.secret,
    )
    const forged = await rejectionOf(connect(Pusher, environment, { secret: "other" }).trigger("a", "event", "x"))
    t.strictEqual(forged.status, 401)
    await assertHides(t, forged, environment.server.secret)
  })

  test("shows only the type of an option with a malformed value", (t) => {
    for (const wrong of [{ secret: { value: "tofu" } }, { key: ["tofu"] }, { encryptionMasterKeyBase64: "tofu" }]) {
      const error = thrownBy(() => new Pusher({ ...docs, ...wrong }))
      t.false(`${error.message}${JSON.stringify(error)}`.includes("tofu"))
    }
    const short = thrownBy(() => new Pusher({ encryptionMasterKeyBase64: "YWFhYQ==" }))
    t.strictEqual(
      short.message,
      "encryptionMasterKeyBase64 must decode to 32 bytes, but the provided key decodes to 4 bytes",
    )
  })

  test("prints no signature of an invalid webhook or its error", async (t) => {
    const pusher = new Pusher(docs)
    const signature = "c17257e92037cd7de407ebc1ed174ceb7b2e518db127f44411b9ffc4f5b28cc5"
    const webhook = pusher.webhook({ headers: { "x-pusher-signature": signature }, rawBody: "not json" })
    const error = thrownBy(() => webhook.getData())
    t.strictEqual(error.signature, signature)
    await assertHides(t, error)
    await assertHides(t, webhook)
  })
}
