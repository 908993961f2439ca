// Demonstrates each deliberate difference: what `pusher` does and what this library does. docs/migrate/from-pusher.md describes each.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { Agent } from "node:http"
import { join } from "node:path"
import { after, test } from "node:test"
import { setTimeout as delay } from "node:timers/promises"
import { inspect } from "node:util"

import { pick } from "../support/assertions.mjs"
import { differences } from "./differences.mjs"
import { assertSigned, credentials, findUnusedPort, masterKey, startStub, toPlainRequest } from "./stub.mjs"
import { getOutcome, Ours, settle, Theirs, watchTimer } from "./support.mjs"

const stub = await startStub()
after(stub.close)

const NOW = 1353088179000
const BEYOND_2038 = 4_102_444_800_000

/** Calls both libraries. Returns each one's value, or its error's message with `(class) ` before it if that is neither Error nor ours. */
const callBoth = (call, now = NOW) =>
  [Theirs, Ours].map((Pusher) => {
    const { value, thrown } = getOutcome(now, () => call(Pusher))
    return thrown === undefined ? value : describeError(thrown)
  })
const describeError = (error) =>
  error.constructor === Error || error instanceof Ours.PusherError
    ? error.message
    : `(${error.constructor.name}) ${error.message}`
const makeClient = (Pusher, options) => new Pusher({ ...credentials, ...stub.options, ...options })
const readConfigs = (options, read) => callBoth((Pusher) => read(new Pusher(options).config))

/** Has both libraries send a request. Returns each one's request, or the message of its error. */
const sendBoth = async (call, { options, now = NOW } = {}) => {
  const results = []
  for (const Pusher of [Theirs, Ours]) {
    stub.requests = []
    const { thrown, rejected } = await settle(now, () => call(makeClient(Pusher, options)))
    results.push((thrown ?? rejected) ? describeError(thrown ?? rejected) : toPlainRequest(stub.requests[0]))
  }
  return results
}
const getBodies = async (...args) => (await sendBoth(...args)).map(({ body }) => body)
const getQueries = async (...args) =>
  (await sendBoth(...args)).map(({ url }) =>
    url
      .split("?")[1]
      .replace(/auth_\w+=[\w.]*&?|body_md5=\w+&?/g, "")
      .replace(/&$/, ""),
  )
const encrypting = { options: { encryptionMasterKeyBase64: masterKey } }
const isTypeError = (message) => message.startsWith("(TypeError) ")

const readWebhook = (Pusher, headers, rawBody = "{}", read = (webhook) => webhook.isValid()) =>
  read(makeClient(Pusher).webhook({ headers, rawBody }))
const signWebhook = (rawBody = "{}") => ({
  "x-pusher-key": credentials.key,
  "x-pusher-signature": new Theirs.Token(credentials.key, credentials.secret).sign(rawBody),
  "content-type": "application/json",
})

const circular = {}
circular.self = circular

