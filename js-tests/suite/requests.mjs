import { docs, masterKey, pick, record, thrownBy, vectors } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherValidationError }) => {
  test("sends a `get` below the app's path", async (t) => {
    const { calls, pusher } = record(Pusher)
    await pusher.get({ path: "/channels", params: { filter_by_prefix: "presence-", info: "user_count" } })
    const [{ url, init }] = calls
    t.strictEqual(init.method, "GET")
    t.strictEqual(init.body, undefined)
    t.strictEqual(init.headers["content-type"], undefined)
    t.strictEqual(url.pathname, "/apps/3/channels")
    t.strictEqual(url.searchParams.get("filter_by_prefix"), "presence-")
    t.false(url.searchParams.has("body_md5"))
  })

  test("sends the body of a `post` as JSON, or unchanged if it is a string", async (t) => {
    const { calls, pusher } = record(Pusher)
    await pusher.post({ path: "/events", body: { name: "event", nested: { none: undefined } } })
    await pusher.post({ path: "/events", body: '{"name":"event"}', params: { a: 1 } })
    await pusher.post({ path: "/events" })
    t.deepEqual(
      calls.map(({ init }) => init.body),
      ['{"name":"event","nested":{}}', '{"name":"event"}', "{}"],
    )
    t.deepEqual(
      calls.map(({ url }) => url.searchParams.has("body_md5")),
      [true, true, true],
    )
    t.strictEqual(calls[1].url.searchParams.get("a"), "1")
  })

  test("reproduces the reference's worked example", async (t) => {
    const { calls, pusher } = record(Pusher)
    const [{ body, md5 }] = vectors.md5
    await pusher.post({ path: "/events", body: JSON.parse(body) })
    const [{ url, init }] = calls
    t.strictEqual(init.body, body)
    t.strictEqual(url.searchParams.get("body_md5"), md5)
    t.strictEqual(url.searchParams.get("auth_signature"), vectors.request[0].signature)
  })

  test("sends a user's event to the user's channel", async (t) => {
    const { calls, pusher } = record(Pusher)
    await pusher.sendToUser("user/1 \u00e9", "event", { foo: "bar" })
    t.deepEqual(calls[0].body, { name: "event", data: '{"foo":"bar"}', channels: ["#server-to-user-user/1 \u00e9"] })
  })

  test("terminates a user's connections", async (t) => {
    const { calls, pusher } = record(Pusher)
    await pusher.terminateUserConnections("user-1")
    t.strictEqual(calls[0].url.pathname, "/apps/3/users/user-1/terminate_connections")
    t.strictEqual(calls[0].init.body, "{}")
  })

  test("never lets an id, path or parameter reach another endpoint", async (t) => {
    const { calls, pusher } = record(Pusher)
    const ids = ["a/b", "a?b=c", "a#b", "a%2fb", "../x", "a b", "a\nb", "\u00e9", "a;b", "a\\b", "...", "%2e%2e"]
    for (const id of ids) await pusher.terminateUserConnections(id)
    calls.forEach(({ url, init }, index) => {
      const segments = url.pathname.split("/")
      t.deepEqual(segments.map(decodeURIComponent), ["", "apps", "3", "users", ids[index], "terminate_connections"])
      t.strictEqual(init.body, "{}")
      t.deepEqual(
        [...url.searchParams.keys()],
        ["auth_key", "auth_timestamp", "auth_version", "body_md5", "auth_signature"],
      )
    })
  })

  test("refuses a path with a query or a fragment, and names `params`", (t) => {
    const { calls, pusher } = record(Pusher)
    for (const path of ["/channels?info=user_count", "/channels/a#b", "/?", "/channels/#server-to-user-1"]) {
      for (const call of [
        () => pusher.get({ path }),
        () => pusher.post({ path }),
        () => pusher.createSignedQueryString({ method: "GET", path }),
      ]) {
        t.deepEqual(pick(thrownBy(call), "message", "code", "field", "hint"), {
          message: `Invalid path: '${path}'`,
          code: "invalid_path",
          field: "path",
          hint: "Give query parameters in `params`.",
        })
      }
    }
    t.strictEqual(calls.length, 0)
  })

  /** Tells whether a signature covers this path and the parameters of its URL, names in lower case. */
  const isSigned = (pusher, url, path = url.pathname) => {
    const pairs = [...url.searchParams].map(([name, value]) => [name.toLowerCase(), value])
    const signature = pairs.pop()[1]
    const query = pairs.map((pair) => pair.join("=")).join("&")
    return pusher.config.token.verify(`GET\n${path}\n${query}`, signature)
  }

  test("signs the path as it sends it", async (t) => {
    const { calls, pusher } = record(Pusher)
    await pusher.get({ path: "/channels/a b\u00e9!$&'()*+,;=:@" })
    const [{ url }] = calls
    t.strictEqual(url.pathname, "/apps/3/channels/a%20b%C3%A9!$&'()*+,;=:@")
    t.true(isSigned(pusher, url))
  })

  test("signs the path prefix with `signPathPrefix`, and otherwise does not", async (t) => {
    for (const [signPathPrefix, signed] of [
      [true, "/a%20b/apps/3/channels"],
      [false, "/apps/3/channels"],
      [undefined, "/apps/3/channels"],
    ]) {
      const { calls, pusher } = record(Pusher, { pathPrefix: "/a b", signPathPrefix })
      await pusher.get({ path: "/channels" })
      const [{ url }] = calls
      t.strictEqual(url.pathname, "/a%20b/apps/3/channels")
      t.true(isSigned(pusher, url, signed), String(signPathPrefix))
    }
  })

  test("sends names of parameters as they are given, and signs them in lower case", async (t) => {
    const { calls, pusher } = record(Pusher)
    await pusher.get({ path: "/channels", params: { zeta: 1, deviceId: "X" } })
    const [{ url }] = calls
    t.true(url.search.includes("&deviceId=X&zeta=1&auth_signature="), url.search)
    t.true(isSigned(pusher, url))
  })

  test("refuses parameters whose names differ only in case", (t) => {
    const { calls, pusher } = record(Pusher)
    const params = { deviceId: "x", info: "y", deviceid: "z" }
    for (const call of [
      () => pusher.get({ path: "/channels", params }),
      () => pusher.post({ path: "/events", params, body: {} }),
      () => pusher.createSignedQueryString({ method: "GET", path: "/", params }),
      () => new Pusher({}).get({ path: "/channels", params }),
    ]) {
      const error = thrownBy(call)
      t.true(error instanceof PusherValidationError)
      t.deepEqual(pick(error, "code", "field"), { code: "invalid_argument", field: "params" })
      t.true(/'deviceid' differs from another only in case$/i.test(error.message), error.message)
    }
    t.strictEqual(calls.length, 0)
  })

  for (const id of [".", ".."]) {
    test(`refuses the user id ${id}, which no URL can carry`, (t) => {
      t.strictEqual(thrownBy(() => record(Pusher).pusher.terminateUserConnections(id)).code, "invalid_path")
    })
  }

  for (const path of ["", "channels", "/channels/../x", "/..", "/a/."]) {
    test(`refuses the path '${path}'`, (t) => {
      const error = thrownBy(() => record(Pusher).pusher.get({ path }))
      t.true(error instanceof PusherValidationError)
      t.deepEqual(pick(error, "code", "field"), { code: "invalid_path", field: "path" })
    })
  }

  test("refuses arguments of the wrong type", (t) => {
    const { calls, pusher } = record(Pusher)
    t.strictEqual(thrownBy(() => pusher.get()).field, "path")
    t.strictEqual(thrownBy(() => pusher.get({ path: 1 })).field, "path")
    t.strictEqual(thrownBy(() => pusher.get("/channels")).code, "invalid_argument")
    t.strictEqual(thrownBy(() => pusher.get({ path: "/", params: "a=b" })).field, "params")
    t.strictEqual(thrownBy(() => pusher.sendToUser("", "event")).message, "Invalid user id: ''")
    t.strictEqual(thrownBy(() => pusher.sendToUser(1, "event")).message, "Invalid user id: '1'")
    t.strictEqual(thrownBy(() => pusher.sendToUser("1", "x".repeat(201))).code, "invalid_event")
    t.strictEqual(thrownBy(() => pusher.terminateUserConnections()).message, "Invalid user id: 'undefined'")
    t.strictEqual(calls.length, 0)
  })

  test("reads headers once, from `Headers`, pairs or an object", async (t) => {
    const own = { "x-mine": "1" }
    for (const headers of [new Headers(own), Object.entries(own), own]) {
      const { calls, pusher } = record(Pusher, { headers })
      own["x-mine"] = "2"
      await pusher.get({ path: "/channels" })
      own["x-mine"] = "1"
      t.strictEqual(calls[0].init.headers["x-mine"], "1")
    }
    t.strictEqual(thrownBy(() => record(Pusher, { headers: [1] })).field, "headers")
  })

  test("sends the caller's headers without replacing its own", async (t) => {
    const { calls, pusher } = record(Pusher, { headers: { "x-mine": "1", "x-pusher-library": "other" } })
    await pusher.get({ path: "/channels" })
    t.strictEqual(calls[0].init.headers["x-mine"], "1")
    t.true(calls[0].init.headers["x-pusher-library"].startsWith("pusher-http-wasm "))
  })

  test("lets the caller's functions use other clients while it signs", async (t) => {
    const master = { encryptionMasterKeyBase64: masterKey }
    const client = new Pusher({ ...docs, ...master })
    const data = {
      toJSON() {
        client.authorizeChannel("9.9", "private-json")
        return "json"
      },
    }
    const nonce = new Uint8Array(24).fill(7)
    const busy = record(Pusher, {
      ...master,
      now() {
        client.authorizeChannel("9.9", "private-now")
        return 1353088179000
      },
      randomBytes() {
        client.createSignedQueryString({ method: "GET", path: "/random" })
        return nonce
      },
    })
    const plain = record(Pusher, { ...master, randomBytes: () => nonce })
    const query = { method: "POST", path: "/apps/3/events", params: { a: 1 }, body: "{}" }
    t.strictEqual(busy.pusher.createSignedQueryString(query), plain.pusher.createSignedQueryString(query))
    for (const { pusher } of [busy, plain]) {
      await pusher.trigger(["a", "b"], "event", data, { socket_id: "1.2" })
      await pusher.trigger("private-encrypted-a", "event", data)
      await pusher.triggerBatch([
        { channel: "a", name: "event", data },
        { channel: "private-encrypted-b", name: "event", data },
      ])
      await pusher.sendToUser("user", "event", data)
      await pusher.channels({ prefix: "a", info: ["user_count"] })
      await pusher.get({ path: "/channels/a", params: { info: "x" } })
      await pusher.post({ path: "/events", body: data })
    }
    const listSent = ({ calls }) => calls.map(({ url, init }) => ({ url: url.href, ...pick(init, "method", "body") }))
    t.deepEqual(listSent(busy), listSent(plain))
    t.strictEqual(busy.calls.length, 7)
  })
}
