// The bugs seen in other server libraries, each with the rule that it breaks. Where the library is npm `pusher` or
// `pusher-http-edge` it is seen at its mistake; of those in other languages only the rule is checked.
import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import { after, test } from "node:test"
import { inspect } from "node:util"

import Edge from "pusher-http-edge"

import { assertSigned, credentials, masterKey, startStub } from "./stub.mjs"
import { Ours, Theirs, watchTimer } from "./support.mjs"

const stub = await startStub()
after(stub.close)

const client = (Pusher, options) => new Pusher({ ...credentials, ...stub.options, timeout: 10_000, ...options })
/** The requests that reach the server while something is done. */
const requestsOf = async (act) => {
  stub.requests = []
  await act()
  return stub.requests
}
const answering = async (answer, act) => {
  const before = stub.answer
  stub.answer = answer
  try {
    return await act()
  } finally {
    stub.answer = before
  }
}
const messageOf = (call) => {
  try {
    call()
  } catch ({ message }) {
    return message
  }
}

test("a key with the signature of another token's secret (pusher-http-edge)", async () => {
  const rawBody = '{"time_ms":1,"events":[]}'
  const [a, b] = ["a", "b"].map((name) => ({ key: name, secret: `secret of ${name}` }))
  const headers = {
    "x-pusher-key": "a",
    "x-pusher-signature": new Theirs.Token(b.key, b.secret).sign(rawBody),
    "content-type": "application/json",
  }
  const edge = new Edge({ ...credentials, ...a }).webhook({ headers, rawBody })
  assert.equal(await edge.isValid([new Edge.Token(b.key, b.secret)]), true)
  assert.equal(client(Ours, a).webhook({ headers, rawBody }).isValid([b]), false)
  // Where the key is that of the signature, it is right.
  const right = { ...headers, "x-pusher-key": "b" }
  assert.equal(client(Ours, a).webhook({ headers: right, rawBody }).isValid([b]), true)
})

for (const [name, Peer] of [
  ["pusher", Theirs],
  ["pusher-http-edge", Edge],
]) {
  test(`triggerBatch writes into the caller's array, so that sent again it is encrypted twice (${name})`, async () => {
    const encrypting = { encryptionMasterKeyBase64: masterKey }
    const decrypt = (data) => client(Ours, encrypting).decrypt("private-encrypted-a", data)
    const sentTwice = async (pusher) => {
      const batch = [{ channel: "private-encrypted-a", name: "event", data: { some: "data" } }]
      const requests = await requestsOf(async () => {
        await pusher.triggerBatch(batch)
        await pusher.triggerBatch(batch)
      })
      return [batch[0].data, ...requests.map(({ body }) => JSON.parse(body).batch[0].data)]
    }
    const [written, first, second] = await sentTwice(client(Peer, encrypting))
    assert.equal(written, second)
    assert.deepEqual(decrypt(first), { some: "data" })
    assert.equal(decrypt(second), first, "what was encrypted is the ciphertext")
    const [kept, ...data] = await sentTwice(client(Ours, encrypting))
    assert.deepEqual([kept, ...data.map(decrypt)], Array(3).fill({ some: "data" }))
  })
}

test("params that send plain text to an encrypted channel (pusher)", async () => {
  const trigger = (Pusher) => client(Pusher).trigger("a", "event", "secret", { channels: ["private-encrypted-a"] })
  const [theirs, ours] = (await requestsOf(async () => [await trigger(Theirs), await trigger(Ours)])).map(({ body }) =>
    JSON.parse(body),
  )
  assert.deepEqual(theirs, { name: "event", data: "secret", channels: ["private-encrypted-a"] })
  assert.deepEqual(ours, { name: "event", data: "secret", channels: ["a"] })
})

