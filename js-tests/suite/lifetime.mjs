// Clients, tokens and webhooks hold memory outside of the garbage collector's sight, which also frees it in the end.
import { docs, recorded, thrownBy, vectors } from "./support.mjs"

const attempt = (run) => {
  try {
    run()
  } catch {}
}

export default ({ test }, { default: Pusher, PusherError }) => {
  const made = {
    Pusher: [() => new Pusher(docs), (pusher) => pusher.authorizeChannel("1.1", "private-a")],
    Token: [() => new Pusher.Token("key", "secret"), (token) => token.sign("text")],
    WebHook: [() => new Pusher(docs).webhook({ headers: {}, rawBody: "" }), (webhook) => webhook.isValid()],
  }

  for (const [name, [make, use]] of Object.entries(made)) {
    test(`a freed ${name} says so, and can be freed again`, (t) => {
      const thing = make()
      use(thing)
      thing.free()
      const error = thrownBy(() => use(thing))
      t.true(error instanceof PusherError)
      t.deepEqual([error.message, error.code], [`This ${name} has been freed: make a new one`, "freed"])
      thing.free()
      t.strictEqual(String(thing), "[object Object]")
    })

    test(`a ${name} can be disposed of by \`using\``, (t) => {
      if (!Symbol.dispose) {
        t.strictEqual(make()[Symbol.dispose], undefined, "not on this host, which has no such thing")
        return
      }
      const thing = make()
      thing[Symbol.dispose]()
      t.strictEqual(thrownBy(() => use(thing)).code, "freed")
      thing[Symbol.dispose]()
    })
  }

  test("a client may be freed while its requests are under way, which complete", async (t) => {
    const answers = []
    const fetch = () => new Promise((resolve) => answers.push(resolve))
    const pusher = new Pusher({ ...docs, fetch })
    const calls = [pusher.trigger("a", "event", "x"), pusher.channels()]
    while (answers.length < 2) await Promise.resolve()
    pusher.free()
    t.strictEqual(thrownBy(() => pusher.trigger("a", "event", "x")).code, "freed")
    for (const answer of answers) answer(new Response('{"channels":{}}'))
    t.strictEqual((await calls[0]).status, 200)
    t.deepEqual(await calls[1], { channels: {} })
  })

  test("what a client gave away outlives it", (t) => {
    const { pusher } = recorded(Pusher)
    const { config } = pusher
    const [{ body }] = vectors.webhook
    const signature = new Pusher.Token(docs.key, docs.secret).sign(body)
    const headers = { "x-pusher-key": docs.key, "x-pusher-signature": signature, "content-type": "application/json" }
    const webhook = pusher.webhook({ headers, rawBody: body })
    pusher.free()
    t.strictEqual(config.token.sign(body), signature)
    t.true(webhook.isValid())
  })

  test("what a freed client or token was asked is nobody else's", async (t) => {
    const large = "x".repeat(70_000)
    const { calls, pusher } = recorded(Pusher, { host: "localhost" })
    const expected = {
      auth: pusher.authorizeChannel("1.2", "private-a").auth,
      sealed: new Pusher.Token(docs.key, docs.secret).sign(large),
    }
    const freed = { pusher: new Pusher(docs), token: new Pusher.Token(docs.key, docs.secret) }
    freed.pusher.free()
    freed.token.free()
    for (const refused of [
      () => freed.pusher.authorizeChannel("9.9", "private-b", { large }),
      () => freed.pusher.trigger("b", "event", large),
      () => freed.token.verify(large, expected.sealed),
      () =>
        new Pusher(docs)
          .webhook({ headers: { "x-pusher-key": docs.key, "x-pusher-signature": expected.sealed }, rawBody: large })
          .isValid(freed.token),
    ]) {
      attempt(refused)
      t.strictEqual(pusher.authorizeChannel("1.2", "private-a").auth, expected.auth)
      attempt(refused)
      t.false(new Pusher.Token(docs.key, docs.secret).verify("text", expected.sealed))
      attempt(refused)
      t.strictEqual(new Pusher({ ...docs, cluster: "eu" }).config.host, "api-eu.pusher.com")
      attempt(refused)
      await pusher.trigger("a", "event", "x")
      t.deepEqual([calls.at(-1).body.channels, calls.at(-1).body.data], [["a"], "x"])
    }
  })

  test("many clients live side by side, each with its own secret", (t) => {
    const clients = Array.from({ length: 1000 }, (_, index) => new Pusher({ ...docs, secret: `secret ${index}` }))
    const signatures = new Set(clients.map((client) => client.authorizeChannel("1.1", "private-a").auth))
    t.strictEqual(signatures.size, 1000)
  })
}
