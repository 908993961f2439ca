// Push notifications: the subpath `pusher-http-wasm/beams`. Places that load it in another way than by `import` pass it as
// `environment.subpaths.beams`.
import * as imported from "pusher-http-wasm/beams"

import { pick, rejectionOf, thrownBy } from "./support.mjs"

const INSTANCE = "1b880590-6301-4bb5-b34f-45db1c5f5644"
const SECRET = "F8AC0B756E50DF235F642D6F0DC2CDE0328CD9184B3874C5E91AB2189BB722FE"
const HOST = `https://${INSTANCE}.pushnotifications.pusher.com`
const TO_INTERESTS = `${HOST}/publish_api/v1/instances/${INSTANCE}/publishes/interests`
const TO_USERS = `${HOST}/publish_api/v1/instances/${INSTANCE}/publishes/users`
const userUrl = (encoded) => `${HOST}/customer_api/v1/instances/${INSTANCE}/users/${encoded}`

const BODY = { apns: { aps: { alert: "Hello" } }, fcm: { notification: { title: "Hello" } } }
const AT_ONCE = { baseDelay: 0 }
const refusal = (status, error, description) => Response.json({ error, description }, { status })

export default ({ test, module }, { default: Pusher, PusherRequestError, PusherValidationError }, environment) => {
  const { Beams } = environment.subpaths?.beams ?? imported

  /** Makes an instance whose attempts end in turn as `outcomes` say, then well: an answer, a function that makes one, or what is thrown. */
  const record = (outcomes = [], options = {}) => {
    const calls = []
    const fetch = async (url, init) => {
      calls.push({ url, init })
      const outcome = outcomes[calls.length - 1] ?? Response.json({ publishId: `id-${calls.length}` })
      if (outcome instanceof Error) throw outcome
      return typeof outcome === "function" ? outcome(init) : outcome
    }
    return { calls, beams: new Beams({ instanceId: INSTANCE, secretKey: SECRET, fetch, retry: AT_ONCE, ...options }) }
  }

  /** Whatever a program might print of a value, or log. */
  const print = async (value) => {
    const { Deno, Bun } = globalThis
    const inspect = Deno?.inspect ?? Bun?.inspect ?? (await import("node:util").catch(() => undefined))?.inspect
    // Bun also shows the lines of the program around an error, which are these tests.
    const inspected = inspect?.(value, { depth: 10 }).replace(/^\d+ \| .*$/gm, "")
    return [JSON.stringify(value), String(value), value?.stack, inspected].join("\n")
  }
  const assertHides = async (t, value, secret = SECRET) => {
    const text = await print(value)
    for (const hidden of [secret, "auth_", "/apps/", "Symbol(state)"]) t.false(text.includes(hidden), text)
  }

  module("requests", () => {
    test("publishes to interests", async (t) => {
      const { calls, beams } = record()
      t.deepEqual(await beams.publishToInterests(["hello", "donuts_-=@,.;9"], BODY), { publishId: "id-1" })
      t.strictEqual(calls.length, 1)
      const [{ url, init }] = calls
      t.strictEqual(url, TO_INTERESTS)
      t.deepEqual(pick(init, "method", "redirect", "body"), {
        method: "POST",
        redirect: "manual",
        body: JSON.stringify({ ...BODY, interests: ["hello", "donuts_-=@,.;9"] }),
      })
      const { "x-pusher-library": library, ...headers } = init.headers
      t.true(/^pusher-http-wasm \d/.test(library), library)
      t.deepEqual(headers, {
        accept: "application/json",
        authorization: `Bearer ${SECRET}`,
        "content-type": "application/json",
      })
    })

    test("publishes to users", async (t) => {
      const { calls, beams } = record()
      t.deepEqual(await beams.publishToUsers(["alice", "\u{1f600} b/?#%"], BODY), { publishId: "id-1" })
      t.deepEqual(pick(calls[0], "url"), { url: TO_USERS })
      t.strictEqual(calls[0].init.method, "POST")
      t.strictEqual(calls[0].init.body, JSON.stringify({ ...BODY, users: ["alice", "\u{1f600} b/?#%"] }))
    })

    test("publishes to those who are named, whatever the body says", async (t) => {
      const { calls, beams } = record()
      await beams.publishToInterests(["a"], { ...BODY, interests: ["b"], webhookUrl: "https://example.com" })
      t.deepEqual(JSON.parse(calls[0].init.body), { ...BODY, interests: ["a"], webhookUrl: "https://example.com" })
    })

    test("publishes a body above the limit of an event of Channels", async (t) => {
      const { calls, beams } = record()
      const data = "x".repeat(150_000)
      await beams.publishToUsers(["a"], { web: { data: { data } } })
      t.strictEqual(JSON.parse(calls[0].init.body).web.data.data, data)
    })

    test("deletes a user", async (t) => {
      const { calls, beams } = record([new Response("", { status: 200 })])
      t.strictEqual(await beams.deleteUser("alice"), undefined)
      const [{ url, init }] = calls
      t.strictEqual(url, userUrl("alice"))
      t.deepEqual(pick(init, "method", "body"), { method: "DELETE", body: undefined })
      t.strictEqual(init.headers.authorization, `Bearer ${SECRET}`)
      t.strictEqual(init.headers["content-type"], undefined)
    })

    test("encodes a user's id in the path", async (t) => {
      const ids = ["a/b", "a?b#c", "100%", "%2e%2e", "..a", "/apps/beams/x", "\u00e9\u{1f600}", "a b+c&d=e:@", "!'()*~"]
      for (const id of ids) {
        const { calls, beams } = record()
        await beams.deleteUser(id)
        t.strictEqual(calls[0].url, userUrl(encodeURIComponent(id)), id)
        t.strictEqual(new URL(calls[0].url).href, calls[0].url, "no host changes it")
      }
    })

    test("sends to another host, with TLS unless it says otherwise", async (t) => {
      for (const [host, base] of [
        ["push.example.com", "https://push.example.com"],
        ["push.example.com:8443", "https://push.example.com:8443"],
        ["https://push.example.com", "https://push.example.com"],
        ["http://localhost:3000", "http://localhost:3000"],
        ["[::1]:3000", "https://[::1]:3000"],
      ]) {
        const { calls, beams } = record([], { host })
        await beams.publishToInterests(["a"], BODY)
        t.strictEqual(calls[0].url, TO_INTERESTS.replace(HOST, base))
        t.strictEqual(beams.instanceId, INSTANCE)
      }
    })

    test("uses the global `fetch` as it is at the time of the call", async (t) => {
      const beams = new Beams({ instanceId: INSTANCE, secretKey: SECRET })
      const { fetch } = globalThis
      const urls = []
      globalThis.fetch = async (url) => {
        urls.push(url)
        return Response.json({ publishId: "global" })
      }
      try {
        t.deepEqual(await beams.publishToInterests(["a"], BODY), { publishId: "global" })
      } finally {
        globalThis.fetch = fetch
      }
      t.deepEqual(urls, [TO_INTERESTS])
    })

    test("says so where there is no `fetch`", async (t) => {
      const beams = new Beams({ instanceId: INSTANCE, secretKey: SECRET, retry: false })
      const { fetch } = globalThis
      globalThis.fetch = undefined
      try {
        const error = await rejectionOf(beams.publishToInterests(["a"], BODY))
        t.deepEqual(pick(error, "code", "hint"), {
          code: "network",
          hint: "There is no global `fetch`: pass the `fetch` option",
        })
      } finally {
        globalThis.fetch = fetch
      }
    })

    test("keeps calls that overlap apart", async (t) => {
      const { calls, beams } = record()
      const results = await Promise.all([
        beams.publishToInterests(["a"], BODY),
        beams.deleteUser("u"),
        beams.publishToUsers(["u"], BODY),
      ])
      t.deepEqual(results, [{ publishId: "id-1" }, undefined, { publishId: "id-3" }])
      t.deepEqual(
        calls.map(({ url, init }) => `${init.method} ${url}`),
        [`POST ${TO_INTERESTS}`, `DELETE ${userUrl("u")}`, `POST ${TO_USERS}`],
      )
    })

    test("passes on what an answer has besides, and takes a test's double for one", async (t) => {
      const { beams } = record([
        Response.json({ publishId: "1", more: [2] }),
        { status: 200, json: async () => ({ publishId: "2" }) },
      ])
      t.deepEqual(await beams.publishToInterests(["a"], BODY), { publishId: "1", more: [2] })
      t.deepEqual(await beams.publishToInterests(["a"], BODY), { publishId: "2" })
    })

    test("may be derived from, and wrapped in a proxy", async (t) => {
      class Mine extends Beams {
        notify() {
          return this.publishToInterests(["mine"], BODY)
        }
      }
      const mine = new Mine({
        instanceId: INSTANCE,
        secretKey: SECRET,
        fetch: async () => Response.json({ publishId: "m" }),
      })
      t.deepEqual(await mine.notify(), { publishId: "m" })
      t.deepEqual(await new Proxy(mine, {}).notify(), { publishId: "m" })
      const { publishToInterests } = mine
      t.true(thrownBy(() => publishToInterests(["a"], BODY)) instanceof TypeError)
    })
  })

  module("failures", () => {
    test("have Beams' own words, and its URL", async (t) => {
      const { beams, calls } = record([refusal(401, "Unauthorized", "Incorrect API Key")])
      const error = await rejectionOf(beams.publishToInterests(["a"], BODY))
      t.true(error instanceof PusherRequestError)
      t.deepEqual(pick(error, "name", "message", "code", "status", "url", "hint", "attempts", "retryable"), {
        name: "PusherRequestError",
        message: "Unexpected status code 401",
        code: "http",
        status: 401,
        url: TO_INTERESTS,
        hint: "Unauthorized - Incorrect API Key",
        attempts: 1,
        retryable: false,
      })
      t.strictEqual(error.body, '{"error":"Unauthorized","description":"Incorrect API Key"}')
      t.strictEqual(calls.length, 1)
      await assertHides(t, error)
    })

    test("have no words of Channels where Beams has none", async (t) => {
      for (const [status, hint] of [
        [302, "Redirects are not followed: check `host`."],
        [400, undefined],
        [401, "Check `secretKey`."],
        [403, undefined],
        [404, "Check `instanceId`, and `host` if there is one."],
        [413, "The notification is too large (Beams: 10 KB to interests, 200 KB to users)."],
        [429, "Too many requests: wait, then try again."],
        [502, "The server has a problem: try again only if `retryable`."],
      ]) {
        for (const body of ["<html>", '{"error":"alone"}', "null", ""]) {
          const { beams } = record([new Response(body, { status })], { retry: false })
          const error = await rejectionOf(beams.publishToInterests(["a"], BODY))
          t.deepEqual(pick(error, "status", "hint"), { status, hint })
          t.deepEqual("hint" in error.toJSON(), hint !== undefined)
        }
      }
    })

    test("say so where an answer is no JSON", async (t) => {
      for (const body of ["<html>", "", '{"publishId":']) {
        const { beams } = record([new Response(body)])
        const error = await rejectionOf(beams.publishToUsers(["a"], BODY))
        t.true(error instanceof PusherRequestError)
        t.deepEqual(pick(error, "message", "code", "status", "url", "body"), {
          message: "Could not parse response body",
          code: "http",
          status: 200,
          url: TO_USERS,
          body,
        })
        t.true(error.cause !== undefined)
        await assertHides(t, error)
      }
    })

    test("are the host's where there was no answer", async (t) => {
      const { beams } = record([new TypeError("fetch failed", { cause: new Error("lost") })], { retry: false })
      const error = await rejectionOf(beams.deleteUser("a"))
      t.deepEqual(pick(error, "code", "hint", "url", "status"), {
        code: "network",
        hint: "lost",
        url: userUrl("a"),
        status: undefined,
      })
      await assertHides(t, error)
    })

    test("name `http://` where a server speaks no TLS", async (t) => {
      const { beams } = record([new TypeError("SSL routines: wrong version number")], { host: "a:1", retry: false })
      const error = await rejectionOf(beams.publishToInterests(["a"], BODY))
      t.strictEqual(error.hint, "If this server speaks plain HTTP, write `http://` before `host`.")
    })

    test("hide a secret that somebody repeats", async (t) => {
      const secretKey = "short-secret.of=mine"
      const told = `told: Bearer ${secretKey}!`
      const failed = new TypeError(told, { cause: Object.assign(new Error(told), { code: secretKey }) })
      for (const outcome of [
        refusal(400, "Bad request", told),
        new Response(told, { status: 400 }),
        new Response(told),
        failed,
        Object.assign(new Error("none"), { stack: told }),
      ]) {
        const { beams } = record([outcome], { secretKey, retry: false })
        const error = await rejectionOf(beams.publishToInterests(["a"], BODY))
        await assertHides(t, error, secretKey)
        await assertHides(t, error.cause, secretKey)
        await assertHides(t, error.cause?.cause, secretKey)
        for (const name of ["url", "hint", "body", "message"]) t.false(String(error[name]).includes(secretKey), name)
      }
      t.strictEqual(failed.message, told, "the host's own error stays as it is")
    })

    test("of a publish are retried only where it cannot have been taken, with the same bytes", async (t) => {
      const again = [
        new Response("", { status: 429 }),
        new Response("", { status: 503, headers: { "retry-after": "0" } }),
        new Response("", { status: 429, headers: { "retry-after": "0" } }),
      ]
      for (const outcome of again) {
        const { beams, calls } = record([outcome])
        t.deepEqual(await beams.publishToInterests(["a"], BODY), { publishId: "id-2" })
        t.strictEqual(calls[1].url, calls[0].url)
        t.strictEqual(calls[1].init.body, calls[0].init.body)
        t.deepEqual(calls[1].init.headers, calls[0].init.headers)
      }
      for (const outcome of [new Response("", { status: 500 }), new Error("reset")]) {
        const { beams, calls } = record([outcome])
        t.strictEqual((await rejectionOf(beams.publishToInterests(["a"], BODY))).attempts, 1)
        t.strictEqual(calls.length, 1)
      }
    })

    test("of a deletion are retried", async (t) => {
      for (const outcome of [() => new Response("", { status: 500 }), new Error("reset")]) {
        const { beams, calls } = record([outcome, outcome])
        t.strictEqual(await beams.deleteUser("a"), undefined)
        t.deepEqual(
          calls.map(({ url, init }) => `${init.method} ${url}`),
          Array(3).fill(`DELETE ${userUrl("a")}`),
        )
      }
    })

    test("are not retried because of the clock: Beams does not ask for the time", async (t) => {
      const headers = { date: new Date(86_400_000).toUTCString(), "x-mine": "1" }
      const body = '{"error":"Unauthorized","description":"Incorrect API Key"}'
      const { beams, calls } = record([new Response(body, { status: 401, headers })])
      const error = await rejectionOf(beams.deleteUser("a"))
      t.deepEqual(pick(error, "status", "body", "attempts"), { status: 401, body, attempts: 1 })
      t.strictEqual(calls.length, 1)
    })

    test("are retried as a call says", async (t) => {
      const { beams, calls } = record(Array(9).fill(() => new Response("", { status: 429 })))
      t.strictEqual((await rejectionOf(beams.publishToInterests(["a"], BODY, { retry: false }))).attempts, 1)
      t.strictEqual((await rejectionOf(beams.deleteUser("a", { retry: { attempts: 2 } }))).attempts, 2)
      t.strictEqual(calls.length, 3)
    })

    test("end with the caller's signal", async (t) => {
      const { beams, calls } = record([
        ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      ])
      const controller = new AbortController()
      const rejection = rejectionOf(beams.publishToUsers(["a"], BODY, { signal: controller.signal }))
      controller.abort(new Error("enough"))
      const error = await rejection
      t.deepEqual(pick(error, "code", "url", "hint"), { code: "aborted", url: TO_USERS, hint: "enough" })
      t.true(calls[0].init.signal.aborted)
      const { code, attempts } = await rejectionOf(beams.deleteUser("a", { signal: controller.signal }))
      t.deepEqual({ code, attempts, sent: calls.length }, { code: "aborted", attempts: 0, sent: 1 })
    })

    test("end after `timeout`", async (t) => {
      const { beams } = record([() => new Promise(() => {})], { timeout: 1, retry: false })
      const { code, hint } = await rejectionOf(beams.publishToInterests(["a"], BODY))
      t.deepEqual(
        { code, hint },
        { code: "timeout", hint: "The server did not answer within `timeout`, or `retry.deadline`, milliseconds." },
      )
    })
  })

  module("bad input", () => {
    const assertRefused = (t, call, message, code, field) => {
      const error = thrownBy(call)
      t.true(error instanceof PusherValidationError, error.stack)
      t.deepEqual(pick(error, "message", "code", "field"), { message, code, field })
    }

    test("in options throws when an instance is made", async (t) => {
      const good = { instanceId: INSTANCE, secretKey: SECRET }
      const cases = [
        [undefined, "PushNotifications options object is required", "missing_option", "options"],
        [null, "PushNotifications options object is required", "missing_option", "options"],
        ["text", "PushNotifications options object is required", "missing_option", "options"],
        [
          { secretKey: SECRET },
          '"instanceId" is required in PushNotifications options',
          "missing_option",
          "instanceId",
        ],
        [{ ...good, instanceId: 5 }, '"instanceId" must be a string', "invalid_option", "instanceId"],
        [
          { instanceId: INSTANCE },
          '"secretKey" is required in PushNotifications options',
          "missing_option",
          "secretKey",
        ],
        [{ ...good, secretKey: 5 }, '"secretKey" must be a string', "invalid_option", "secretKey"],
        [{ ...good, fetch: "no" }, "Invalid fetch: it must be a function", "invalid_option", "fetch"],
      ]
      for (const [options, ...expected] of cases) assertRefused(t, () => new Beams(options), ...expected)
      const names = [
        ...["", " ", "a b", "a.b", "a/b", "a@b", "a:1", "a?", "a#", "\u00e9", "a\n"].map((instanceId) => ({
          instanceId,
        })),
        ...["", " ", "a b", "\u00e9", "a\r\nx: y", '"a"', "'a'"].map((secretKey) => ({ secretKey })),
        ...[
          "",
          "http://",
          "a/b",
          "ftp://a",
          "http://a/b",
          "a b",
          "user:pass@b",
          "a?b",
          "a:0",
          "a:65536",
          "a:b",
          5,
          {},
        ].map((host) => ({ host })),
        ...[-1, "x", NaN].map((timeout) => ({ timeout })),
        ...[5, { attempts: 0 }, { attempts: "x" }].map((retry) => ({ retry })),
        ...["endpoint", "secretkey", "appId"].map((name) => ({ [name]: "a" })),
      ]
      for (const wrong of names) {
        const error = thrownBy(() => new Beams({ ...good, ...wrong }))
        t.true(error instanceof PusherValidationError, JSON.stringify(wrong))
        t.true(error.message.length > 10 && error.code === "invalid_option", error.stack)
        if (!("endpoint" in wrong || "secretkey" in wrong || "appId" in wrong)) {
          t.strictEqual(error.field, Object.keys(wrong)[0])
          t.false(/`(useTLS|scheme|port|pathPrefix)`|user:pass/.test(error.message), error.message)
        }
        await assertHides(t, error)
      }
      const secretKey = "a secret with spaces"
      await assertHides(
        t,
        thrownBy(() => new Beams({ ...good, secretKey })),
        secretKey,
      )
    })

    test("left out as `undefined` or `null` counts as left out", (t) => {
      for (const none of [undefined, null]) {
        const options = { host: none, fetch: none, timeout: none, retry: none }
        t.strictEqual(new Beams({ instanceId: INSTANCE, secretKey: SECRET, ...options }).instanceId, INSTANCE)
      }
    })

    test("in lists throws at once", (t) => {
      const { beams, calls } = record()
      const [many, long] = [Array(101).fill("a"), "x".repeat(165)]
      const cases = {
        interests: [
          [undefined, "interests argument is required"],
          [null, "interests argument is required"],
          ["a", "interests argument is must be an array"],
          [new Set(["a"]), "interests argument is must be an array"],
          [[], "Publish requests must target at least one interest to be delivered"],
          [many, "Number of interests (101) exceeds maximum of 100."],
          [["a", 5], "interest 5 is not a string"],
          [["a", undefined], "interest undefined is not a string"],
          [["a", Symbol("s")], "interest Symbol(s) is not a string"],
          [["a", Object.create(null)], "interest object is not a string"],
          [[long], `interest ${long} is longer than the maximum of 164 characters`],
          [[""], "interest cannot be the empty string"],
          ...["a b", "a/b", "\u00e9", "a\n", "a:b"].map((name) => [
            [name],
            `interest "${name.replace("\n", "%0A")}" contains a forbidden character. Allowed characters are: ASCII upper/lower-case letters, numbers or one of _-=@,.;`,
          ]),
        ],
        users: [
          [undefined, "users argument is required"],
          [{}, "users argument is must be an array"],
          [[], "Publish requests must target at least one interest to be delivered"],
          [Array(1001).fill("a"), "Number of users (1001) exceeds maximum of 1000."],
          [["a", 5], "user 5 is not a string", "invalid_user_id"],
          [[""], "user cannot be the empty string", "invalid_user_id"],
          [[long], `user ${long} is longer than the maximum of 164 characters`, "invalid_user_id"],
          [
            ["\u00e9".repeat(83)],
            `user ${"\u00e9".repeat(83)} is longer than the maximum of 164 characters`,
            "invalid_user_id",
          ],
          [["\ud800"], "user is not well-formed Unicode", "invalid_user_id"],
        ],
      }
      for (const [list, message, code = "invalid_argument"] of cases.interests) {
        assertRefused(t, () => beams.publishToInterests(list, BODY), message, code, "interests")
      }
      for (const [list, message, code = "invalid_argument"] of cases.users) {
        assertRefused(t, () => beams.publishToUsers(list, BODY), message, code, "users")
      }
      t.strictEqual(calls.length, 0)
      t.true(thrownBy(() => beams.publishToUsers(["\u00e9".repeat(83)], BODY)).hint.includes("164 bytes"))
    })

    test("at the limits is none", async (t) => {
      const { beams, calls } = record()
      await beams.publishToInterests(Array(100).fill("x".repeat(164)), BODY)
      await beams.publishToUsers(Array(1000).fill("\u00e9".repeat(82)), BODY)
      await beams.deleteUser("\u{1f600}".repeat(41))
      beams.generateToken("x".repeat(164))
      t.strictEqual(calls.length, 3)
    })

    test("in a body throws at once", (t) => {
      const { beams, calls } = record()
      for (const publish of [
        (body) => beams.publishToInterests(["a"], body),
        (body) => beams.publishToUsers(["a"], body),
      ]) {
        for (const none of [undefined, null]) {
          assertRefused(t, () => publish(none), "publishRequest argument is required", "invalid_argument", "body")
        }
        for (const wrong of ["text", 5, true, [BODY], () => BODY]) {
          const error = thrownBy(() => publish(wrong))
          t.deepEqual(pick(error, "code", "field"), { code: "invalid_argument", field: "body" })
        }
        const circular = {}
        circular.self = circular
        const broken = {
          toJSON() {
            throw new Error("mine")
          },
        }
        for (const wrong of [circular, { big: 1n }, { broken }]) {
          const error = thrownBy(() => publish(wrong))
          t.true(error instanceof PusherValidationError)
          t.deepEqual(pick(error, "code", "field"), { code: "invalid_data", field: "body" })
        }
        t.true(thrownBy(() => publish({ broken })).message.includes("mine"))
      }
      t.strictEqual(calls.length, 0)
    })

    test("in a user's id throws at once", (t) => {
      const { beams, calls } = record()
      const cases = {
        generateToken: [
          [undefined, "userId argument is required"],
          [null, "userId argument is required"],
          ["", "userId cannot be the empty string"],
          [5, "userId must be a string"],
          ["x".repeat(165), "userId is longer than the maximum length of 164"],
          ["\u{1f600}".repeat(42), "userId is longer than the maximum length of 164"],
          ["a\udc00", "userId is not well-formed Unicode"],
        ],
        deleteUser: [
          [undefined, "User ID argument is required"],
          [null, "User ID argument is required"],
          ["", "User ID argument cannot be the empty string"],
          [{}, "User ID argument must be a string"],
          ["x".repeat(165), "User ID argument is too long"],
          ["\u{1f600}".repeat(42), "User ID argument is too long"],
          ["a\udc00", "User ID argument is not well-formed Unicode"],
          // Hosts take these out of a path, whether they are encoded or not.
          [".", "User ID argument cannot be '.' in a URL"],
          ["..", "User ID argument cannot be '..' in a URL"],
        ],
      }
      for (const [method, rows] of Object.entries(cases)) {
        for (const [id, message] of rows)
          assertRefused(t, () => beams[method](id), message, "invalid_user_id", "userId")
      }
      t.strictEqual(calls.length, 0)
      t.strictEqual(typeof beams.generateToken("..").token, "string")
    })

    test("in a call's options throws at once", (t) => {
      const { beams, calls } = record()
      for (const call of [
        (options) => beams.publishToInterests(["a"], BODY, options),
        (options) => beams.publishToUsers(["a"], BODY, options),
        (options) => beams.deleteUser("a", options),
      ]) {
        for (const options of [5, "x", () => {}, [], { signal: 5 }, { retry: 5 }, { retries: 1 }, { path: "/" }]) {
          t.true(thrownBy(() => call(options)) instanceof PusherValidationError, String(options))
        }
      }
      t.strictEqual(calls.length, 0)
    })
  })

  module("tokens", () => {
    const parse = (part) => JSON.parse(new TextDecoder().decode(fromBase64url(part)))
    const fromBase64url = (text) =>
      Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0))

    test("are the same bytes as npm `@pusher/push-notifications-server`'s", (t) => {
      const { now } = Date
      Date.now = () => 1_700_000_000_999
      try {
        const beams = new Beams({ instanceId: "abc", secretKey: "k" })
        t.deepEqual(beams.generateToken("\u00fc>?\u{1f600}~"), {
          token:
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDA4NjQwMCwiaXNzIjoiaHR0cHM6Ly9hYmMucHVzaG5vdGlmaWNhdGlvbnMucHVzaGVyLmNvbSIsInN1YiI6IsO8Pj_wn5iAfiJ9.0m_kwfRLj3rBK9Fb3lklUgjJBPA6SWD3ALRQ3DDe64Q",
        })
      } finally {
        Date.now = now
      }
    })

    test("say who, by whom and until when, and are signed by the secret key", async (t) => {
      const { beams } = record()
      const before = Math.floor(Date.now() / 1000)
      const { token } = beams.generateToken("alice")
      const [header, payload, signature, ...more] = token.split(".")
      t.deepEqual(parse(header), { alg: "HS256", typ: "JWT" })
      const { iat, ...claims } = parse(payload)
      t.true(iat >= before && iat <= before + 60)
      t.deepEqual(claims, { exp: iat + 86_400, iss: HOST, sub: "alice" })
      t.deepEqual(more, [])
      const encoder = new TextEncoder()
      const algorithm = { name: "HMAC", hash: "SHA-256" }
      const key = await crypto.subtle.importKey("raw", encoder.encode(SECRET), algorithm, false, ["verify"])
      const text = encoder.encode(`${header}.${payload}`)
      t.true(await crypto.subtle.verify("HMAC", key, fromBase64url(signature), text))
    })
  })

  module("tokenHandler", () => {
    const url = "https://example.com/beams-auth"
    const ask = (query, init) => new Request(url + query, init)
    const isJson = (response) => response.headers.get("content-type") === "application/json"

    test("answers with a token for the user who asks", async (t) => {
      const { beams } = record()
      const asked = []
      const handler = beams.tokenHandler(async (question) => {
        asked.push(question)
        return question.userId
      })
      const request = ask("?user_id=alice%20%2F%C3%A9&more=1")
      const [env, ctx] = [{ env: 1 }, { ctx: 1 }]
      const response = await handler(request, env, ctx)
      t.strictEqual(response.status, 200)
      t.true(isJson(response))
      t.strictEqual(response.headers.get("cache-control"), "no-store")
      const answer = await response.json()
      t.deepEqual(Object.keys(answer), ["token"])
      const [, payload] = answer.token.split(".")
      t.true(atob(payload.replaceAll("-", "+").replaceAll("_", "/")).includes('"sub":"alice /'))
      t.strictEqual(asked.length, 1)
      t.strictEqual(asked[0].request, request)
      t.strictEqual(asked[0].env, env)
      t.strictEqual(asked[0].ctx, ctx)
      t.deepEqual(Object.keys(asked[0]).sort(), ["ctx", "request", "userId"], "whoever logs it logs no variables")
      t.strictEqual(asked[0].userId, "alice /\u00e9")
    })

    test("refuses whoever is another, or nobody", async (t) => {
      const { beams } = record()
      for (const answer of ["bob", "Alice", "alice ", "", null, undefined, false]) {
        const response = await beams.tokenHandler(() => answer)(ask("?user_id=alice"))
        t.strictEqual(response.status, 403, String(answer))
        t.deepEqual(await response.json(), { error: "Forbidden" })
      }
    })

    test("refuses what is no question, without a call of the callback", async (t) => {
      const { beams } = record()
      let calls = 0
      const handler = beams.tokenHandler(({ userId }) => {
        calls++
        return userId
      })
      for (const [query, error] of [
        ["", "`user_id` is missing"],
        ["?user=a", "`user_id` is missing"],
        ["?user_id=", "userId cannot be the empty string"],
        ["?user_id=a&user_id=a", "`user_id` must be one string"],
        [`?user_id=${"x".repeat(165)}`, "userId is longer than the maximum length of 164"],
      ]) {
        const response = await handler(ask(query))
        t.strictEqual(response.status, 400, query)
        t.deepEqual(await response.json(), { error })
      }
      for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"]) {
        const response = await handler(ask("?user_id=a", { method }))
        t.strictEqual(response.status, 405, method)
        t.strictEqual(response.headers.get("allow"), "GET")
      }
      t.strictEqual(calls, 0)
    })

    test("tells `onError` of what went wrong, and nobody else", async (t) => {
      const { beams } = record()
      const errors = []
      const onError = (error, { request }) => errors.push([error, request.url])
      const mine = new Error("mine")
      const callbacks = [
        () => {
          throw mine
        },
        async () => Promise.reject(mine),
        () => 5,
        () => true,
        () => ({ id: "a" }),
      ]
      for (const callback of callbacks) {
        const response = await beams.tokenHandler(callback, { onError })(ask("?user_id=a"))
        t.strictEqual(response.status, 500)
        t.deepEqual(await response.json(), { error: "Internal error" })
      }
      t.strictEqual(errors.length, 5)
      t.strictEqual(errors[1][0], mine)
      t.true(errors[2][0] instanceof TypeError)
      t.strictEqual(errors[2][1], `${url}?user_id=a`)
    })

    test("lets pages of other origins ask, where `cors` says so", async (t) => {
      const { beams } = record()
      const cors = { origins: ["https://app.example.com"], credentials: true, headers: ["authorization"], maxAge: 60 }
      const handler = beams.tokenHandler(({ userId }) => userId, { cors })
      // Browsers let no program set `origin`.
      const fromPage = (origin, method = "GET") => ({
        method,
        url: `${url}?user_id=a`,
        headers: new Map([["origin", origin]]),
      })
      const preflight = await handler(fromPage("https://app.example.com", "OPTIONS"))
      t.strictEqual(preflight.status, 204)
      t.strictEqual(preflight.headers.get("access-control-allow-methods"), "GET")
      t.strictEqual(preflight.headers.get("access-control-allow-headers"), "content-type, authorization")
      const response = await handler(fromPage("https://app.example.com"))
      t.strictEqual(response.status, 200)
      t.strictEqual(response.headers.get("access-control-allow-origin"), "https://app.example.com")
      t.strictEqual(response.headers.get("vary"), "Origin")
      const stranger = await handler(fromPage("https://example.org"))
      t.strictEqual(stranger.headers.get("access-control-allow-origin"), null)
    })

    test("is checked when it is made", (t) => {
      const { beams } = record()
      const callback = () => null
      for (const args of [
        [],
        ["alice"],
        [callback, 5],
        [callback, { onError: 5 }],
        [callback, { cors: { origins: [] } }],
        [callback, { maxAge: 5 }],
      ]) {
        const error = thrownBy(() => beams.tokenHandler(...args))
        t.true(error instanceof PusherValidationError, error.stack)
        t.strictEqual(error.code, "invalid_option")
      }
    })
  })

  test("prints no secret", async (t) => {
    const { beams } = record()
    await beams.publishToInterests(["a"], BODY)
    beams.generateToken("a")
    for (const value of [beams, { beams }, [beams], { ...beams }]) await assertHides(t, value)
    t.deepEqual(JSON.parse(JSON.stringify(beams)), { instanceId: INSTANCE, host: new URL(HOST).host })
    t.propEqual(structuredClone(beams), { instanceId: INSTANCE, host: new URL(HOST).host })
    await print(Beams.prototype)
  })

  test("shares the errors of the main entry", (t) => {
    t.strictEqual(Pusher.PusherValidationError, PusherValidationError)
    t.true(thrownBy(() => new Beams({})) instanceof Pusher.PusherError)
  })
}
