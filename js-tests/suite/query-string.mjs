import { recorded, thrownBy, vectors, docs } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherValidationError }) => {
  const client = (credentials, timestamp) =>
    new Pusher({ appId: "3", ...vectors.credentials[credentials], now: () => timestamp * 1000 })

  test("known signatures of whole requests", (t) => {
    for (const { credentials, method, path, timestamp, params, signature, source } of vectors.request.slice(1)) {
      const query = client(credentials, timestamp).createSignedQueryString({ method, path, params })
      t.true(query.endsWith(`&auth_signature=${signature}`), source)
    }
  })

  test("the reference's worked example", (t) => {
    const [{ signature, string_to_sign }] = vectors.request
    const [{ body }] = vectors.md5
    const query = client("docs", 1353088179).createSignedQueryString({ method: "POST", path: "/apps/3/events", body })
    t.strictEqual(query, `${string_to_sign.split("\n")[2]}&auth_signature=${signature}`)
  })

  const signed = (request) =>
    client("docs", 1).createSignedQueryString({ method: "GET", path: "/apps/3/channels", ...request })

  test("parameters are sorted by key, the signature comes last", (t) => {
    const keys = signed({ params: { z: 1, a: 2, b: 3, auth_a: 4 } })
      .split("&")
      .map((pair) => pair.split("=")[0])
    t.deepEqual(keys, ["a", "auth_a", "auth_key", "auth_timestamp", "auth_version", "b", "z", "auth_signature"])
  })

  test("what ordinary queries hold is written as it is", (t) => {
    const query = signed({
      params: { filter_by_prefix: "presence-a_b.c~", info: "user_count,subscription_count", at: "a:b@c/d" },
    })
    t.true(query.includes("filter_by_prefix=presence-a_b.c~&info=user_count,subscription_count"))
    t.true(query.includes("at=a:b@c/d"))
  })

  test("nothing in a value can end it: it is encoded, and signed decoded", (t) => {
    const value = "a&b=c#d+e f%g?h\u00e9\u{1f600}"
    const query = signed({ params: { value } })
    t.strictEqual(new URLSearchParams(query).get("value"), value)
    t.strictEqual([...new URLSearchParams(query).keys()].length, 5)
    const token = new Pusher.Token(docs.key, docs.secret)
    const signature = token.sign(
      `GET\n/apps/3/channels\nauth_key=${docs.key}&auth_timestamp=1&auth_version=1.0&value=${value}`,
    )
    t.strictEqual(new URLSearchParams(query).get("auth_signature"), signature)
  })

  test("keys are put in lower case, as the server does", (t) => {
    t.true(signed({ params: { Info: "x" } }).includes("&info=x&"))
  })

  test("`undefined` and `null` parameters are left out, others become strings", (t) => {
    const query = new URLSearchParams(
      signed({ params: { a: undefined, b: null, c: 0, d: false, e: ["x", "y"], f: "" } }),
    )
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

  test("the body's MD5 is there only with a body", (t) => {
    t.true(signed({ body: vectors.md5[0].body }).includes(`body_md5=${vectors.md5[0].md5}`))
    for (const body of [undefined, null, ""]) t.false(signed({ body }).includes("body_md5"))
  })

  test("the method is signed in upper case", (t) => {
    t.strictEqual(signed({ method: "get" }), signed({ method: "GET" }))
  })

  for (const key of ["auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5", "AUTH_KEY"]) {
    test(`the parameter ${key} cannot be set`, (t) => {
      const error = thrownBy(() => signed({ params: { [key]: "x" } }))
      t.true(error instanceof PusherValidationError)
      t.strictEqual(error.message, `${key} is a required parameter and cannot be overidden`)
      t.deepEqual([error.code, error.field], ["reserved_parameter", key])
    })
  }

  test("timestamps go on after 2038", (t) => {
    t.true(
      client("docs", 4102444800)
        .createSignedQueryString({ method: "GET", path: "/" })
        .includes("auth_timestamp=4102444800"),
    )
  })

  test("the host's clock is read at each call", async (t) => {
    const real = Date.now
    const { calls, pusher } = recorded(Pusher, { now: undefined })
    try {
      Date.now = () => 1234567890987
      await pusher.get({ path: "/channels" })
    } finally {
      Date.now = real
    }
    t.strictEqual(calls[0].url.searchParams.get("auth_timestamp"), "1234567890")
  })

  test("a clock that gives no time is refused", (t) => {
    for (const now of [() => "now", () => NaN, () => -1, () => {}]) {
      const error = thrownBy(() => new Pusher({ ...docs, now }).createSignedQueryString({ method: "GET", path: "/" }))
      t.deepEqual([error.code, error.field], ["invalid_option", "now"])
    }
  })

  test("method and path must be strings", (t) => {
    for (const [request, field] of [
      [{ path: "/" }, "method"],
      [{ method: "GET" }, "path"],
      [undefined, "method"],
    ]) {
      const error = thrownBy(() => new Pusher(docs).createSignedQueryString(request))
      t.deepEqual([error.code, error.field], ["invalid_argument", field])
    }
    t.strictEqual(thrownBy(() => signed({ body: { an: "object" } })).field, "body")
  })
}
