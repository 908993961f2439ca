import { docs, pick, record, thrownBy, vectors } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherValidationError }) => {
  const makeClient = (credentials, timestamp) =>
    new Pusher({ appId: "3", ...vectors.credentials[credentials], now: () => timestamp * 1000 })

  test("signs whole requests as the known vectors do", (t) => {
    for (const { credentials, method, path, timestamp, params, signature, source } of vectors.request.slice(1)) {
      const query = makeClient(credentials, timestamp).createSignedQueryString({ method, path, params })
      t.true(query.endsWith(`&auth_signature=${signature}`), source)
    }
  })

  test("reproduces the reference's worked example", (t) => {
    const [{ signature, string_to_sign }] = vectors.request
    const [{ body }] = vectors.md5
    const query = makeClient("docs", 1353088179).createSignedQueryString({
      method: "POST",
      path: "/apps/3/events",
      body,
    })
    t.strictEqual(query, `${string_to_sign.split("\n")[2]}&auth_signature=${signature}`)
  })

  const sign = (request) =>
    makeClient("docs", 1).createSignedQueryString({ method: "GET", path: "/apps/3/channels", ...request })

  test("sorts parameters by key and puts the signature last", (t) => {
    const keys = sign({ params: { z: 1, a: 2, b: 3, auth_a: 4 } })
      .split("&")
      .map((pair) => pair.split("=")[0])
    t.deepEqual(keys, ["a", "auth_a", "auth_key", "auth_timestamp", "auth_version", "b", "z", "auth_signature"])
  })

  test("leaves ordinary characters unencoded", (t) => {
    const query = sign({
      params: { filter_by_prefix: "presence-a_b.c~", info: "user_count,subscription_count", at: "a:b@c/d" },
    })
    t.true(query.includes("filter_by_prefix=presence-a_b.c~&info=user_count,subscription_count"))
    t.true(query.includes("at=a:b@c/d"))
  })

  test("encodes a value so that nothing in it can end it, and signs it decoded", (t) => {
    const value = "a&b=c#d+e f%g?h\u00e9\u{1f600}"
    const query = sign({ params: { value } })
    t.strictEqual(new URLSearchParams(query).get("value"), value)
    t.strictEqual([...new URLSearchParams(query).keys()].length, 5)
    const token = new Pusher.Token(docs.key, docs.secret)
    const signature = token.sign(
      `GET\n/apps/3/channels\nauth_key=${docs.key}&auth_timestamp=1&auth_version=1.0&value=${value}`,
    )
    t.strictEqual(new URLSearchParams(query).get("auth_signature"), signature)
  })

  test("writes names as they are given, and signs them in lower case", (t) => {
    const [given, lower] = [{ Info: "x" }, { info: "x" }].map((params) => sign({ params }))
    t.true(given.includes("&Info=x&"))
    t.strictEqual(given, lower.replace("info", "Info"))
  })

  test("leaves out `undefined` and `null` parameters and turns others into strings", (t) => {
    const query = new URLSearchParams(sign({ params: { a: undefined, b: null, c: 0, d: false, e: ["x", "y"], f: "" } }))
    t.deepEqual(
      [...query].filter(([key]) => key.length === 1),
      [
        ["c", "0"],
        ["d", "false"],
        ["e", "x,y"],
        ["f", ""],
      ],
    )
  })

  test("adds the body's MD5 only if there is a body", (t) => {
    t.true(sign({ body: vectors.md5[0].body }).includes(`body_md5=${vectors.md5[0].md5}`))
    for (const body of [undefined, null, ""]) t.false(sign({ body }).includes("body_md5"))
  })

  test("signs the method in upper case", (t) => {
    t.strictEqual(sign({ method: "get" }), sign({ method: "GET" }))
  })

  for (const key of ["auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5", "AUTH_KEY"]) {
    test(`refuses the reserved parameter ${key}`, (t) => {
      const error = thrownBy(() => sign({ params: { [key]: "x" } }))
      t.true(error instanceof PusherValidationError)
      t.strictEqual(error.message, `${key} is a required parameter and cannot be overidden`)
      t.deepEqual(pick(error, "code", "field"), { code: "reserved_parameter", field: key })
    })
  }

  test("writes timestamps after 2038", (t) => {
    t.true(
      makeClient("docs", 4102444800)
        .createSignedQueryString({ method: "GET", path: "/" })
        .includes("auth_timestamp=4102444800"),
    )
  })

  test("reads the host's clock at each call", async (t) => {
    const real = Date.now
    const { calls, pusher } = record(Pusher, { now: undefined })
    try {
      Date.now = () => 1234567890987
      await pusher.get({ path: "/channels" })
    } finally {
      Date.now = real
    }
    t.strictEqual(calls[0].url.searchParams.get("auth_timestamp"), "1234567890")
  })

  test("refuses a clock that returns no time", (t) => {
    for (const now of [() => "now", () => NaN, () => -1, () => {}]) {
      const error = thrownBy(() => new Pusher({ ...docs, now }).createSignedQueryString({ method: "GET", path: "/" }))
      t.deepEqual(pick(error, "code", "field"), { code: "invalid_option", field: "now" })
    }
  })

  test("refuses a method, path or body that is not a string", (t) => {
    for (const [request, field] of [
      [{ path: "/" }, "method"],
      [{ method: "GET" }, "path"],
      [undefined, "method"],
    ]) {
      const error = thrownBy(() => new Pusher(docs).createSignedQueryString(request))
      t.deepEqual(pick(error, "code", "field"), { code: "invalid_argument", field })
    }
    t.strictEqual(thrownBy(() => sign({ body: { an: "object" } })).field, "body")
  })

  test("signs the same whatever the options say of sending, which is the program's own", (t) => {
    t.strictEqual(sign({ signal: "now", idempotencyKey: 7, retry: [] }), sign({}))
  })
}
