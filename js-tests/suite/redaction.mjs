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
    return inspect?.(value, { depth: 10 })
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
      await assertHides(t, value, docs.secret, masterKey, "__wbg_ptr", "Symbol(state)", "Getter")
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
    t.deepEqual(structuredClone(pusher), { config })
    t.deepEqual(structuredClone(pusher.config.token), { key: docs.key })
    t.deepEqual(structuredClone(webhookOf(pusher)), webhook)
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