const demonstrations = {
  // --- options
  "missing options object": () => {
    const [theirs, ours] = callBoth((Pusher) => new Pusher().config.host)
    assert.ok(isTypeError(theirs))
    assert.equal(ours, "api.pusherapp.com")
  },
  "`null` options": () =>
    assert.deepEqual(
      readConfigs({ useTLS: null, timeout: null, port: null }, (config) => pick(config, "scheme", "timeout", "port")),
      [
        { scheme: "http", timeout: null, port: null },
        { scheme: "https", timeout: 10_000, port: undefined },
      ],
    ),
  "malformed options": () => {
    assert.deepEqual(
      readConfigs({ useTLS: "false" }, ({ scheme }) => scheme),
      ["https", "Invalid useTLS: it must be of type boolean, not string"],
    )
    const [theirs, ours] = readConfigs({ host: "example.org/path", port: 70_000 }, (config) =>
      pick(config, "host", "port"),
    )
    assert.deepEqual(theirs, { host: "example.org/path", port: 70_000 })
    assert.match(ours, /^Invalid port '70000'/)
  },
  "TLS by default": () =>
    assert.deepEqual(
      readConfigs({}, ({ scheme }) => scheme),
      ["http", "https"],
    ),
  "a timeout by default": () =>
    assert.deepEqual(
      readConfigs({}, ({ timeout }) => timeout),
      [undefined, 10_000],
    ),
  "the timeout covers the body": async (t) => {
    let arrived = 0
    stub.answer = (_request, response) => {
      arrived++
      response.write("{")
    }
    try {
      const isStopped = watchTimer(t, 60_000)
      const response = await makeClient(Theirs, { timeout: 60_000 }).get({ path: "/channels" })
      assert.ok(isStopped(), "stops the timer although the body has not ended")
      response.body.destroy()
      await assert.rejects(makeClient(Ours, { timeout: 30 }).get({ path: "/channels" }), { code: "timeout" })
      // On a busy machine the request may still be under way; wait, lest a later case takes it for its own.
      for (let turn = 0; turn < 50 && arrived < 2; turn++) await delay(10)
    } finally {
      stub.answer = (_request, response) => response.end("{}")
    }
  },
  "numbers in `config`": () =>
    assert.deepEqual(
      readConfigs({ port: "8080", timeout: 1e10 }, (config) => pick(config, "port", "timeout")),
      [
        { port: "8080", timeout: 1e10 },
        { port: 8080, timeout: 2 ** 31 - 1 },
      ],
    ),
  "no token without credentials": () => {
    const [theirs, ours] = readConfigs({ key: "key" }, ({ token }) => token)
    assert.deepEqual({ ...theirs }, { key: "key", secret: undefined })
    assert.equal(ours, undefined)
  },
  "lone surrogates in options": () =>
    assert.deepEqual(
      readConfigs({ key: "\ud800", secret: "x" }, ({ token }) => token.key),
      ["\ud800", "\ufffd"],
    ),
  "a raw master key of 32 bytes": () =>
    assert.deepEqual(
      readConfigs({ encryptionMasterKey: "\u00e9".repeat(32) }, (config) => config.encryptionMasterKey.length),
      [64, "encryptionMasterKey must be 32 bytes long, but the provided key is 64 bytes long"],
    ),
  "spare bits in a master key": () => {
    const withSpareBits = masterKey.replace("U=", "V=")
    assert.deepEqual(
      readConfigs({ encryptionMasterKeyBase64: withSpareBits }, (config) => config.encryptionMasterKey.length),
      [32, "encryptionMasterKeyBase64 must be valid base64"],
    )
  },
  "`forCluster` without a cluster's name": () => {
    const [theirs, ours] = callBoth((Pusher) => Pusher.forCluster(undefined, {}).config.host)
    assert.equal(theirs, "api-undefined.pusher.com")
    assert.equal(ours, "Invalid cluster '': it must be a short name, such as 'eu'")
  },
  "white space or quotes around a token's key or secret": () =>
    assert.deepEqual(
      callBoth((Pusher) => new Pusher.Token("key", "secret\n").secret),
      ["secret\n", "Invalid secret: remove the white space or the quotes around it"],
    ),
  "white space or quotes around the parts of a connection URL": () =>
    assert.deepEqual(
      callBoth((Pusher) => Pusher.forURL("http://key:'secret'@localhost/apps/1").config.token.secret),
      ["'secret'", "Invalid connection URL: the secret is missing or malformed"],
    ),
  "incomplete connection URLs": () => {
    const [theirs, ours] = callBoth((Pusher) => Pusher.forURL("http://localhost/apps/1"))
    assert.ok(isTypeError(theirs))
    assert.equal(ours, "Invalid connection URL: the key is missing or malformed")
  },
  "connection URLs": () => {
    const getParts = (Pusher) => {
      const { token, appId, host } = Pusher.forURL("http://key:se:cr%3Aet@[::1]:6001/prefix/apps/my-app").config
      return { secret: token.secret, appId, host }
    }
    assert.deepEqual(callBoth(getParts), [
      { secret: "se", appId: NaN, host: "::1" },
      { secret: "se:cr:et", appId: "my-app", host: "[::1]" },
    ])
  },
  "a frozen `config`": () => {
    const changeConfig = (Pusher) => {
      const { config } = new Pusher({ host: "localhost" })
      config.host = "elsewhere"
      return config.host
    }
    const [theirs, ours] = callBoth(changeConfig)
    assert.equal(theirs, "elsewhere")
    assert.ok(isTypeError(ours), ours)
  },
  "members of `config`": () => {
    const agent = new Agent()
    const listMembers = (config) => {
      const names = new Set(Object.keys(config))
      for (const name of ["agent", "prefixPath", "getBaseURL"]) if (name in config) names.add(name)
      return [...names].sort().map((name) => `${name}${Object.keys(config).includes(name) ? "" : " (not enumerable)"}`)
    }
    const shared = ["appId", "host", "port", "scheme", "timeout", "token"]
    const [theirs, ours] = readConfigs({ ...credentials, agent, encryptionMasterKeyBase64: masterKey }, listMembers)
    assert.deepEqual(theirs.toSorted(), [
      "agent",
      "appId",
      "encryptionMasterKey",
      "getBaseURL (not enumerable)",
      "host",
      "port",
      "prefixPath (not enumerable)",
      "scheme",
      "timeout",
      "token",
    ])
    assert.deepEqual(ours, ["agent (not enumerable)", ...shared])
  },
  "a replaced `channelSharedSecret`": () => {
    const replace = (Pusher) => {
      const pusher = makeClient(Pusher, encrypting.options)
      pusher.channelSharedSecret = () => Buffer.alloc(32)
      return pusher.authorizeChannel("1.1", "private-encrypted-a").shared_secret
    }
    const [theirs, ours] = callBoth(replace)
    assert.equal(theirs, Buffer.alloc(32).toString("base64"))
    const { channelSharedSecret } = Ours.prototype
    const right = channelSharedSecret.call(makeClient(Ours, encrypting.options), "private-encrypted-a")
    assert.equal(ours, right.toString("base64"))
  },
  "printed secrets": () => {
    const [theirs, ours] = callBoth(
      (Pusher) => inspect(makeClient(Pusher), { depth: 5 }) + JSON.stringify(makeClient(Pusher)),
    )
    assert.ok(theirs.includes(credentials.secret))
    assert.ok(!ours.includes(credentials.secret))
  },
  "control characters in messages": () =>
    assert.deepEqual(
      callBoth((Pusher) => makeClient(Pusher).authorizeChannel("1.2", "private-a\nok")),
      ["Invalid channel name: 'private-a\nok'", "Invalid channel name: 'private-a%0Aok'"],
    ),

  // --- arguments
  "missing credentials": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.get({ path: "/channels" }), {
      options: { appId: undefined },
    })
    assert.match(theirs.url, /^\/apps\/undefined\/channels/)
    assert.equal(ours, "The option `appId` is not set")
  },
  "values that cannot be printed": () => {
    const [theirs, ours] = callBoth((Pusher) => makeClient(Pusher).authorizeChannel(Symbol("id"), "private-a"))
    assert.ok(isTypeError(theirs))
    assert.equal(ours, "Invalid socket id: 'Symbol(id)'")
  },
  "lone surrogates": async () =>
    assert.deepEqual(await getBodies((pusher) => pusher.trigger("a", "event", "\ud800")), [
      '{"name":"event","data":"\\ud800","channels":["a"]}',
      '{"name":"event","data":"\ufffd","channels":["a"]}',
    ]),
  "data that JSON cannot hold": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.trigger("a", "event", circular))
    assert.ok(isTypeError(theirs))
    assert.match(ours, /^The data cannot be serialised as JSON: Converting circular structure/)
    const [theirsOfFunction, oursOfFunction] = await sendBoth((pusher) => pusher.trigger("a", "event", () => {}))
    assert.equal(theirsOfFunction.body, '{"name":"event","channels":["a"]}')
    assert.equal(oursOfFunction, "The data cannot be serialised as JSON: it is of type function")
  },
  "large events": () => {
    const pushers = { useTLS: true, fetch: async () => new Response("{}"), timeout: 1 }
    const trigger = (Pusher, data) =>
      new Pusher({ ...credentials, ...pushers, cluster: "eu" }).trigger("a", "event", data)
    const [theirs, ours] = callBoth((Pusher) => {
      const call = trigger(Pusher, "x".repeat(10_241))
      call.catch(() => {})
      return call
    })
    assert.ok(theirs instanceof Promise)
    assert.equal(ours, "The data of event 'event' is 10241 bytes long, more than the 10240 that are allowed")
    return trigger(Ours, "x".repeat(10_240))
  },
  "malformed event names": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.trigger("a", "", "x"))
    assert.equal(theirs.body, '{"name":"","data":"x","channels":["a"]}')
    assert.equal(ours, "Invalid event name: ''")
  },
  "no channel": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.trigger([], "event", "x"))
    assert.equal(theirs.body, '{"name":"event","data":"x","channels":[]}')
    assert.equal(ours, "No channel to trigger the event on")
  },
  "falsy socket ids": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.trigger("a", "event", "x", { socket_id: "" }))
    assert.equal(theirs.body, '{"name":"event","data":"x","channels":["a"],"socket_id":""}')
    assert.equal(ours, "Invalid socket id: ''")
  },
  "`params` that are not an object": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.trigger("a", "event", "x", 1.1))
    assert.equal(theirs.body, '{"name":"event","data":"x","channels":["a"]}')
    assert.equal(ours, "Invalid options: they must be an object, not a number")
  },
  "a socket id in place of params": async () =>
    assert.deepEqual(await getBodies((pusher) => pusher.trigger("a", "event", "x", "1.1")), [
      '{"0":"1","1":".","2":"1","name":"event","data":"x","channels":["a"]}',
      '{"name":"event","data":"x","channels":["a"],"socket_id":"1.1"}',
    ]),
  "a malformed socket id in place of params": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.trigger("a", "event", "x", "1"))
    assert.equal(theirs.body, '{"0":"1","name":"event","data":"x","channels":["a"]}')
    assert.equal(ours, "Invalid socket id: '1'")
  },
  "mistyped options of a call": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.trigger("a", "event", "x", { socketId: "1.1" }))
    assert.equal(theirs.body, '{"name":"event","data":"x","channels":["a"],"socketId":"1.1"}')
    assert.equal(ours, "Unknown option 'socketId': did you mean 'socket_id'?")
  },
  callbacks: async () => {
    const callback = () => assert.fail("nobody calls it")
    const [theirs, ours] = await sendBoth((pusher) => pusher.trigger("a", "event", "x", callback))
    assert.equal(theirs.body, '{"name":"event","data":"x","channels":["a"]}')
    assert.equal(ours, "Invalid callback: the method returns a promise")
  },
  "params with a `toJSON`": async () =>
    assert.deepEqual(
      await getBodies((pusher) => pusher.trigger("a", "event", "x", { toJSON: () => ({ name: "other" }) })),
      ['{"name":"other"}', '{"name":"event","data":"x","channels":["a"]}'],
    ),
  "channels of another type": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.trigger(1673738400000, "event", "x"))
    assert.equal(theirs, "Invalid channel name: '1673738400000'")
    assert.equal(ours, "Invalid channel name: it must be a string, not a number")
  },
  "presence members without an id": () => {
    const [theirs, ours] = callBoth((Pusher) => makeClient(Pusher).authorizeChannel("1.1", "presence-a"))
    assert.deepEqual(Object.keys(theirs), ["auth"])
    assert.equal(ours, "Invalid user id: ''")
  },
  "a user's id that the signed text lacks": () => {
    const user = { id: "1", toJSON: () => ({ id: "" }) }
    const [theirs, ours] = callBoth((Pusher) => makeClient(Pusher).authenticateUser("1.1", user))
    assert.equal(theirs.user_data, '{"id":""}')
    assert.equal(ours, "Invalid user id: ''")
  },
  "a user's id that only the signed text has": () => {
    const user = { id: new URL("https://example.com/1") }
    const [theirs, ours] = callBoth((Pusher) => makeClient(Pusher).authenticateUser("1.1", user))
    assert.equal(theirs, "Invalid user id: 'https://example.com/1'")
    assert.equal(ours.user_data, '{"id":"https://example.com/1"}')
  },
  "`params` cannot overwrite the event": async () =>
    assert.deepEqual(await getBodies((pusher) => pusher.trigger("a", "event", "x", { channels: ["b c"] })), [
      '{"name":"event","data":"x","channels":["b c"]}',
      '{"name":"event","data":"x","channels":["a"]}',
    ]),
  "`null` params": async () =>
    assert.deepEqual(await getBodies((pusher) => pusher.trigger("a", "event", "x", { socket_id: null })), [
      '{"name":"event","data":"x","channels":["a"],"socket_id":null}',
      '{"name":"event","data":"x","channels":["a"]}',
    ]),
  "lists of attributes": async () =>
    assert.deepEqual(
      await getBodies((pusher) => pusher.trigger("a", "event", "x", { info: ["user_count", "subscription_count"] })),
      [
        '{"name":"event","data":"x","channels":["a"],"info":["user_count","subscription_count"]}',
        '{"name":"event","data":"x","channels":["a"],"info":"user_count,subscription_count"}',
      ],
    ),
  "members named by numbers": async () =>
    assert.deepEqual(await getBodies((pusher) => pusher.trigger("a", "event", "x", { 1: "one" })), [
      '{"1":"one","name":"event","data":"x","channels":["a"]}',
      '{"name":"event","data":"x","channels":["a"],"1":"one"}',
    ]),
  "a call's own options": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.trigger("a", "event", "x", { idempotencyKey: "once" }))
    assert.equal(theirs.body, '{"name":"event","data":"x","channels":["a"],"idempotencyKey":"once"}')
    assert.equal(ours.body, '{"name":"event","data":"x","channels":["a"]}')
    assert.equal(ours.headers["x-idempotency-key"], "once")
  },
  "no data": async () => {
    assert.deepEqual(await getBodies((pusher) => pusher.trigger("a", "event")), [
      '{"name":"event","channels":["a"]}',
      '{"name":"event","data":"null","channels":["a"]}',
    ])
    const [theirs, ours] = await sendBoth((pusher) => pusher.trigger("private-encrypted-a", "event"), encrypting)
    assert.ok(isTypeError(theirs))
    assert.equal(makeClient(Ours, encrypting.options).decrypt("private-encrypted-a", JSON.parse(ours.body).data), null)
  },
  "shared secrets of valid channels only": () => {
    const [theirs, ours] = callBoth((Pusher) => makeClient(Pusher, encrypting.options).channelSharedSecret("a b"))
    assert.equal(theirs.length, 32)
    assert.equal(ours, "Invalid channel name: 'a b'")
  },

  // --- batches
  "batches of no event, of more than 10, or that are not a list": async () => {
    const [theirs, ours] = await sendBoth((pusher) =>
      pusher.triggerBatch(Array(11).fill({ channel: "a", name: "event", data: "x" })),
    )
    assert.equal(JSON.parse(theirs.body).batch.length, 11)
    assert.equal(ours, "Can't trigger a batch of more than 10 events")
  },
  "malformed events of a batch": async () => {
    const [theirs, ours] = await sendBoth((pusher) =>
      pusher.triggerBatch([{ channel: "a b", name: "event", data: "x" }]),
    )
    assert.equal(theirs.body, '{"batch":[{"channel":"a b","name":"event","data":"x"}]}')
    assert.equal(ours, "Invalid channel name: 'a b' (event 0 of the batch)")
  },
  "the order of a batch's members": async () =>
    assert.deepEqual(
      await getBodies((pusher) => pusher.triggerBatch([{ name: "event", info: null, data: "x", channel: "a" }])),
      [
        '{"batch":[{"name":"event","info":null,"data":"x","channel":"a"}]}',
        '{"batch":[{"channel":"a","name":"event","data":"x"}]}',
      ],
    ),
  "the caller's batch": async () => {
    for (const [Pusher, after] of [
      [Theirs, '{"some":"data"}'],
      [Ours, { some: "data" }],
    ]) {
      const batch = [{ channel: "a", name: "event", data: { some: "data" } }]
      await makeClient(Pusher).triggerBatch(batch)
      assert.deepEqual(batch[0].data, after)
    }
  },

  // --- paths and queries
  "malformed requests": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.get())
    assert.match(theirs.url, /^\/apps\/3undefined\?/)
    assert.equal(ours, "Invalid path: it must be a string, not undefined")
  },
  "malformed paths": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.get({ path: "/channels/../../4/channels" }))
    assert.match(theirs.url, /^\/apps\/4\/channels\?/)
    assert.equal(ours, "Invalid path: '/channels/../../4/channels'")
  },
  "encoded paths": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.get({ path: "/channels/a%2fb" }))
    assert.match(theirs.url, /^\/apps\/3\/channels\/a%2fb\?auth_key=/)
    assert.match(ours.url, /^\/apps\/3\/channels\/a%252fb\?auth_key=/)
  },
  "paths with a query": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.get({ path: "/channels?info=user_count" }))
    assert.match(theirs.url, /^\/apps\/3\/channels\?info=user_count\?auth_key=/)
    assert.equal(ours, "Invalid path: '/channels?info=user_count'")
  },
  "encoded user ids": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.terminateUserConnections("1/../../events?x="))
    assert.match(theirs.url, /^\/apps\/3\/events\?x=\/terminate_connections/)
    assert.match(ours.url, /^\/apps\/3\/users\/1%2F..%2F..%2Fevents%3Fx=\/terminate_connections\?/)
  },
  "user ids that no URL can carry": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.terminateUserConnections(".."))
    assert.match(theirs.url, /^\/apps\/3\/terminate_connections\?/)
    assert.equal(ours, "Invalid path: '..'")
  },
  "missing parameters": async () =>
    assert.deepEqual(
      await getQueries((pusher) => pusher.get({ path: "/channels", params: { info: undefined, a: null } })),
      ["a=null&info=undefined", ""],
    ),
  "parameters that are signed in lower case": async () => {
    const requests = await sendBoth((pusher) => pusher.get({ path: "/channels", params: { Info: "x" } }))
    for (const { url } of requests) assert.match(url, /[?&]Info=x&/)
    assert.throws(() => assertSigned(requests[0]))
    assertSigned(requests[1])
  },
  "parameters whose names differ only in case": async () => {
    const params = { info: "x", Info: "y" }
    const [theirs, ours] = await sendBoth((pusher) => pusher.get({ path: "/channels", params }))
    assert.match(theirs.url, /[?&]Info=y&.*&info=x&/)
    assert.equal(ours, "Invalid params: 'Info' differs from another only in case")
  },
  "reserved parameters in capitals": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.get({ path: "/channels", params: { AUTH_KEY: "x" } }))
    assert.match(theirs.url, /AUTH_KEY=x&auth_key=/)
    assert.equal(ours, "AUTH_KEY is a required parameter and cannot be overidden")
  },
  "encoded parameters": async () =>
    assert.deepEqual(
      await getQueries((pusher) => pusher.get({ path: "/channels", params: { filter_by_prefix: "a&info=b" } })),
      ["filter_by_prefix=a&info=b", "filter_by_prefix=a%26info%3Db"],
    ),
  "parameters named like members of every object": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.get({ path: "/channels", params: { constructor: "x" } }))
    assert.equal(theirs, "constructor is a required parameter and cannot be overidden")
    assert.match(ours.url, /&constructor=x&/)
  },
  "inherited parameters": async () =>
    assert.deepEqual(
      await getQueries((pusher) => pusher.get({ path: "/channels", params: Object.create({ polluted: "x" }) })),
      ["polluted=x", ""],
    ),
  "a `get` with a body": async () => {
    const [theirs, ours] = await sendBoth((pusher) => pusher.get({ path: "/channels", body: {} }))
    assert.equal(theirs, "Request failed with an error")
    assert.equal(ours.body, "")
  },
  "a `post` without a body": async () =>
    assert.deepEqual(await getBodies((pusher) => pusher.post({ path: "/users/1/terminate_connections" })), ["", "{}"]),
  "a `post` of a string": async () =>
    assert.deepEqual(await getBodies((pusher) => pusher.post({ path: "/events", body: '{"name":"event"}' })), [
      '"{\\"name\\":\\"event\\"}"',
      '{"name":"event"}',
    ]),
  "timestamps after 2038": () => {
    const getQuery = (Pusher) => makeClient(Pusher).createSignedQueryString({ method: "GET", path: "/" })
    const timestamps = callBoth((Pusher) => new URLSearchParams(getQuery(Pusher)).get("auth_timestamp"), BEYOND_2038)
    assert.deepEqual(timestamps, ["-192522496", "4102444800"])
  },

  // --- answers
  "a failed call is retried": async () => {
    let attempts = 0
    stub.answer = (_request, response) => {
      attempts++
      response.writeHead(503).end()
    }
    try {
      const outcomes = []
      for (const Pusher of [Theirs, Ours]) {
        const client = makeClient(Pusher, { retry: { baseDelay: 0 } })
        for (const call of [() => client.get({ path: "/channels" }), () => client.trigger("a", "event", "x")]) {
          attempts = 0
          await assert.rejects(call(), { status: 503 })
          outcomes.push(attempts)
        }
      }
      // Questions three times, events once.
      assert.deepEqual(outcomes, [1, 1, 3, 1])
    } finally {
      stub.answer = (_request, response) => response.end("{}")
    }
  },
  "redirects are not followed": async () => {
    stub.answer = (request, response) =>
      response.writeHead(request.url === "/elsewhere" ? 200 : 302, { location: "/elsewhere" }).end()
    try {
      assert.equal((await makeClient(Theirs).get({ path: "/channels" })).status, 200)
      await assert.rejects(makeClient(Ours).get({ path: "/channels" }), { message: "Unexpected status code 302" })
    } finally {
      stub.answer = (_request, response) => response.end("{}")
    }
  },
  "signatures in a server's message": async () => {
    const words = `expected ${"0a".repeat(32)}`
    stub.answer = (_request, response) => response.writeHead(401).end(words)
    try {
      await assert.rejects(makeClient(Theirs).get({ path: "/channels" }), { body: words })
      await assert.rejects(makeClient(Ours).get({ path: "/channels" }), { body: "expected (signature)" })
    } finally {
      stub.answer = (_request, response) => response.end("{}")
    }
  },
  "long messages of a server": async () => {
    const words = "no! ".repeat(2_500)
    stub.answer = (_request, response) => response.writeHead(400).end(words)
    try {
      await assert.rejects(makeClient(Theirs).get({ path: "/channels" }), { body: words })
      await assert.rejects(makeClient(Ours).get({ path: "/channels" }), { body: `${words.slice(0, 8192)}…` })
    } finally {
      stub.answer = (_request, response) => response.end("{}")
    }
  },
  "the host's error": async () => {
    const port = await findUnusedPort()
    const errors = []
    for (const Pusher of [Theirs, Ours]) {
      await makeClient(Pusher, { port })
        .get({ path: "/channels" })
        .catch(({ error }) => errors.push(error))
    }
    assert.deepEqual(
      errors.map((error) => error.name),
      ["FetchError", "TypeError"],
    )
    assert.equal(errors[0].code, errors[1].cause.code)
  },

  // --- tokens and webhooks
  "tokens of strings": () => {
    const [theirs, ours] = callBoth((Pusher) => new Pusher.Token("key").sign("text"))
    assert.ok(isTypeError(theirs))
    assert.equal(ours, "Invalid secret: a token's secret must be a string, and not too long")
    const [theirVerdict, ourVerdict] = callBoth((Pusher) => new Pusher.Token("key", "secret").verify("text", undefined))
    assert.ok(isTypeError(theirVerdict))
    assert.equal(ourVerdict, false)
  },
  "tokens without a key or secret": () => {
    const verify = (Pusher) => {
      const token = new Pusher.Token("key", "")
      return token.verify("text", token.sign("text"))
    }
    assert.deepEqual(callBoth(verify), [true, false])
    const extra = new Theirs.Token("key", "")
    const headers = { ...signWebhook(), "x-pusher-key": "key", "x-pusher-signature": extra.sign("{}") }
    const validate = (webhook) => webhook.isValid([{ key: "key", secret: "" }])
    assert.deepEqual(
      callBoth((Pusher) => readWebhook(Pusher, headers, "{}", validate)),
      [true, false],
    )
  },
  "members of a webhook": () => {
    const listMembers = (webhook) => Object.keys(webhook).sort()
    assert.deepEqual(
      callBoth((Pusher) => readWebhook(Pusher, signWebhook(), "{}", listMembers)),
      [
        ["body", "contentType", "data", "key", "signature", "token"],
        ["contentType", "key"],
      ],
    )
  },
  "headers in any form": () => {
    const { "x-pusher-key": key, ...others } = signWebhook()
    assert.deepEqual(
      callBoth((Pusher) => readWebhook(Pusher, { "X-Pusher-Key": key, ...others })),
      [false, true],
    )
    assert.deepEqual(
      callBoth((Pusher) => readWebhook(Pusher, new Headers(signWebhook()))),
      [false, true],
    )
    assert.deepEqual(
      callBoth((Pusher) => readWebhook(Pusher, { ...signWebhook(), "X-Pusher-Key": key })),
      [true, false],
    )
  },
  "content types with a charset": () =>
    assert.deepEqual(
      callBoth((Pusher) =>
        readWebhook(Pusher, { ...signWebhook(), "content-type": "application/json; charset=utf-8" }),
      ),
      [false, true],
    ),
  "malformed webhooks": () => {
    const [theirs, ours] = callBoth((Pusher) =>
      readWebhook(Pusher, { ...signWebhook(), "x-pusher-signature": undefined }),
    )
    assert.ok(isTypeError(theirs))
    assert.equal(ours, false)
  },
  "malformed extra tokens": () => {
    const [theirs, ours] = callBoth((Pusher) =>
      readWebhook(Pusher, { ...signWebhook(), "x-pusher-key": "other" }, "{}", (webhook) => webhook.isValid([null])),
    )
    assert.ok(isTypeError(theirs))
    assert.equal(ours, false)
  },
  "bodies of bytes": () =>
    assert.deepEqual(
      callBoth((Pusher) => readWebhook(Pusher, signWebhook(), new TextEncoder().encode("{}"))),
      [false, true],
    ),
  "times that are not numbers": () =>
    assert.deepEqual(
      callBoth((Pusher) =>
        readWebhook(Pusher, signWebhook(), '{"time_ms":null}', (webhook) => webhook.getTime().getTime()),
      ),
      [0, NaN],
    ),
  "a body of `null`": () => {
    const [theirs, ours] = callBoth((Pusher) =>
      readWebhook(Pusher, signWebhook(), "null", (webhook) => webhook.getEvents()),
    )
    assert.ok(isTypeError(theirs))
    assert.equal(ours, undefined)
  },
}

