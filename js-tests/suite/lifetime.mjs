// Clients, tokens and webhooks hold memory of the module until they are freed or garbage-collected.
import { docs, pick, record, thrownBy, vectors } from "./support.mjs"

const ignoreError = (run) => {
  try {
    run()
  } catch {}
}

export default ({ test }, { default: Pusher, PusherError }) => {
  const examples = {
    Pusher: [() => new Pusher(docs), (pusher) => pusher.authorizeChannel("1.1", "private-a")],
    Token: [() => new Pusher.Token("key", "secret"), (token) => token.sign("text")],
    WebHook: [() => new Pusher(docs).webhook({ headers: {}, rawBody: "" }), (webhook) => webhook.isValid()],
  }

  for (const [name, [make, use]] of Object.entries(examples)) {
    test(`throws when a freed ${name} is used, and lets it be freed again`, (t) => {
      const thing = make()
      use(thing)
      thing.free()
      const error = thrownBy(() => use(thing))
      t.true(error instanceof PusherError)
      t.deepEqual(pick(error, "message", "code"), {
        message: `This ${name} has been freed: make a new one`,
        code: "freed",
      })
      thing.free()
      t.strictEqual(String(thing), "[object Object]")
    })

    test(`frees a ${name} at the end of \`using\``, (t) => {
      if (!Symbol.dispose) {
        t.strictEqual(make()[Symbol.dispose], undefined, "this host has no Symbol.dispose")
        return
      }
      const thing = make()
      thing[Symbol.dispose]()
      t.strictEqual(thrownBy(() => use(thing)).code, "freed")
      thing[Symbol.dispose]()
    })
  }

  test("completes the requests of a client that is freed meanwhile", async (t) => {
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

  test("retries the requests of a client that is freed meanwhile, and leaves what needs no client whole", async (t) => {
    const env = { PUSHER_APP_ID: "3", PUSHER_KEY: "key", PUSHER_SECRET: "secret", PUSHER_CLUSTER: "eu" }
    // Reads the names of variables, for which the module has a client of its own.
    const assertAlone = () => t.strictEqual(Pusher.fromEnv(env).config.host, "api-eu.pusher.com")
    assertAlone()
    for (let round = 0; round < 2; round++) {
      const answer = (count) => new Response("{}", { status: count === 1 ? 503 : 200 })
      const { calls, pusher } = record(Pusher, {}, answer)
      const channels = pusher.channels()
      pusher.free()
      t.deepEqual(await channels, {})
      t.deepEqual(
        calls.map(({ url }) => [url.pathname, url.searchParams.get("auth_key")]),
        [
          ["/apps/3/channels", docs.key],
          ["/apps/3/channels", docs.key],
        ],
      )
      assertAlone()
    }
  })

  test("keeps tokens and webhooks of a freed client usable", (t) => {
    const { pusher } = record(Pusher)
    const { config } = pusher
    const [{ body }] = vectors.webhook
    const signature = new Pusher.Token(docs.key, docs.secret).sign(body)
    const headers = { "x-pusher-key": docs.key, "x-pusher-signature": signature, "content-type": "application/json" }
    const webhook = pusher.webhook({ headers, rawBody: body })
    pusher.free()
    t.strictEqual(config.token.sign(body), signature)
    t.true(webhook.isValid())
  })

  test("never answers another client with the input of a freed one", async (t) => {
    const large = "x".repeat(70_000)
    const { calls, pusher } = record(Pusher, { host: "localhost" })
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
      ignoreError(refused)
      t.strictEqual(pusher.authorizeChannel("1.2", "private-a").auth, expected.auth)
      ignoreError(refused)
      t.false(new Pusher.Token(docs.key, docs.secret).verify("text", expected.sealed))
      ignoreError(refused)
      t.strictEqual(new Pusher({ ...docs, cluster: "eu" }).config.host, "api-eu.pusher.com")
      ignoreError(refused)
      await pusher.trigger("a", "event", "x")
      t.deepEqual(calls.at(-1).body, { name: "event", data: "x", channels: ["a"] })
    }
  })

  test("signs with each of 1000 clients' own secret", (t) => {
    const clients = Array.from({ length: 1000 }, (_, index) => new Pusher({ ...docs, secret: `secret ${index}` }))
    const signatures = new Set(clients.map((client) => client.authorizeChannel("1.1", "private-a").auth))
    t.strictEqual(signatures.size, 1000)
  })
}
