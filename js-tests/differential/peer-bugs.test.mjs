// Bugs of other server libraries, each with the rule that it breaks. The bugs of npm `pusher` and `pusher-http-edge` are demonstrated; for
// libraries in other languages only the rule is checked.
import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import { after, test } from "node:test"
import { inspect } from "node:util"

import Edge from "pusher-http-edge"

import { pick, thrownBy } from "../support/assertions.mjs"
import { assertSigned, credentials, masterKey, startStub } from "./stub.mjs"
import { Ours, Theirs, watchTimer } from "./support.mjs"

const stub = await startStub()
after(stub.close)

const makeClient = (Pusher, options) => new Pusher({ ...credentials, ...stub.options, timeout: 10_000, ...options })
/** Returns the requests that reach the server while `act` runs. */
const recordRequests = async (act) => {
  stub.requests = []
  await act()
  return stub.requests
}
const answerWith = async (answer, act) => {
  const before = stub.answer
  stub.answer = answer
  try {
    return await act()
  } finally {
    stub.answer = before
  }
}
const getMessage = (call) => thrownBy(call).message

test("rejects a signature made with another token's secret (bug in pusher-http-edge)", async () => {
  const rawBody = '{"time_ms":1,"events":[]}'
  const [a, b] = ["a", "b"].map((name) => ({ key: name, secret: `secret of ${name}` }))
  const headers = {
    "x-pusher-key": "a",
    "x-pusher-signature": new Theirs.Token(b.key, b.secret).sign(rawBody),
    "content-type": "application/json",
  }
  const edge = new Edge({ ...credentials, ...a }).webhook({ headers, rawBody })
  assert.equal(await edge.isValid([new Edge.Token(b.key, b.secret)]), true)
  assert.equal(makeClient(Ours, a).webhook({ headers, rawBody }).isValid([b]), false)
  // With the signature's own key it is valid.
  const matching = { ...headers, "x-pusher-key": "b" }
  assert.equal(makeClient(Ours, a).webhook({ headers: matching, rawBody }).isValid([b]), true)
})

for (const [name, Peer] of [
  ["pusher", Theirs],
  ["pusher-http-edge", Edge],
]) {
  test(`encrypts a batch once, even if it is sent again (bug in ${name})`, async () => {
    const encrypting = { encryptionMasterKeyBase64: masterKey }
    const decrypt = (data) => makeClient(Ours, encrypting).decrypt("private-encrypted-a", data)
    const sendTwice = async (pusher) => {
      const batch = [{ channel: "private-encrypted-a", name: "event", data: { some: "data" } }]
      const requests = await recordRequests(async () => {
        await pusher.triggerBatch(batch)
        await pusher.triggerBatch(batch)
      })
      return [batch[0].data, ...requests.map(({ body }) => JSON.parse(body).batch[0].data)]
    }
    const [written, first, second] = await sendTwice(makeClient(Peer, encrypting))
    assert.equal(written, second)
    assert.deepEqual(decrypt(first), { some: "data" })
    assert.equal(decrypt(second), first, "the plain text is the first ciphertext")
    const [kept, ...data] = await sendTwice(makeClient(Ours, encrypting))
    assert.deepEqual([kept, ...data.map(decrypt)], Array(3).fill({ some: "data" }))
  })
}

test("ignores params that would send plain text to an encrypted channel (bug in pusher)", async () => {
  const trigger = (Pusher) => makeClient(Pusher).trigger("a", "event", "secret", { channels: ["private-encrypted-a"] })
  const [theirs, ours] = (await recordRequests(async () => [await trigger(Theirs), await trigger(Ours)])).map(
    ({ body }) => JSON.parse(body),
  )
  assert.deepEqual(theirs, { name: "event", data: "secret", channels: ["private-encrypted-a"] })
  assert.deepEqual(ours, { name: "event", data: "secret", channels: ["a"] })
})

test("encodes a user id that would reach another endpoint (bug in pusher, python, go)", async () => {
  const id = "x/../../channels/private-a/users?info=x#"
  const [theirs, ours] = await recordRequests(async () => {
    for (const Pusher of [Theirs, Ours]) await makeClient(Pusher).terminateUserConnections(id)
  })
  assert.match(theirs.url, /^\/apps\/3\/channels\/private-a\/users\?info=x$/)
  const segments = ours.url.split("?")[0].split("/")
  assert.deepEqual(segments.map(decodeURIComponent), ["", "apps", "3", "users", id, "terminate_connections"])
  assertSigned(ours)
})