test("a user id that reaches another endpoint (pusher, python, go)", async () => {
  const id = "x/../../channels/private-a/users?info=x#"
  const [theirs, ours] = await requestsOf(async () => {
    for (const Pusher of [Theirs, Ours]) await client(Pusher).terminateUserConnections(id)
  })
  assert.match(theirs.url, /^\/apps\/3\/channels\/private-a\/users\?info=x$/)
  const segments = ours.url.split("?")[0].split("/")
  assert.deepEqual(segments.map(decodeURIComponent), ["", "apps", "3", "users", id, "terminate_connections"])
  assertSigned(ours)
})

test("a channel's name that adds parameters (pusher, python, go)", async () => {
  const path = "/channels/a?info=cache&x"
  const [theirs, ours] = await requestsOf(async () => {
    for (const Pusher of [Theirs, Ours]) await client(Pusher).get({ path })
  })
  assert.match(theirs.url, /^\/apps\/3\/channels\/a\?info=cache&x\?auth_key/)
  assert.equal(decodeURIComponent(ours.url.split("?")[0]), `/apps/3${path}`)
  assertSigned(ours)
  const error = messageOf(() => client(Ours).channel("a?info=cache"))
  assert.equal(error, "Invalid channel name: 'a?info=cache'")
})

test("a parameter that adds parameters (pusher, python, go)", async () => {
  const params = { filter_by_prefix: "a&info=user_count" }
  const [theirs, ours] = await requestsOf(async () => {
    for (const Pusher of [Theirs, Ours]) await client(Pusher).get({ path: "/channels", params })
  })
  const query = ({ url }) => new URLSearchParams(url.split("?")[1])
  const parametersOf = (sent) => ({ prefix: query(sent).get("filter_by_prefix"), info: query(sent).get("info") })
  assert.deepEqual(parametersOf(theirs), { prefix: "a", info: "user_count" })
  assert.deepEqual(parametersOf(ours), { prefix: "a&info=user_count", info: null })
  assertSigned(ours)
})

test("forURL cuts a secret at a colon (pusher)", () => {
  const url = "https://key:se:cr%3Aet@localhost/apps/1"
  assert.equal(Theirs.forURL(url).config.token.secret, "se")
  assert.equal(Ours.forURL(url).config.token.secret, "se:cr:et")
})

test("forURL does not percent-decode (pusher-http-edge)", () => {
  const url = "https://k%2Fey:se%40cret@localhost/apps/1"
  const parts = ({ config }) => [config.token.key, config.token.secret]
  assert.deepEqual(parts(Edge.forURL(url)), ["k%2Fey", "se%40cret"])
  assert.deepEqual(parts(Ours.forURL(url)), ["k/ey", "se@cret"])
})

test("forURL makes NaN of an app id (pusher)", () => {
  const url = "https://key:secret@localhost/apps/my-app"
  assert.ok(Number.isNaN(Theirs.forURL(url).config.appId))
  assert.equal(Ours.forURL(url).config.appId, "my-app")
  assert.equal(Ours.forURL("https://key:secret@localhost/apps/12").config.appId, 12)
})

