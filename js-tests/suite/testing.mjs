// Tests of one's own: the subpath `pusher-http-wasm/testing`. Places that load it in another way than by `import` pass it as
// `environment.subpaths.testing`.
import * as importedHandlers from "pusher-http-wasm/handlers"
import * as imported from "pusher-http-wasm/testing"

import { http, masterKey, pick, rejectionOf, thrownBy } from "./support.mjs"

const OTHER_KEY = btoa("0123456789abcdef0123456789abcdef")

export default (QUnit, library, environment) => {
  const { test } = QUnit
  const { default: Pusher, PusherValidationError } = library
  const { fakeChannels, startLocalChannels } = environment.subpaths?.testing ?? imported
  const { channelAuthHandler, userAuthHandler, webhookHandler } = environment.subpaths?.handlers ?? importedHandlers

  /** Makes a fake and a client of it. */
  const make = (options, clientOptions) => {
    const fake = fakeChannels(options)
    return { fake, pusher: new Pusher({ ...fake.options, ...clientOptions }) }
  }

  test("a client of the fake's options publishes, and the fake keeps the events", async (assert) => {
    const { fake, pusher } = make()
    const response = await pusher.trigger(["a", "b"], "e", { list: [1, null, "ü"] }, { socket_id: "1.2" })
    assert.deepEqual([response.status, await response.json()], [200, {}])
    await pusher.trigger("c", "text", "no JSON")
    await pusher.triggerBatch([
      { channel: "d", name: "one", data: 1 },
      { channel: "e", name: "two", data: { a: true } },
    ])
    await pusher.sendToUser("7", "hello", null)
    assert.deepEqual(fake.events, [
      { channel: "a", event: "e", data: { list: [1, null, "ü"] }, socketId: "1.2" },
      { channel: "b", event: "e", data: { list: [1, null, "ü"] }, socketId: "1.2" },
      { channel: "c", event: "text", data: "no JSON" },
      { channel: "d", event: "one", data: 1 },
      { channel: "e", event: "two", data: { a: true } },
      { channel: "#server-to-user-7", event: "hello", data: null },
    ])
  })

  test("any host's URL reaches it, as a string, a URL or a Request", async (assert) => {
    const { fake } = make()
    const pusher = Pusher.forURL("https://app-key:app-secret@api-eu.pusher.com/apps/app-id", { fetch: fake.fetch })
    await pusher.trigger("a", "e", 1)
    const query = pusher.createSignedQueryString({ method: "GET", path: "/apps/app-id/channels", params: {} })
    const url = `${fake.url}/apps/app-id/channels?${query}`
    for (const input of [url, new URL(url), new Request(url)]) {
      const response = await fake.fetch(input)
      assert.deepEqual([response.status, await response.json()], [200, { channels: {} }])
    }
    assert.strictEqual(fake.events.length, 1)
  })

  test("code that makes its own client from the environment reaches it by its variables and its fetch", async (assert) => {
    const app = { appId: "a/1", key: "k:e@y", secret: "s%e/c?r#t", encryptionMasterKeyBase64: masterKey }
    for (const [channel, options] of [
      ["orders", {}],
      ["private-encrypted-orders", app],
    ]) {
      const fake = fakeChannels(options)
      const pusher = Pusher.fromEnv(fake.env, { fetch: fake.fetch })
      await pusher.trigger(channel, "paid", { id: 7 })
      fake.expectTriggered({ channel, event: "paid", data: { id: 7 } }, { times: 1 })
      const { appId, host, scheme } = pusher.config
      assert.deepEqual([appId, host, scheme], [fake.options.appId, fake.options.host, "https"])
    }
    assert.deepEqual(fakeChannels().env, { PUSHER_URL: "https://app-key:app-secret@channels.test/apps/app-id" })
    assert.strictEqual(fakeChannels(app).env.PUSHER_ENCRYPTION_MASTER_KEY_BASE64, masterKey)
  })

  test("it opens the events of encrypted channels with the master key, and leaves them sealed without", async (assert) => {
    const { fake, pusher } = make({ encryptionMasterKeyBase64: masterKey })
    const long = "é\u{1f600}".repeat(1000)
    await pusher.trigger("private-encrypted-a", "e", { secret: long })
    await pusher.trigger("private-encrypted-a", "text", "plain")
    assert.deepEqual(
      fake.events.map(({ data }) => data),
      [{ secret: long }, "plain"],
    )
    for (const options of [{}, { encryptionMasterKeyBase64: OTHER_KEY }]) {
      const sealed = make(options)
      await new Pusher({ ...sealed.fake.options, encryptionMasterKeyBase64: masterKey }).trigger(
        "private-encrypted-a",
        "e",
        1,
      )
      assert.deepEqual(Object.keys(sealed.fake.events[0].data).sort(), ["ciphertext", "nonce"])
    }
  })

  test("it keeps requests, refused ones as well", async (assert) => {
    const { fake, pusher } = make()
    await pusher.trigger("a", "e", 1)
    await rejectionOf(pusher.get({ path: "/nothing" }))
    const [taken, refused] = fake.requests
    assert.deepEqual(pick(taken, "method", "path", "body", "response", "isTaken", "isOpen"), {
      method: "POST",
      path: "/apps/app-id/events",
      body: '{"name":"e","data":"1","channels":["a"]}',
      response: { status: 200, body: "{}" },
      isTaken: true,
      isOpen: false,
    })
    assert.strictEqual(taken.params.auth_key, "app-key")
    assert.strictEqual(taken.headers["content-type"], "application/json")
    assert.deepEqual([refused.path, refused.response.status, refused.isTaken], ["/apps/app-id/nothing", 404, false])
  })

  for (const [what, options, clientOptions, data, status, words] of [
    ["another secret", {}, { secret: "other" }, 1, 401, /^Invalid signature: you should have sent HmacSHA256Hex/],
    ["another key", {}, { key: "other" }, 1, 401, /^Unknown auth_key/],
    ["another app", {}, { appId: "other" }, 1, 404, /^Unknown app id/],
    ["a disabled app", { enabled: false }, {}, 1, 403, /^The app is disabled/],
    ["long data", {}, { maxPayloadBytes: Infinity }, "x".repeat(10_241), 413, /10241 bytes, over the allowed maximum/],
  ]) {
    test(`it refuses, as Channels does: ${what}`, async (assert) => {
      const { fake, pusher } = make(options, clientOptions)
      const error = await rejectionOf(pusher.trigger("a", "e", data))
      assert.strictEqual(error.status, status)
      assert.true(words.test(error.body), error.body)
      assert.deepEqual(fake.events, [])
    })
  }

  test("it refuses a clock that is off, and tells the time", async (assert) => {
    const { fake, pusher } = make({ now: () => Date.now() + 900_000 }, { now: () => Date.now() })
    await pusher.trigger("a", "e", 1)
    const [{ response }] = fake.requests
    assert.strictEqual(response.status, 401)
    assert.true(/^Timestamp expired: /.test(response.body), response.body)
    assert.strictEqual(fake.events.length, 1)
  })

  test("it refuses a body that is not the signed one", async (assert) => {
    const { fake, pusher } = make()
    const path = "/apps/app-id/events"
    const query = pusher.createSignedQueryString({ method: "POST", path, body: "{}" })
    const response = await fake.fetch(`${fake.url}${path}?${query}`, { method: "POST", body: "{ }" })
    assert.strictEqual(response.status, 401)
    assert.true(/^Invalid body_md5/.test(await response.text()))
  })

  test("limits may be smaller, for server and client", async (assert) => {
    const { fake, pusher } = make({ limits: { eventBytes: 10, channelsPerEvent: 2 } })
    const error = thrownBy(() => pusher.trigger("a", "e", "12345678901"))
    assert.true(error instanceof PusherValidationError)
    const refused = await rejectionOf(pusher.trigger(["a", "b", "c"], "e", "1"))
    assert.strictEqual(refused.status, 400)
    assert.deepEqual(fake.events, [])
  })

  test("the clock of options is the server's and the client's", async (assert) => {
    const { fake, pusher } = make({ now: () => 1_000_000_000_000 })
    const response = await pusher.trigger("a", "e", 1)
    assert.strictEqual(fake.requests[0].params.auth_timestamp, "1000000000")
    assert.strictEqual(response.headers.get("date"), "Sun, 09 Sep 2001 01:46:40 GMT")
  })

  test("queries are answered from what a test declares, and from subscribers", async (assert) => {
    const { fake, pusher } = make()
    fake.connect("presence-room", { member: { user_id: "1" } })
    fake.channels.set("presence-hall", { users: ["7", "8"] })
    fake.channels.set("orders", { subscriptionCount: 5 })
    fake.channels.set("cache-last", { cache: { data: "1", ttl: 9 } })
    fake.channels.set("plain")
    assert.deepEqual(await pusher.channels(), {
      channels: { "cache-last": {}, orders: {}, plain: {}, "presence-hall": {}, "presence-room": {} },
    })
    assert.deepEqual(await pusher.channels({ prefix: "presence-", info: ["user_count", "subscription_count"] }), {
      channels: {
        "presence-hall": { user_count: 2, subscription_count: 2 },
        "presence-room": { user_count: 1, subscription_count: 1 },
      },
    })
    assert.deepEqual(await pusher.channelUsers("presence-hall"), { users: [{ id: "7" }, { id: "8" }] })
    assert.deepEqual(await pusher.channelUsers("presence-room"), { users: [{ id: "1" }] })
    assert.deepEqual(await pusher.channel("orders", { info: "subscription_count" }), {
      occupied: true,
      subscription_count: 5,
    })
    assert.deepEqual(await pusher.channel("plain", { info: "subscription_count" }), {
      occupied: true,
      subscription_count: 1,
    })
    assert.deepEqual(await pusher.channel("cache-last", { info: "cache" }), {
      occupied: true,
      cache: { data: "1", ttl: 9 },
    })
    fake.channels.delete("orders")
    assert.deepEqual(await pusher.channel("orders"), { occupied: false })
    const error = await rejectionOf(pusher.channel("orders", { info: "user_count" }))
    assert.strictEqual(error.status, 400)
  })

  for (const [fault, code, status] of [
    [{ status: 500 }, "http", 500],
    [{ status: 403, body: "quota" }, "http", 403],
    [{ refuse: true }, "network"],
    [{ reset: true }, "network"],
    [{ resetBody: true, body: "beginning" }, "network"],
    [{ hang: true }, "timeout"],
    [{ hangBody: true, body: "beginning" }, "timeout"],
  ]) {
    test(`failNext: ${JSON.stringify(fault)}`, async (assert) => {
      const { fake, pusher } = make({}, { retry: false, timeout: 50 })
      fake.failNext(fault)
      const error = await rejectionOf(pusher.trigger("a", "e", 1))
      assert.deepEqual([error.code, error.status], [code, status])
      assert.deepEqual(fake.events, [])
      assert.strictEqual(fake.requests[0].isOpen, false)
      await pusher.trigger("a", "e", 1)
      assert.strictEqual(fake.events.length, 1)
    })
  }

  test("failNext is for one request each, and `takesRequest` publishes all the same", async (assert) => {
    const { fake, pusher } = make({}, { retry: { baseDelay: 0 } })
    fake.failNext({ status: 500 })
    fake.failNext({ status: 503 })
    assert.deepEqual(await pusher.channels(), { channels: {} })
    assert.strictEqual(fake.requests.length, 3)
    fake.failNext({ status: 500, takesRequest: true })
    await rejectionOf(pusher.trigger("a", "e", 1))
    fake.expectTriggered({ channel: "a" }, { times: 1 })
    fake.failNext({ delayMs: 1 })
    await pusher.trigger("a", "late", 1)
    fake.expectTriggered({ event: "late" })
  })

  test("respondWith answers every request, or those that a function chooses", async (assert) => {
    const { fake, pusher } = make({}, { retry: false })
    const undo = fake.respondWith({ status: 200, body: { channels: { made: {} } }, headers: { "x-mine": "1" } })
    assert.deepEqual(await pusher.channels(), { channels: { made: {} } })
    const response = await pusher.get({ path: "/channels" })
    assert.strictEqual(response.headers.get("x-mine"), "1")
    undo()
    assert.deepEqual(await pusher.channels(), { channels: {} })
    fake.respondWith(async ({ method }) => (method === "POST" ? { status: 204 } : undefined))
    assert.strictEqual((await pusher.trigger("a", "e", 1)).status, 204)
    assert.deepEqual(await pusher.channels(), { channels: {} })
  })

  test("a signal ends a request, before it and while it waits", async (assert) => {
    const { fake, pusher } = make({}, { retry: false })
    const aborted = await rejectionOf(pusher.trigger("a", "e", 1, { signal: AbortSignal.abort() }))
    assert.strictEqual(aborted.code, "aborted")
    const controller = new AbortController()
    fake.respondWith(() => {
      controller.abort()
      return { hang: true }
    })
    const ended = await rejectionOf(fake.fetch(`${fake.url}/`, { signal: controller.signal }))
    assert.strictEqual(ended.name, "AbortError")
    const early = await rejectionOf(fake.fetch(`${fake.url}/`, { signal: controller.signal }))
    assert.strictEqual(early.name, "AbortError")
    assert.strictEqual(fake.requests.length, 1)
  })

  test("a subscriber gets what is published, but what excludes it", async (assert) => {
    const { fake, pusher } = make({ encryptionMasterKeyBase64: masterKey })
    const one = fake.connect("a")
    const two = fake.connect("a", { socketId: "1.2" })
    await pusher.trigger("a", "e", { n: 1 }, { socket_id: "1.2" })
    await pusher.trigger("b", "e", { n: 2 })
    assert.deepEqual(one.received, [{ channel: "a", event: "e", data: { n: 1 } }])
    assert.deepEqual(two.received, [])
    const sealed = fake.connect("private-encrypted-a")
    await pusher.trigger("private-encrypted-a", "e", { n: 3 })
    assert.deepEqual(sealed.received, [{ channel: "private-encrypted-a", event: "e", data: { n: 3 } }])
    one.disconnect()
    await pusher.trigger("a", "later", 1)
    assert.strictEqual(one.received.length, 1)
    assert.deepEqual([one.isConnected, two.isConnected, two.socketId], [false, true, "1.2"])
  })

  test("a subscriber may be a user: events for the user reach it, and its connections can be ended", async (assert) => {
    const { fake, pusher } = make()
    const user = fake.connect("presence-room", { userId: "7" })
    await pusher.sendToUser("7", "hello", 1)
    assert.deepEqual(user.received, [{ channel: "#server-to-user-7", event: "hello", data: 1 }])
    assert.deepEqual(await pusher.channelUsers("presence-room"), { users: [{ id: "7" }] })
    await pusher.terminateUserConnections("7")
    assert.false(user.isConnected)
    assert.deepEqual(await pusher.channelUsers("presence-room"), { users: [] })
  })

  test("client events reach the other subscribers, and become webhooks", async (assert) => {
    const { fake } = make()
    const alice = fake.connect("presence-room", { member: { user_id: "alice" } })
    const bob = fake.connect("presence-room", { member: { user_id: "bob", user_info: { name: "Bob" } } })
    alice.trigger("client-typing", { to: "bob" })
    assert.deepEqual(bob.received, [
      { channel: "presence-room", event: "client-typing", data: { to: "bob" }, userId: "alice" },
    ])
    assert.deepEqual(alice.received, [])
    bob.disconnect()
    assert.deepEqual(
      fake.webhooks.map(({ name, user_id }) => [name, user_id]),
      [
        ["channel_occupied", undefined],
        ["member_added", "alice"],
        ["member_added", "bob"],
        ["client_event", "alice"],
        ["member_removed", "bob"],
      ],
    )
    assert.deepEqual(fake.events, [])
    assert.true(/must begin with "client-"/.test(thrownBy(() => alice.trigger("typing")).message))
    assert.true(/disconnected/.test(thrownBy(() => bob.trigger("client-typing")).message))
    const open = fake.connect("public")
    assert.true(/^Client event rejected: /.test(thrownBy(() => open.trigger("client-typing")).message))
  })

  test("authRequest asks a user's endpoint, and connect checks its answer", async (assert) => {
    const { fake, pusher } = make()
    const seen = []
    const handler = channelAuthHandler(pusher, ({ request, channel, params }) => {
      seen.push([request.url, request.headers.get("cookie"), channel, params.team])
      return channel === "presence-room" ? { user_id: "7" } : true
    })
    const request = fake.authRequest("presence-room", {
      socketId: "1.2",
      params: { team: "red" },
      headers: { cookie: "session" },
    })
    const auth = await (await handler(request)).json()
    // Browsers keep cookies to themselves.
    assert.deepEqual(
      seen.map(([url, , channel, team]) => [url, channel, team]),
      [["https://app.test/pusher/auth", "presence-room", "red"]],
    )
    fake.connect("presence-room", { socketId: "1.2", auth })
    assert.deepEqual(await pusher.channelUsers("presence-room"), { users: [{ id: "7" }] })
    const error = thrownBy(() => fake.connect("presence-room", { socketId: "1.3", auth }))
    assert.true(
      error.message.startsWith("The subscription to presence-room was refused: Invalid signature"),
      error.message,
    )
    const other = await handler(fake.authRequest("private-a", { url: "https://example.com/auth" }))
    assert.strictEqual(other.status, 200)
    assert.strictEqual(seen[1][0], "https://example.com/auth")
  })

  test("userAuthRequest asks a user's endpoint", async (assert) => {
    const { fake, pusher } = make()
    const handler = userAuthHandler(pusher, ({ params }) => ({ id: params.who }))
    const response = await handler(fake.userAuthRequest({ params: { who: "7" } }))
    const { auth, user_data } = await response.json()
    assert.strictEqual(user_data, '{"id":"7"}')
    assert.true(auth.startsWith("app-key:"))
  })

  test("webhookRequest makes signed webhooks for a user's endpoint", async (assert) => {
    const { fake, pusher } = make()
    const seen = []
    const handler = webhookHandler(pusher, { "*": (event, { time }) => void seen.push([event.name, time.getTime()]) })
    const occupied = { name: "channel_occupied", channel: "a" }
    const time = Date.now() - 1000
    assert.strictEqual((await handler(fake.webhookRequest(occupied, {}, { time }))).status, 200)
    fake.connect("b")
    assert.strictEqual((await handler(fake.webhookRequest(fake.webhooks, undefined, { time }))).status, 200)
    assert.deepEqual(seen, [
      ["channel_occupied", time],
      ["channel_occupied", time],
      ["subscription_count", time],
    ])
    const forged = fake.webhookRequest(occupied, { "X-Pusher-Signature": "0".repeat(64) })
    assert.strictEqual((await handler(forged)).status, 401)
    const { url } = fake.webhookRequest(occupied, {}, { url: "https://example.com/hook" })
    assert.strictEqual(url, "https://example.com/hook")
  })

  test("expectTriggered returns the events that are as expected", async (assert) => {
    const { fake, pusher } = make()
    const paid = { id: 7, at: new Date(0), note: undefined, lines: [{ sum: 1.5 }] }
    await pusher.trigger(["orders", "all"], "paid", paid)
    await pusher.trigger("orders", "text", "12")
    assert.strictEqual(fake.expectTriggered().length, 3)
    assert.deepEqual(
      fake.expectTriggered({ event: "paid", data: paid }, { times: 2 }).map(({ channel }) => channel),
      ["orders", "all"],
    )
    fake.expectTriggered({ channel: "orders", event: "text", data: "12" })
    fake.expectTriggered({ channel: "orders", data: ({ id }) => id === 7 }, { times: 1 })
    assert.deepEqual(fake.expectTriggered({ channel: "others" }, { times: 0 }), [])
  })

  test("expectTriggered takes matchers as jest and vitest have them, anywhere in the data", async (assert) => {
    const { fake, pusher } = make()
    const anyNumber = {
      asymmetricMatch: (value) => typeof value === "number",
      toAsymmetricMatcher: () => "Any<Number>",
    }
    const containing7 = {
      asymmetricMatch: (value) => value?.id === 7,
      sample: { id: 7, sum: anyNumber },
      toString: () => "ObjectContaining",
    }
    const at = new Date(0)
    await pusher.trigger("orders", "paid", { id: 7, lines: [{ sum: 1 }, undefined], at, note: undefined })
    fake.expectTriggered({ data: containing7 }, { times: 1 })
    const lines = [{ sum: anyNumber }, undefined]
    fake.expectTriggered({ data: { id: anyNumber, lines, at, note: undefined } }, { times: 1 })
    const { message } = thrownBy(() =>
      fake.expectTriggered({ data: { id: 7, lines: [containing7, null], at: anyNumber } }),
    )
    const shown = '{"ObjectContaining":{"id":7,"sum":"Any<Number>"}}'
    assert.strictEqual(
      message,
      [
        "No such event among the 1 event triggered.",
        `  expected: { data: {"id":7,"lines":[${shown},null],"at":"Any<Number>"} }`,
        '  nearest:  { channel: "orders", event: "paid", data: {"id":7,"lines":[{"sum":1},null],"at":"1970-01-01T00:00:00.000Z"} }',
        "Differences:",
        `  data.lines[0]: expected ${shown}, was {"sum":1}`,
        '  data.at: expected "Any<Number>", was "1970-01-01T00:00:00.000Z"',
      ].join("\n"),
    )
  })

  test("expectTriggered shows the nearest event, and how it differs", async (assert) => {
    const { fake, pusher } = make()
    const messageOf = (...args) => thrownBy(() => fake.expectTriggered(...args)).message
    assert.strictEqual(
      messageOf({ channel: "orders" }),
      'No event was triggered.\n  expected: { channel: "orders" }\n' +
        "There was no request either: is the client made with the fake's options?",
    )
    await rejectionOf(pusher.get({ path: "/nothing" }))
    assert.strictEqual(
      messageOf(),
      "No event was triggered.\n  expected: any event\n" +
        "The last request, GET /apps/app-id/nothing, was answered 404 Not found: no such endpoint",
    )
    await pusher.trigger("orders", "paid", { id: 7, lines: [{ sum: 1 }, { sum: 2 }] })
    await pusher.trigger("users", "paid", { id: 8 })
    assert.strictEqual(
      messageOf({ channel: "orders", event: "paid", data: { id: 7, lines: [{ sum: 1 }, { sum: 3 }], note: "a" } }),
      [
        "No such event among the 2 events triggered.",
        '  expected: { channel: "orders", event: "paid", data: {"id":7,"lines":[{"sum":1},{"sum":3}],"note":"a"} }',
        '  nearest:  { channel: "orders", event: "paid", data: {"id":7,"lines":[{"sum":1},{"sum":2}]} }',
        "Differences:",
        "  data.lines[1].sum: expected 3, was 2",
        '  data.note: expected "a", was nothing',
      ].join("\n"),
    )
    assert.true(messageOf({ channel: "order", event: "paid" }).includes('channel: expected "order", was "orders"'))
    assert.true(messageOf({ data: () => false }).includes("data: the function did not accept {"))
    assert.strictEqual(
      messageOf({ data: async () => false }),
      "expectTriggered: the function for data must not be async: a promise is always true",
    )
    assert.strictEqual(
      messageOf({ channel: "orders" }, { times: 0 }),
      [
        "Expected 0 events like this, found 1:",
        '  expected: { channel: "orders" }',
        '  { channel: "orders", event: "paid", data: {"id":7,"lines":[{"sum":1},{"sum":2}]} }',
      ].join("\n"),
    )
    assert.true(messageOf({ event: "paid" }, { times: 3 }).startsWith("Expected 3 events like this, found 2:"))
    await pusher.trigger(
      "long",
      "e",
      Array.from({ length: 20 }, (_, index) => index),
    )
    assert.true(messageOf({ channel: "long", data: Array(20).fill(-1) }).endsWith("\n  and 10 more"))
  })

  if (Error.captureStackTrace) {
    test("expectTriggered's errors begin where the test called it", (assert) => {
      const { fake } = make()
      // Not its last call: Safari's engine and Bun's leave no frame of a function that ends with a call.
      const callFromTest = () => {
        const events = fake.expectTriggered()
        return events.length
      }
      const { stack } = thrownBy(callFromTest)
      const [first] = stack.match(/^( +at |.*@.*:\d).*/m)
      // Minifiers rename it.
      assert.true(first.includes(callFromTest.name), stack)
      assert.false(/findExpected|expectTriggered/.test(stack), stack)
    })
  }

  test("reset forgets everything", async (assert) => {
    const { fake, pusher } = make({}, { retry: false })
    const { events, requests, webhooks, channels } = fake
    const subscriber = fake.connect("cache-a")
    await pusher.trigger("cache-a", "e", 1)
    channels.set("b")
    fake.failNext({ status: 500 })
    fake.respondWith({ status: 500 })
    fake.reset()
    assert.deepEqual([events.length, requests.length, webhooks.length, channels.size], [0, 0, 0, 0])
    assert.false(subscriber.isConnected)
    assert.deepEqual(await pusher.channels(), { channels: {} })
    assert.deepEqual(await pusher.channel("cache-a", { info: "cache" }), { occupied: false, cache: null })
    await pusher.trigger("a", "e", 1)
    assert.strictEqual(events.length, 1)
  })

  for (const [what, call, message] of [
    [
      "an option of another name",
      () => fakeChannels({ appID: "1" }),
      "fakeChannels has no appID; it takes appId, key, secret, encryptionMasterKeyBase64, enabled, now, limits",
    ],
    ["no object", () => fakeChannels("app"), 'fakeChannels takes an object, not "app"'],
    ["a key", () => fakeChannels({ key: 5 }), "fakeChannels: key must be a non-empty string, not 5"],
    [
      "a master key",
      () => fakeChannels({ encryptionMasterKeyBase64: "abc" }),
      "fakeChannels: encryptionMasterKeyBase64 must be 32 bytes in base64",
    ],
    [
      "a limit",
      () => fakeChannels({ limits: { eventBytes: -1 } }),
      "fakeChannels: limits: eventBytes must be a whole number, 0 or more, not -1",
    ],
    [
      "no fault",
      () => fakeChannels().failNext({}),
      "failNext needs one of status, delayMs, refuse, reset, hang, hangBody or resetBody",
    ],
    [
      "a status",
      () => fakeChannels().failNext({ status: 101 }),
      "failNext: status must be a status from 200 to 599, not 101",
    ],
    ["an answer", () => fakeChannels().respondWith(500), "respondWith takes an object, not 500"],
    [
      "an answer of which there is no text",
      () => fakeChannels().respondWith([Symbol("odd"), 10n]),
      "respondWith takes an object, not a list",
    ],
    [
      "a member of which there is no text",
      () => fakeChannels().respondWith({ status: { __proto__: null, odd: 10n } }),
      "respondWith: status must be a status from 200 to 599, not an object",
    ],
    [
      "a channel",
      () => fakeChannels().channels.set("a b"),
      'channels.set: the channel must be the name of a channel, not "a b"',
    ],
    [
      "users of another channel",
      () => fakeChannels().channels.set("a", { users: [] }),
      'channels.set: only presence channels have users, and "a" is not one',
    ],
    [
      "the cache of another channel",
      () => fakeChannels().channels.set("a", { cache: null }),
      'channels.set: only cache channels have a cache, and "a" is not one',
    ],
    [
      "a subscriber",
      () => fakeChannels().connect("a", { user: "1" }),
      "connect has no user; it takes member, userId, socketId, auth",
    ],
    [
      "a subscription",
      () => fakeChannels().connect("presence-a"),
      "The subscription to presence-a was refused: Invalid channel_data: a presence channel needs a user_id",
    ],
    [
      "an endpoint's answer without the connection's id",
      () => fakeChannels().connect("private-a", { auth: { auth: "app-key:00" } }),
      "connect: auth needs socketId, the one that the endpoint was asked with",
    ],
    [
      "an endpoint's refusal",
      () => fakeChannels().connect("private-a", { socketId: "1.2", auth: { error: "Forbidden" } }),
      'connect: auth must be what an endpoint answers, { auth, channel_data }, not {"error":"Forbidden"}',
    ],
    [
      "an event of a webhook",
      () => fakeChannels().webhookRequest("channel_occupied"),
      'webhookRequest: events must be an event with a name, or a list of such events, not "channel_occupied"',
    ],
    [
      "an event",
      () => fakeChannels().expectTriggered({ name: "a" }),
      "expectTriggered has no name; it takes channel, event, data",
    ],
    [
      "a number of times",
      () => fakeChannels().expectTriggered({}, { times: -1 }),
      "expectTriggered: times must be a whole number, 0 or more, not -1",
    ],
  ]) {
    test(`says at once what is wrong with ${what}`, (assert) => assert.strictEqual(thrownBy(call).message, message))
  }

  test("what a function of respondWith returns is checked", async (assert) => {
    const { fake } = make()
    fake.respondWith(() => 500)
    const error = await rejectionOf(fake.fetch(`${fake.url}/`))
    assert.strictEqual(error.message, "respondWith: what the function returns must be an object, not 500")
  })

  if (!http) {
    test("the embedded server says where it runs", async (assert) => {
      const error = await rejectionOf(startLocalChannels())
      assert.true(error.message.includes("Use fakeChannels on other runtimes"), error.message)
    })
  }
}
