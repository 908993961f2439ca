import { docs, pick, record, thrownBy } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherValidationError, Token }) => {
  const getUrl = async (options) => {
    const { calls, pusher } = record(Pusher, options)
    await pusher.get({ path: "/channels" })
    return calls[0].url
  }

  test("uses TLS and Pusher's host by default", async (t) => {
    const url = await getUrl({})
    t.strictEqual(url.origin, "https://api.pusherapp.com")
    t.strictEqual(url.pathname, "/apps/3/channels")
  })

  test("takes the host from the cluster, unless `host` names one", async (t) => {
    t.strictEqual((await getUrl({ cluster: "eu" })).origin, "https://api-eu.pusher.com")
    t.strictEqual((await getUrl({ cluster: "yet-to-come1" })).origin, "https://api-yet-to-come1.pusher.com")
    t.strictEqual((await getUrl({ cluster: "eu", host: "example.org" })).origin, "https://example.org")
    t.strictEqual(
      (await getUrl({ host: "", cluster: "eu" })).origin,
      "https://api-eu.pusher.com",
      "an empty host counts as none",
    )
  })

  test("puts scheme, port and prefix into the URL", async (t) => {
    t.strictEqual((await getUrl({ useTLS: false })).origin, "http://api.pusherapp.com")
    t.strictEqual((await getUrl({ scheme: "http", useTLS: true })).protocol, "http:", "scheme wins")
    t.strictEqual((await getUrl({ host: "localhost", port: 6001 })).origin, "https://localhost:6001")
    t.strictEqual((await getUrl({ host: "localhost", port: "6001" })).origin, "https://localhost:6001")
    t.strictEqual((await getUrl({ host: "localhost:6001" })).origin, "https://localhost:6001")
    t.strictEqual((await getUrl({ host: "[::1]", port: 6001 })).origin, "https://[::1]:6001")
    t.strictEqual((await getUrl({ pathPrefix: "/a b/" })).pathname, "/a%20b/apps/3/channels")
  })

  test("does not sign the prefix, which the server never sees", async (t) => {
    const [plain, prefixed] = [await getUrl({}), await getUrl({ pathPrefix: "/prefix" })]
    t.strictEqual(prefixed.searchParams.get("auth_signature"), plain.searchParams.get("auth_signature"))
  })

  test("shows in `config` what npm `pusher` shows", (t) => {
    const { config } = new Pusher({
      appId: 1234,
      key: "f00d",
      secret: "tofu",
      port: 8080,
      timeout: 1001,
      host: "example.org",
    })
    t.strictEqual(config.appId, 1234)
    t.strictEqual(config.token.key, "f00d")
    t.strictEqual(config.token.secret, "tofu")
    t.true(config.token instanceof Token)
    t.deepEqual(pick(config, "scheme", "host", "port", "timeout"), {
      scheme: "https",
      host: "example.org",
      port: 8080,
      timeout: 1001,
    })
    t.strictEqual(new Pusher({}).config.host, "api.pusherapp.com")
    t.strictEqual(new Pusher({}).config.port, undefined)
    t.strictEqual(new Pusher({}).config.timeout, 10_000)
    t.strictEqual(new Pusher({ appId: "1234" }).config.appId, "1234")
  })

  test("always returns the same frozen `config`", (t) => {
    const pusher = new Pusher({})
    t.strictEqual(pusher.config, pusher.config)
    t.true(Object.isFrozen(pusher.config))
  })

  test("forCluster: the cluster takes precedence over the options", (t) => {
    t.strictEqual(
      Pusher.forCluster("eu", { ...docs, host: "example.org", cluster: "us2" }).config.host,
      "api-eu.pusher.com",
    )
    t.strictEqual(Pusher.forCluster("eu", docs).config.token.key, docs.key)
    t.strictEqual(Pusher.forCluster("eu", { ...docs, port: 8080 }).config.port, 8080)
  })

  test("forURL takes every part and percent-decodes it", (t) => {
    const { config } = Pusher.forURL("https://k%2Fey:se%3Acr%40et@api.example.com:8443/apps/4321")
    t.strictEqual(config.token.key, "k/ey")
    t.strictEqual(config.token.secret, "se:cr@et")
    t.deepEqual(pick(config, "scheme", "host", "port", "appId"), {
      scheme: "https",
      host: "api.example.com",
      port: 8443,
      appId: 4321,
    })
  })

  test("forURL accepts a secret with colons, an app id of letters, and an IPv6 host", (t) => {
    t.strictEqual(Pusher.forURL("http://key:se:cr:et@localhost/apps/1").config.token.secret, "se:cr:et")
    t.strictEqual(Pusher.forURL("http://key:secret@localhost/apps/my-app").config.appId, "my-app")
    t.strictEqual(Pusher.forURL("http://key:secret@[::1]:6001/apps/1").config.host, "[::1]")
    t.strictEqual(Pusher.forURL("http://key:secret@localhost/apps/1/").config.appId, 1)
  })

  test("forURL: the URL takes precedence, the options give the rest", (t) => {
    const { config } = Pusher.forURL("http://key:secret@localhost/apps/1", {
      appId: 2,
      host: "example.org",
      timeout: 5,
    })
    t.deepEqual(pick(config, "appId", "host", "timeout", "scheme"), {
      appId: 1,
      host: "localhost",
      timeout: 5,
      scheme: "http",
    })
  })

  test("forURL accepts a path prefix", async (t) => {
    const urls = []
    const fetch = async (url) => {
      urls.push(url)
      return new Response("{}")
    }
    await Pusher.forURL("http://key:secret@localhost/a/b/apps/1", { fetch }).get({ path: "/channels" })
    t.strictEqual(new URL(urls[0]).pathname, "/a/b/apps/1/channels")
  })

  for (const [url, part] of [
    ["", "scheme"],
    ["key:secret@localhost/apps/1", "scheme"],
    ["ftp://key:secret@localhost/apps/1", "scheme"],
    ["http://localhost/apps/1", "key"],
    ["http://:secret@localhost/apps/1", "key"],
    ["http://key@localhost/apps/1", "secret"],
    ["http://key:@localhost/apps/1", "secret"],
    ["http://key:%zz@localhost/apps/1", "secret"],
    ["http://key:secret@/apps/1", "host"],
    ["http://key:secret@localhost:port/apps/1", "port"],
    ["http://key:secret@localhost:0/apps/1", "port"],
    ["http://key:secret@localhost", "/apps/"],
    ["http://key:secret@localhost/1", "/apps/"],
    ["http://key:secret@localhost/apps/", "app id"],
    ["http://key:secret@localhost/apps/1/2", "/apps/"],
  ]) {
    test(`forURL names the malformed part of '${url}'`, (t) => {
      const error = thrownBy(() => Pusher.forURL(url))
      t.true(error instanceof PusherValidationError)
      t.strictEqual(error.code, "invalid_url")
      t.true(error.message.includes(part), error.message)
      t.false(error.message.includes("secret@"), "does not quote the URL")
    })
  }

  test("accepts missing credentials until a call needs them", (t) => {
    const trigger = (pusher) => pusher.trigger("channel", "event", {})
    const assertMissing = (field, options, call = trigger) => {
      const error = thrownBy(() => call(new Pusher(options)))
      t.true(error instanceof PusherValidationError)
      t.deepEqual(pick(error, "code", "field"), { code: "missing_option", field })
    }
    assertMissing("appId", {})
    assertMissing("key", { appId: "1" })
    assertMissing("key", { appId: "1", key: "" })
    assertMissing("secret", { appId: "1", key: "key" })
    assertMissing("key", { appId: "1" }, (pusher) => pusher.authorizeChannel("1.2", "private-a"))
    t.false(new Pusher({}).webhook({ headers: {}, rawBody: "{}" }).isValid())
  })

  for (const [name, values] of Object.entries({
    appId: [{}, true, 1n],
    key: [1, {}],
    secret: [1, {}],
    cluster: ["e u", "eu/..", "eu.example.org#", 1],
    host: [
      "http://localhost",
      "localhost/path",
      "local host",
      "a@b",
      "a?b",
      "a#b",
      "localhost:",
      "localhost:0",
      "[::1",
      1,
    ],
    port: [0, -1, 65536, 1.5, NaN, "port", {}],
    scheme: ["ws", "HTTPS", 1],
    useTLS: ["false", 0, {}],
    pathPrefix: ["/a/../b", 1],
    signPathPrefix: ["true", 1, {}],
    maxChannels: [0, -1, 1.5, NaN, Infinity, "many", {}, true],
    maxBatchEvents: [0, -1, 1.5, NaN, Infinity, "many", {}, true],
    timeout: [-1, NaN, Infinity, "soon", {}],
    fetch: [1, {}, "fetch"],
    headers: [1, "x: y"],
    now: [1],
    randomBytes: [1],
  })) {
    test(`refuses a malformed \`${name}\` in the constructor`, (t) => {
      for (const value of values) {
        const error = thrownBy(() => new Pusher({ ...docs, [name]: value }))
        t.true(error instanceof PusherValidationError)
        t.deepEqual(
          pick(error, "code", "field"),
          { code: "invalid_option", field: name },
          `${String(value)}: ${error.message}`,
        )
      }
    })
  }

  test("rounds a timeout up, at most to the longest that timers can take", (t) => {
    for (const [timeout, expected] of [
      [0, 0],
      [0.1, 1],
      [1.5, 2],
      ["7", 7],
      [2 ** 31 - 1, 2 ** 31 - 1],
      [2 ** 31, 2 ** 31 - 1],
      [1e300, 2 ** 31 - 1],
    ]) {
      t.strictEqual(new Pusher({ timeout }).config.timeout, expected, String(timeout))
    }
  })

  test("refuses a port next to a host that already has one", (t) => {
    t.strictEqual(thrownBy(() => new Pusher({ host: "localhost:1", port: 2 })).field, "host")
  })

  test("treats `null` and `undefined` options as left out", (t) => {
    const names = [
      "appId",
      "key",
      "secret",
      "cluster",
      "host",
      "port",
      "useTLS",
      "signPathPrefix",
      "maxChannels",
      "maxBatchEvents",
      "timeout",
      "fetch",
      "encryptionMasterKeyBase64",
    ]
    for (const nothing of [null, undefined]) {
      const pusher = new Pusher(Object.fromEntries(names.map((name) => [name, nothing])))
      t.strictEqual(pusher.config.host, "api.pusherapp.com")
    }
    t.strictEqual(new Pusher().config.scheme, "https")
    t.strictEqual(new Pusher(null).config.scheme, "https")
    t.strictEqual(thrownBy(() => new Pusher("options")).code, "invalid_argument")
  })

  test("accepts deprecated options and warns in npm `pusher`'s words", (t) => {
    const { warn } = console
    const warnings = []
    console.warn = (warning) => warnings.push(warning)
    try {
      t.strictEqual(new Pusher({ encrypted: false }).config.scheme, "http")
      t.strictEqual(new Pusher({ encrypted: true }).config.scheme, "https")
      t.strictEqual(new Pusher({ encryptionMasterKey: "s".repeat(32) }).config.encryptionMasterKey.length, 32)
    } finally {
      console.warn = warn
    }
    t.deepEqual(warnings, [
      "`encrypted` option is deprecated in favor of `useTLS`",
      "`encrypted` option is deprecated in favor of `useTLS`",
      "`encryptionMasterKey` option is deprecated in favor of `encryptionMasterKeyBase64`",
    ])
  })

  test("refuses `useTLS` together with `encrypted`, in npm `pusher`'s words", (t) => {
    const error = thrownBy(() => new Pusher({ useTLS: true, encrypted: false }))
    t.strictEqual(error.message, "Cannot set both `useTLS` and `encrypted` configuration options")
  })
}