test("a master key printed in an error (pusher before 5.3.4, pusher-http-edge)", () => {
  const short = masterKey.slice(4)
  const message = (Pusher) => messageOf(() => new Pusher({ ...credentials, encryptionMasterKeyBase64: short }))
  assert.ok(message(Edge).includes(short))
  assert.equal(
    message(Ours),
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

test("the expected signature in a log (ruby, dotnet): a server that tells it does not get it printed", async () => {
  const signature = createHash("sha256").update("").digest("hex")
  const refuse = (_request, response) =>
    response.writeHead(401).end(`Invalid signature: you should have sent HmacSHA256Hex(${signature})`)
  await answering(refuse, async () => {
    const logged = []
    const pusher = client(Ours, { onResponse: (event) => logged.push(event), onRequest: (event) => logged.push(event) })
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

test("a webhook's expected signature in a log (ruby, dotnet): nothing is printed", (t) => {
  const calls = ["log", "warn", "error", "info", "debug"].map((name) => t.mock.method(console, name, () => {}))
  const headers = {
    "x-pusher-key": credentials.key,
    "x-pusher-signature": "0".repeat(64),
    "content-type": "application/json",
  }
  assert.equal(client(Ours).webhook({ headers, rawBody: "{}" }).isValid(), false)
  assert.deepEqual(
    calls.map(({ mock }) => mock.callCount()),
    [0, 0, 0, 0, 0],
  )
})

test("a channel that is signed as a user (go, rust)", () => {
  const pusher = client(Ours)
  const data = { id: "admin" }
  const forged = `:user::${JSON.stringify(data)}`
  assert.equal(
    messageOf(() => pusher.authorizeChannel("1.1", forged)),
    `Invalid channel name: '${forged}'`,
  )
  // It would have been this signature.
  const { auth } = pusher.authenticateUser("1.1", data)
  assert.equal(auth, `${credentials.key}:${pusher.config.token.sign(`1.1:${forged}`)}`)
  for (const channel of ["a:b", ":", "private-a:{}", "a\n", "#server-to-user-admin"]) {
    assert.throws(() => pusher.authorizeChannel("1.1", channel))
  }
})

test("a comparison that stops at the first difference (ruby, php, dotnet)", () => {
  // Where it stops would show in the time. Here only that every digit counts; the comparison itself is the `hmac` crate's `verify_slice`.
  const token = new Ours.Token("key", "secret")
  const signature = token.sign("text")
  for (let at = 0; at < signature.length; at++) {
    const changed = signature.slice(0, at) + (signature[at] === "0" ? "1" : "0") + signature.slice(at + 1)
    assert.equal(token.verify("text", changed), false)
  }
  assert.equal(token.verify("text", signature), true)
})

test("timestamps of 31 bits (pusher, pusher-http-edge)", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 2 ** 31 * 1000 })
  const timestamp = async (Pusher) =>
    new URLSearchParams(await client(Pusher).createSignedQueryString({ method: "GET", path: "/" })).get(
      "auth_timestamp",
    )
  assert.deepEqual(
    [await timestamp(Theirs), await timestamp(Edge), await timestamp(Ours)],
    ["-2147483648", "-2147483648", "2147483648"],
  )
})

test("digits beyond ASCII in a socket id (python, dotnet, rust)", () => {
  for (const id of ["\u0661.\u0661", "1.\u0967", "\uff11.1", "1.\u{1d7cf}"]) {
    assert.equal(
      messageOf(() => client(Ours).authorizeChannel(id, "private-a")),
      `Invalid socket id: '${id}'`,
    )
  }
})

for (const [name, Peer] of [
  ["pusher", Theirs],
  ["pusher-http-edge", Edge],
]) {
  test(`a timeout that does not cover the body (${name})`, async (t) => {
    const half = (_request, response) => response.write("{")
    await answering(half, async () => {
      const stopped = watchTimer(t, 60_000)
      await client(Peer, { timeout: 60_000 }).get({ path: "/channels" })
      assert.ok(stopped(), "the timer is stopped, though the body has not ended")
      await assert.rejects(client(Ours, { timeout: 30 }).get({ path: "/channels" }), { code: "timeout" })
    })
  })

  test(`a redirect taken for success (${name})`, async () => {
    const redirect = (request, response) =>
      response.writeHead(request.url === "/sign-in" ? 200 : 302, { location: "/sign-in" }).end()
    await answering(redirect, async () => {
      assert.equal((await client(Peer).trigger("a", "event", "x")).status, 200)
      await assert.rejects(client(Ours).trigger("a", "event", "x"), { code: "http", status: 302 })
    })
    const unchanged = (_request, response) => response.writeHead(304).end()
    await answering(unchanged, async () => {
      assert.equal((await client(Peer).trigger("a", "event", "x")).status, 304)
      await assert.rejects(client(Ours).trigger("a", "event", "x"), { code: "http", status: 304 })
    })
  })
}
