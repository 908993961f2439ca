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

  test("forCluster: the cluster must be a name", (t) => {
    for (const cluster of [undefined, null, "", 1, ["eu"], { cluster: "eu" }, "eu\n", " eu", '"eu"']) {
      const error = thrownBy(() => Pusher.forCluster(cluster, docs))
      t.deepEqual(pick(error, "code", "field"), { code: "invalid_option", field: "cluster" }, error.message)
    }
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
    ["http://key:secret@localhost:1:/apps/1", "host"],
    ["http://key:secret@localhost:1:2/apps/1", "host"],
    ["http://key:secret@localhost%3A1/apps/1", "host"],
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

  const around = (text) => [` ${text}`, `${text}\n`, `\t${text}\r\n`, `"${text}"`, `'${text}'`, "\n"]
  for (const [name, values] of Object.entries({
    appId: [{}, true, 1n, ...around("3")],
    key: [1, {}, ...around("tofu")],
    secret: [1, {}, ...around("tofu")],
    cluster: ["e u", "eu/..", "eu.example.org#", 1, ...around("eu")],
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
      "::1",
      1,
      ...around("localhost"),
    ],
    port: [0, -1, 65536, 1.5, NaN, 1e21, "port", {}, "0x50", " 80 ", "80\n", "8e1", "+80", "80.0"],
    scheme: ["ws", "HTTPS", 1, ...around("https")],
    useTLS: ["false", 0, {}],
    pathPrefix: ["/a/../b", 1, ...around("/a")],
    signPathPrefix: ["true", 1, {}],
    maxChannels: [0, -1, 1.5, NaN, Infinity, "many", {}, true, "0x50", " 80 ", "8e1"],
    maxBatchEvents: [0, -1, 1.5, NaN, Infinity, "many", {}, true, "0x50", " 80 ", "8e1"],
    timeout: [-1, -0.5, NaN, Infinity, "soon", {}, "0x50", " 80 ", "8e1", "1.5"],
    maxPayloadBytes: [0, -1, 1.5, NaN, "many", {}, true, "0x50", " 80 ", "8e1"],
    maxResponseBytes: [0, -1, 1.5, NaN, -Infinity, "0", "many", {}, true, "0x50", " 80 ", "8e1", "1.5"],
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
        t.false(error.message.includes("tofu"), error.message)
      }
    })
  }

  test("refuses white space or quotes around the credentials of a URL, a token and the environment", (t) => {
    for (const secret of around("tofu")) {
      const inUrl = thrownBy(() => Pusher.forURL(`https://key:${encodeURIComponent(secret)}@localhost/apps/1`))
      t.deepEqual(pick(inUrl, "code", "field"), { code: "invalid_url", field: "url" })
      t.true(inUrl.message.includes("secret"), inUrl.message)
      const ofToken = thrownBy(() => new Token("key", secret))
      t.deepEqual(pick(ofToken, "code", "field"), { code: "invalid_option", field: "secret" })
      t.strictEqual(thrownBy(() => new Token(secret, "secret")).field, "key")
      const env = { PUSHER_APP_ID: "3", PUSHER_KEY: "key", PUSHER_SECRET: secret }
      const ofVariables = thrownBy(() => Pusher.fromEnv(env))
      t.deepEqual(pick(ofVariables, "code", "field"), { code: "invalid_option", field: "secret" })
      for (const { message } of [inUrl, ofToken, ofVariables]) t.false(message.includes("tofu"), message)
    }
    t.strictEqual(
      new Pusher({ ...docs, secret: "to fu\"'" }).config.token.secret,
      "to fu\"'",
      "within it they are its own",
    )
  })

  test("asks to remove the quotes around a URL, without showing it", (t) => {
    for (const quote of [`"`, "'"]) {
      const url = `${quote}https://key:tofu@localhost/apps/1${quote}`
      for (const make of [() => Pusher.forURL(url), () => Pusher.fromEnv({ PUSHER_URL: url })]) {
        const error = thrownBy(make)
        t.deepEqual(pick(error, "code", "field"), { code: "invalid_url", field: "url" })
        t.true(error.hint.includes("Remove any quotes"), error.hint)
        t.false(`${error.message}${error.hint}${error.stack}`.includes("tofu"), error.message)
      }
    }
  })

  test("asks for brackets around an IPv6 address", (t) => {
    t.true(thrownBy(() => new Pusher({ host: "::1" })).message.includes("'[::1]'"))
  })

  test("never shows the credentials of a URL in the place of something else", (t) => {
    for (const url of [
      "https://key:tofu@localhost:6001/apps/1",
      "https://key:to@tofu@localhost/../apps/1",
      "//key:tofu@localhost",
      "key:tofu@localhost",
    ]) {
      const places = [
        "cluster",
        "host",
        "scheme",
        "port",
        "pathPrefix",
        "timeout",
        "maxPayloadBytes",
        "maxResponseBytes",
      ]
      const calls = [
        () => new Pusher(url),
        () => new Pusher([url]).authorizeChannel("1.1", "private-a"),
        () => Pusher.forCluster(url),
        () => Pusher.forCluster([url]),
        () => Pusher.forURL([url]),
        () => Pusher.forURL(`x${url}`),
        () => Pusher.fromEnv(url),
        () => Pusher.fromEnv({ PUSHER_URL: [url] }),
        () => Pusher.fromEnv({ PUSHER_APP_ID: [url] }),
        ...["PUSHER_CLUSTER", "PUSHER_HOST", "PUSHER_SCHEME", "PUSHER_PORT"].map(
          (name) => () =>
            Pusher.fromEnv({ PUSHER_APP_ID: "3", PUSHER_KEY: "key", PUSHER_SECRET: "secret", [name]: url }),
        ),
        ...places.map((name) => () => new Pusher({ ...docs, [name]: `${url}/../` })),
        ...["appId", "key", "secret", "useTLS", "fetch", "headers", ...places].map(
          (name) => () => new Pusher({ ...docs, [name]: [url] }),
        ),
      ]
      for (const call of calls) {
        const error = thrownBy(call)
        t.true(error instanceof PusherValidationError, String(call))
        t.false(`${error.stack}${JSON.stringify(error)}`.includes("tofu"), error.message)
      }
    }
    const { message } = thrownBy(() => new Pusher({ ...docs, host: "https://key:tofu@localhost" }))
    t.true(message.startsWith("Invalid host '@localhost': "), message)
    t.strictEqual(
      thrownBy(() => new Pusher("url")).message,
      "Invalid options: it must be of type object or function, not string",
    )
  })

  for (const [given, known] of Object.entries({
    apId: "appId",
    app_id: "appId",
    APPID: "appId",
    Key: "key",
    keys: "key",
    secert: "secret",
    clustr: "cluster",
    clusters: "cluster",
    hots: "host",
    prot: "port",
    useTls: "useTLS",
    use_tls: "useTLS",
    "use-tls": "useTLS",
    timeuot: "timeout",
    path_prefix: "pathPrefix",
    encryptionMasterkeyBase46: "encryptionMasterKeyBase64",
    maxPayloadByte: "maxPayloadBytes",
    fetchoptions: "fetchOptions",
    header: "headers",
  })) {
    test(`refuses the option \`${given}\`, for \`${known}\` was meant`, (t) => {
      for (const make of [
        (options) => new Pusher(options),
        (options) => Pusher.forCluster("eu", options),
        (options) => Pusher.forURL("https://key:secret@localhost/apps/1", options),
        (options) => Pusher.fromEnv({ PUSHER_URL: "https://key:secret@localhost/apps/1" }, options),
      ]) {
        const error = thrownBy(() => make({ [given]: "tofu" }))
        t.deepEqual(pick(error, "message", "code", "field"), {
          message: `Unknown option '${given}': did you mean '${known}'?`,
          code: "invalid_argument",
          field: given,
        })
      }
    })
  }

  test("takes options that are not close to any it knows", (t) => {
    const other = { logger: console, wsHost: "a", "": 1, k: 1, toString: String, ["__proto__"]: 1, use: 1 }
    t.strictEqual(new Pusher({ ...docs, ...other }).config.host, "api.pusherapp.com")
  })

  test("reads options that are inherited, but none of `Object.prototype`", (t) => {
    class Options {
      get host() {
        return "localhost"
      }
    }
    t.strictEqual(new Pusher(new Options()).config.host, "localhost")
    t.strictEqual(new Pusher(Object.create({ host: "localhost" })).config.host, "localhost")
    const polluted = {
      host: "evil.example",
      port: 1,
      useTLS: false,
      fetch: () => {},
      stringify: () => "evil",
      headers: { evil: "1" },
      PUSHER_HOST: "evil.example",
      PUSHER_CLUSTER: 1,
    }
    const sent = []
    const fetch = async (_url, init) => {
      sent.push(init)
      return new Response("{}")
    }
    Object.assign(Object.prototype, polluted)
    try {
      const pusher = new Pusher({ ...docs, fetch, fetchOptions: {}, json: {} })
      t.deepEqual(pick(pusher.config, "host", "port", "scheme"), {
        host: "api.pusherapp.com",
        port: undefined,
        scheme: "https",
      })
      pusher.trigger("a", "event", { x: 1 })
      t.strictEqual(JSON.parse(sent[0].body).data, '{"x":1}')
      t.false(Object.hasOwn(sent[0].headers, "evil"))
      const env = { PUSHER_APP_ID: "3", PUSHER_KEY: "key", PUSHER_SECRET: "secret" }
      t.strictEqual(Pusher.fromEnv(env).config.host, "api.pusherapp.com")
    } finally {
      for (const name in polluted) delete Object.prototype[name]
    }
  })

  test("rounds a timeout up, at most to the longest that timers can take", (t) => {
    for (const [timeout, expected] of [
      [0, 0],
      [0.1, 1],
      [1.5, 2],
      ["7", 7],
      ["007", 7],
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