test("refuses a channel name that would add parameters (bug in pusher, python, go)", async () => {
  const path = "/channels/a?info=cache&x"
  const [theirs] = await recordRequests(() => makeClient(Theirs).get({ path }))
  assert.match(theirs.url, /^\/apps\/3\/channels\/a\?info=cache&x\?auth_key/)
  assert.equal(
    getMessage(() => makeClient(Ours).get({ path })),
    `Invalid path: '${path}'`,
  )
  const error = getMessage(() => makeClient(Ours).channel("a?info=cache"))
  assert.equal(error, "Invalid channel name: 'a?info=cache'")
})

test("encodes a parameter that would add parameters (bug in pusher, python, go)", async () => {
  const params = { filter_by_prefix: "a&info=user_count" }
  const [theirs, ours] = await recordRequests(async () => {
    for (const Pusher of [Theirs, Ours]) await makeClient(Pusher).get({ path: "/channels", params })
  })
  const parseQuery = ({ url }) => new URLSearchParams(url.split("?")[1])
  const getParameters = (sent) => ({
    prefix: parseQuery(sent).get("filter_by_prefix"),
    info: parseQuery(sent).get("info"),
  })
  assert.deepEqual(getParameters(theirs), { prefix: "a", info: "user_count" })
  assert.deepEqual(getParameters(ours), { prefix: "a&info=user_count", info: null })
  assertSigned(ours)
})

test("forURL keeps colons in a secret (bug in pusher)", () => {
  const url = "https://key:se:cr%3Aet@localhost/apps/1"
  assert.equal(Theirs.forURL(url).config.token.secret, "se")
  assert.equal(Ours.forURL(url).config.token.secret, "se:cr:et")
})

test("forURL percent-decodes the key and the secret (bug in pusher-http-edge)", () => {
  const url = "https://k%2Fey:se%40cret@localhost/apps/1"
  assert.deepEqual(pick(Edge.forURL(url).config.token, "key", "secret"), { key: "k%2Fey", secret: "se%40cret" })
  assert.deepEqual(pick(Ours.forURL(url).config.token, "key", "secret"), { key: "k/ey", secret: "se@cret" })
})

test("forURL keeps an app id of letters (bug in pusher)", () => {
  const url = "https://key:secret@localhost/apps/my-app"
  assert.ok(Number.isNaN(Theirs.forURL(url).config.appId))
  assert.equal(Ours.forURL(url).config.appId, "my-app")
  assert.equal(Ours.forURL("https://key:secret@localhost/apps/12").config.appId, 12)
})

test("prints no master key in an error (bug in pusher before 5.3.4 and pusher-http-edge)", () => {
  const short = masterKey.slice(4)
  const getKeyMessage = (Pusher) => getMessage(() => new Pusher({ ...credentials, encryptionMasterKeyBase64: short }))
  assert.ok(getKeyMessage(Edge).includes(short))
  assert.equal(
    getKeyMessage(Ours),
    "encryptionMasterKeyBase64 must decode to 32 bytes, but the provided key decodes to 29 bytes",
  )
  for (const wrong of [`${masterKey}!`, masterKey.slice(1), { key: masterKey }, `${masterKey}\n`]) {
    const options = { ...credentials, encryptionMasterKeyBase64: wrong }
    assert.throws(
      () => new Ours(options),
      (error) => !inspect(error).includes(masterKey.slice(4, 20)),
    )
  }
})

test("prints no expected signature that a server quotes (bug in ruby, dotnet)", async () => {
  const signature = createHash("sha256").update("").digest("hex")
  const refuse = (_request, response) =>
    response.writeHead(401).end(`Invalid signature: you should have sent HmacSHA256Hex(${signature})`)
  await answerWith(refuse, async () => {
    const logged = []
    const pusher = makeClient(Ours, {
      onResponse: (event) => logged.push(event),
      onRequest: (event) => logged.push(event),
    })
    const error = await pusher.get({ path: "/channels" }).catch((error) => error)
    assert.equal(error.status, 401)
    for (const printed of [
      inspect(error, { depth: 9 }),
      JSON.stringify(error),
      error.stack,
      inspect(logged, { depth: 9 }),
    ]) {
      assert.doesNotMatch(printed, /[0-9a-f]{64}/)
    }
  })
})

