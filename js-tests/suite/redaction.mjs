// No secret and no signature is shown by what a program prints without thinking.
import { connected, docs, recorded, rejectionOf, thrownBy } from "./support.mjs"

export default ({ test }, { default: Pusher }, environment) => {
  const masterKey = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="
  const options = { ...docs, encryptionMasterKeyBase64: masterKey }

  /** What `console.log` and others would show of a value, as far as the runtime lets a program see it. */
  const shown = async (value) => {
    const inspect =
      globalThis.Deno?.inspect ??
      globalThis.Bun?.inspect ??
      (await import("node:util").catch(() => undefined))?.inspect ??
      String
    return [JSON.stringify(value), String(value), inspect(value, { depth: 10 }), String(value?.stack)].join("\n")
  }

  const hides = async (t, value, ...secrets) => {
    const text = await shown(value)
    for (const secret of secrets) t.false(text.includes(secret), text)
    t.false(/[0-9a-f]{64}/.test(text), text)
  }

  test("a client, its configuration and its token show no secret", async (t) => {
    const pusher = new Pusher(options)
    for (const value of [pusher, pusher.config, pusher.config.token, { pusher }])
      await hides(t, value, docs.secret, masterKey)
    t.strictEqual(pusher.config.token.secret, docs.secret, "but it is there for the program")
    t.strictEqual(pusher.config.encryptionMasterKey.length, 32)
    t.deepEqual(JSON.parse(JSON.stringify(pusher)).token, { key: docs.key })
  })

  test("a failed request shows no signature, whatever the host and the server say", async (t) => {
    const { pusher, calls } = recorded(Pusher, options, (count) => {
      const { href } = calls[count - 1].url
      throw Object.assign(new TypeError(`cannot fetch ${href}`), { path: href })
    })
    const error = await rejectionOf(pusher.trigger("a", "event", "x"))
    await hides(t, error, docs.secret)
    t.true(error.url.includes("auth_signature="), "but the URL is there for the program")
    t.true(error.error.message.startsWith("cannot fetch https://"))
  })

  test("nor does a cause of a cause, or an error that is none of this realm's", async (t) => {
    const { pusher, calls } = recorded(Pusher, options, (count) => {
      const { href } = calls[count - 1].url
      throw {
        name: "TypeError",
        message: `cannot ${href}`,
        cause: { message: `cannot ${href}`, cause: new Error(`no ${href}`) },
      }
    })
    await hides(t, await rejectionOf(pusher.trigger("a", "event", "x")), docs.secret)
  })

  test("a refused connection and a refused signature show none either", async (t) => {
    await hides(
      t,
      await rejectionOf(connected(Pusher, environment, { port: 1 }).trigger("a", "event", "x")),
      environment.server.secret,
    )
    const forged = await rejectionOf(connected(Pusher, environment, { secret: "other" }).trigger("a", "event", "x"))
    t.strictEqual(forged.status, 401)
    await hides(t, forged, environment.server.secret)
  })

  test("an error about an option in the wrong place shows only its type", (t) => {
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

  test("an invalid webhook's error shows no signature", async (t) => {
    const pusher = new Pusher(docs)
    const signature = "c17257e92037cd7de407ebc1ed174ceb7b2e518db127f44411b9ffc4f5b28cc5"
    const webhook = pusher.webhook({ headers: { "x-pusher-signature": signature }, rawBody: "not json" })
    const error = thrownBy(() => webhook.getData())
    t.strictEqual(error.signature, signature)
    await hides(t, error)
    await hides(t, webhook)
  })
}