for (const [name, demonstrate] of Object.entries(demonstrations)) test(`differs from \`pusher\`: ${name}`, demonstrate)

test("demonstrates every difference", () => {
  assert.deepEqual(Object.keys(demonstrations).sort(), differences.map(({ name }) => name).sort())
})

const page = readFileSync(join(import.meta.dirname, "../../docs/migrate/from-pusher.md"), "utf8")
const [, section] = /^## Differences\n(.*?)^## /ms.exec(page)
/** The rows of the section's tables: what is different here, and why. */
const rows = [...section.matchAll(/^\| (.*) \|$/gm)]
  .map(([, row]) => row.split(" | "))
  .filter(([here]) => here !== "here")

test("finds every difference on the page about them", () => {
  const missing = differences.filter(({ where }) => !rows.some(([here]) => here === where))
  assert.deepEqual(
    missing.map(({ name, where }) => `${name}: ${where}`),
    [],
  )
})

test("knows every difference that the page lists, once", () => {
  const listed = rows.map(([here]) => here)
  const known = new Set(differences.map(({ where }) => where))
  assert.deepEqual([...listed].sort(), [...known].sort())
})

test("gives a reason for every difference", () => {
  const without = rows.filter((row) => row.length !== 2 || row[1].trim().length < 10)
  assert.deepEqual(without, [])
})