test("prints nothing about an invalid webhook (bug in ruby, dotnet)", (t) => {
  const calls = ["log", "warn", "error", "info", "debug"].map((name) => t.mock.method(console, name, () => {}))
  const headers = {
    "x-pusher-key": credentials.key,
    "x-pusher-signature": "0".repeat(64),
    "content-type": "application/json",
  }
  assert.equal(makeClient(Ours).webhook({ headers, rawBody: "{}" }).isValid(), false)
  assert.deepEqual(
    calls.map(({ mock }) => mock.callCount()),
    [0, 0, 0, 0, 0],
  )
})

test("refuses to sign a channel that could pass for a user (bug in go, rust)", () => {
  const pusher = makeClient(Ours)
  const data = { id: "admin" }
  const forged = `:user::${JSON.stringify(data)}`
  assert.equal(
    getMessage(() => pusher.authorizeChannel("1.1", forged)),
    `Invalid channel name: '${forged}'`,
  )
  // That signature would equal the user's.
  const { auth } = pusher.authenticateUser("1.1", data)
  assert.equal(auth, `${credentials.key}:${pusher.config.token.sign(`1.1:${forged}`)}`)
  for (const channel of ["a:b", ":", "private-a:{}", "a\n", "#server-to-user-admin"]) {
    assert.throws(() => pusher.authorizeChannel("1.1", channel))
  }
})

test("compares every digit of a signature (bug in ruby, php, dotnet)", () => {
  // Those bugs leak through timing, which no test can measure reliably. The comparison itself is `verify_slice` of the `hmac` crate.
  const token = new Ours.Token("key", "secret")
  const signature = token.sign("text")
  for (let at = 0; at < signature.length; at++) {
    const changed = signature.slice(0, at) + (signature[at] === "0" ? "1" : "0") + signature.slice(at + 1)
    assert.equal(token.verify("text", changed), false)
  }
  assert.equal(token.verify("text", signature), true)
})

test("writes timestamps of more than 31 bits (bug in pusher, pusher-http-edge)", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 2 ** 31 * 1000 })
  const getTimestamp = async (Pusher) =>
    new URLSearchParams(await makeClient(Pusher).createSignedQueryString({ method: "GET", path: "/" })).get(
      "auth_timestamp",
    )
  assert.deepEqual(
    { theirs: await getTimestamp(Theirs), edge: await getTimestamp(Edge), ours: await getTimestamp(Ours) },
    { theirs: "-2147483648", edge: "-2147483648", ours: "2147483648" },
  )
})

test("refuses digits beyond ASCII in a socket id (bug in python, dotnet, rust)", () => {
  for (const id of ["\u0661.\u0661", "1.\u0967", "\uff11.1", "1.\u{1d7cf}"]) {
    assert.equal(
      getMessage(() => makeClient(Ours).authorizeChannel(id, "private-a")),
      `Invalid socket id: '${id}'`,
    )
  }
})

for (const [name, Peer] of [
  ["pusher", Theirs],
  ["pusher-http-edge", Edge],
]) {
  test(`applies the timeout to the body (bug in ${name})`, async (t) => {
    const half = (_request, response) => response.write("{")
    await answerWith(half, async () => {
      const isStopped = watchTimer(t, 60_000)
      await makeClient(Peer, { timeout: 60_000 }).get({ path: "/channels" })
      assert.ok(isStopped(), "stops the timer although the body has not ended")
      await assert.rejects(makeClient(Ours, { timeout: 30 }).get({ path: "/channels" }), { code: "timeout" })
    })
  })

  test(`rejects a redirect (bug in ${name})`, async () => {
    const redirect = (request, response) =>
      response.writeHead(request.url === "/sign-in" ? 200 : 302, { location: "/sign-in" }).end()
    await answerWith(redirect, async () => {
      assert.equal((await makeClient(Peer).trigger("a", "event", "x")).status, 200)
      await assert.rejects(makeClient(Ours).trigger("a", "event", "x"), { code: "http", status: 302 })
    })
    const unchanged = (_request, response) => response.writeHead(304).end()
    await answerWith(unchanged, async () => {
      assert.equal((await makeClient(Peer).trigger("a", "event", "x")).status, 304)
      await assert.rejects(makeClient(Ours).trigger("a", "event", "x"), { code: "http", status: 304 })
    })
  })
}
