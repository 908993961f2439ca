// Each deliberate difference, shown: what `pusher` does, and what we do. And the README tells of each.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { after, test } from "node:test"
import { setTimeout as delay } from "node:timers/promises"
import { inspect } from "node:util"

import { differences } from "./differences.mjs"
import { credentials, masterKey, plainRequest, startStub, unusedPort } from "./stub.mjs"
import { Ours, outcomeOf, settledOf, Theirs, watchTimer } from "./support.mjs"

const stub = await startStub()
after(stub.close)

const NOW = 1353088179000
const BEYOND_2038 = 4_102_444_800_000

/** What each makes of a call at once: a value, or the message of what it throws, `(class) ` before it where it is no Error itself. */
const both = (call, now = NOW) =>
  [Theirs, Ours].map((Pusher) => {
    const { value, thrown } = outcomeOf(now, () => call(Pusher))
    return thrown === undefined ? value : told(thrown)
  })
const told = (error) =>
  error.constructor === Error || error instanceof Ours.PusherError
    ? error.message
    : `(${error.constructor.name}) ${error.message}`
const client = (Pusher, options) => new Pusher({ ...credentials, ...stub.options, ...options })
const config = (options, of = (config) => config) => both((Pusher) => of(new Pusher(options).config))

/** What each sends, or the message of what it throws or rejects with. */
const sent = async (call, { options, now = NOW } = {}) => {
  const results = []
  for (const Pusher of [Theirs, Ours]) {
    stub.requests = []
    const { thrown, rejected } = await settledOf(now, () => call(client(Pusher, options)))
    results.push((thrown ?? rejected) ? told(thrown ?? rejected) : plainRequest(stub.requests[0]))
  }
  return results
}
const bodies = async (...args) => (await sent(...args)).map(({ body }) => body)
const queries = async (...args) =>
  (await sent(...args)).map(({ url }) =>
    url
      .split("?")[1]
      .replace(/auth_\w+=[\w.]*&?|body_md5=\w+&?/g, "")
      .replace(/&$/, ""),
  )
const encrypting = { options: { encryptionMasterKeyBase64: masterKey } }
const isTypeError = (message) => message.startsWith("(TypeError) ")

const webhook = (Pusher, headers, rawBody = "{}", of = (webhook) => webhook.isValid()) =>
  of(client(Pusher).webhook({ headers, rawBody }))
const signed = (rawBody = "{}") => ({
  "x-pusher-key": credentials.key,
  "x-pusher-signature": new Theirs.Token(credentials.key, credentials.secret).sign(rawBody),
  "content-type": "application/json",
})

const circular = {}
circular.self = circular

const shown = {
  // --- options
  "options left out altogether": () => {
    const [theirs, ours] = both((Pusher) => new Pusher().config.host)
    assert.ok(isTypeError(theirs))
    assert.equal(ours, "api.pusherapp.com")
  },
  "`null` options": () =>
    assert.deepEqual(
      config({ useTLS: null, timeout: null, port: null }, ({ scheme, timeout, port }) => [scheme, timeout, port]),
      [
        ["http", null, null],
        ["https", 10_000, undefined],
      ],
    ),
  "wrong options": () => {
    assert.deepEqual(
      config({ useTLS: "false" }, ({ scheme }) => scheme),
      ["https", "Invalid useTLS: it must be true or false, not a string"],
    )
    const [theirs, ours] = config({ host: "example.org/path", port: 70_000 }, ({ host, port }) => [host, port])
    assert.deepEqual(theirs, ["example.org/path", 70_000])
    assert.match(ours, /^Invalid port '70000'/)
  },
  "TLS by default": () =>
    assert.deepEqual(
      config({}, ({ scheme }) => scheme),
      ["http", "https"],
    ),
  "a timeout by default": () =>
    assert.deepEqual(
      config({}, ({ timeout }) => timeout),
      [undefined, 10_000],
    ),
  "the timeout covers the body": async (t) => {
    let arrived = 0
    stub.answer = (_request, response) => {
      arrived++
      response.write("{")
    }
    try {
      const stopped = watchTimer(t, 60_000)
      const response = await client(Theirs, { timeout: 60_000 }).get({ path: "/channels" })
      assert.ok(stopped(), "the timer is stopped, though the body has not ended")
      response.body.destroy()
      await assert.rejects(client(Ours, { timeout: 30 }).get({ path: "/channels" }), { code: "timeout" })
      // On a busy machine it may be under way yet, and must not be taken for a later one.
      for (let turn = 0; turn < 50 && arrived < 2; turn++) await delay(10)
    } finally {
      stub.answer = (_request, response) => response.end("{}")
    }
  },
  "numbers in `config`": () =>
    assert.deepEqual(
      config({ port: "8080", timeout: 1e10 }, ({ port, timeout }) => [port, timeout]),
      [
        ["8080", 1e10],
        [8080, 2 ** 31 - 1],
      ],
    ),
  "no token without credentials": () => {
    const [theirs, ours] = config({ key: "key" }, ({ token }) => token)
    assert.deepEqual({ ...theirs }, { key: "key", secret: undefined })
    assert.equal(ours, undefined)
  },
  "lone surrogates in options": () =>
    assert.deepEqual(
      config({ key: "\ud800", secret: "x" }, ({ token }) => token.key),
      ["\ud800", "\ufffd"],
    ),
  "a raw master key of 32 bytes": () =>
    assert.deepEqual(
      config({ encryptionMasterKey: "\u00e9".repeat(32) }, (config) => config.encryptionMasterKey.length),
      [64, "encryptionMasterKey must be 32 bytes long, but the provided key is 64 bytes long"],
    ),
  "connection URLs without a part": () => {
    const [theirs, ours] = both((Pusher) => Pusher.forURL("http://localhost/apps/1"))
    assert.ok(isTypeError(theirs))
    assert.equal(ours, "Invalid connection URL: the key (KEY:SECRET@ before the host) is missing or malformed")
  },
  "connection URLs": () => {
    const parts = (Pusher) => {
      const { token, appId, host } = Pusher.forURL("http://key:se:cr%3Aet@[::1]:6001/prefix/apps/my-app").config
      return [token.secret, appId, host]
    }
    assert.deepEqual(both(parts), [
      ["se", NaN, "::1"],
      ["se:cr:et", "my-app", "[::1]"],
    ])
  },
  "a frozen `config`": () => {
    const change = (Pusher) => {
      const { config } = new Pusher({ host: "localhost" })
      config.host = "elsewhere"
      return config.host
    }
    const [theirs, ours] = both(change)
    assert.equal(theirs, "elsewhere")
    assert.ok(isTypeError(ours), ours)
  },
  "what is printed": () => {
    const [theirs, ours] = both((Pusher) => inspect(client(Pusher), { depth: 5 }) + JSON.stringify(client(Pusher)))
    assert.ok(theirs.includes(credentials.secret))
    assert.ok(!ours.includes(credentials.secret))
  },

  // --- arguments
  "missing credentials": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.get({ path: "/channels" }), { options: { appId: undefined } })
    assert.match(theirs.url, /^\/apps\/undefined\/channels/)
    assert.equal(ours, "The option `appId` is not set")
  },
  "values that cannot be printed": () => {
    const [theirs, ours] = both((Pusher) => client(Pusher).authorizeChannel(Symbol("id"), "private-a"))
    assert.ok(isTypeError(theirs))
    assert.equal(ours, "Invalid socket id: 'Symbol(id)'")
  },
  "lone surrogates": async () =>
    assert.deepEqual(await bodies((pusher) => pusher.trigger("a", "event", "\ud800")), [
      '{"name":"event","data":"\\ud800","channels":["a"]}',
      '{"name":"event","data":"\ufffd","channels":["a"]}',
    ]),
  "data that JSON cannot hold": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.trigger("a", "event", circular))
    assert.ok(isTypeError(theirs))
    assert.match(ours, /^The data cannot be serialised as JSON: Converting circular structure/)
    const [left, refused] = await sent((pusher) => pusher.trigger("a", "event", () => {}))
    assert.equal(left.body, '{"name":"event","channels":["a"]}')
    assert.equal(refused, "The data cannot be serialised as JSON: it is of type function")
  },
  "large events": () => {
    const pushers = { useTLS: true, fetch: async () => new Response("{}"), timeout: 1 }
    const trigger = (Pusher, data) =>
      new Pusher({ ...credentials, ...pushers, cluster: "eu" }).trigger("a", "event", data)
    const [theirs, ours] = both((Pusher) => {
      const call = trigger(Pusher, "x".repeat(10_241))
      call.catch(() => {})
      return call
    })
    assert.ok(theirs instanceof Promise)
    assert.equal(ours, "The data of event 'event' is 10241 bytes long, more than the 10240 that are allowed")
    return trigger(Ours, "x".repeat(10_240))
  },
  "wrong event names": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.trigger("a", "", "x"))
    assert.equal(theirs.body, '{"name":"","data":"x","channels":["a"]}')
    assert.equal(ours, "Invalid event name: ''")
  },
  "no channel": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.trigger([], "event", "x"))
    assert.equal(theirs.body, '{"name":"event","data":"x","channels":[]}')
    assert.equal(ours, "No channel to trigger the event on")
  },
  "falsy socket ids": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.trigger("a", "event", "x", { socket_id: "" }))
    assert.equal(theirs.body, '{"name":"event","data":"x","channels":["a"],"socket_id":""}')
    assert.equal(ours, "Invalid socket id: ''")
  },
  "`params` that are no object": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.trigger("a", "event", "x", "1.1"))
    assert.equal(theirs.body, '{"0":"1","1":".","2":"1","name":"event","data":"x","channels":["a"]}')
    assert.equal(ours, "Invalid params '1.1': they must be an object")
  },
  "`params` cannot overwrite the event": async () =>
    assert.deepEqual(await bodies((pusher) => pusher.trigger("a", "event", "x", { channels: ["b c"] })), [
      '{"name":"event","data":"x","channels":["b c"]}',
      '{"name":"event","data":"x","channels":["a"]}',
    ]),
  "`null` params": async () =>
    assert.deepEqual(await bodies((pusher) => pusher.trigger("a", "event", "x", { socket_id: null })), [
      '{"name":"event","data":"x","channels":["a"],"socket_id":null}',
      '{"name":"event","data":"x","channels":["a"]}',
    ]),
  "lists of attributes": async () =>
    assert.deepEqual(
      await bodies((pusher) => pusher.trigger("a", "event", "x", { info: ["user_count", "subscription_count"] })),
      [
        '{"name":"event","data":"x","channels":["a"],"info":["user_count","subscription_count"]}',
        '{"name":"event","data":"x","channels":["a"],"info":"user_count,subscription_count"}',
      ],
    ),
  "members named by numbers": async () =>
    assert.deepEqual(await bodies((pusher) => pusher.trigger("a", "event", "x", { 1: "one" })), [
      '{"1":"one","name":"event","data":"x","channels":["a"]}',
      '{"name":"event","data":"x","channels":["a"],"1":"one"}',
    ]),
  "a call's own options": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.trigger("a", "event", "x", { idempotencyKey: "once" }))
    assert.equal(theirs.body, '{"name":"event","data":"x","channels":["a"],"idempotencyKey":"once"}')
    assert.equal(ours.body, '{"name":"event","data":"x","channels":["a"]}')
    assert.equal(ours.headers["x-idempotency-key"], "once")
  },
  "no data on an encrypted channel": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.trigger("private-encrypted-a", "event"), encrypting)
    assert.ok(isTypeError(theirs))
    assert.equal(client(Ours, encrypting.options).decrypt("private-encrypted-a", JSON.parse(ours.body).data), null)
  },
  "shared secrets of channels only": () => {
    const [theirs, ours] = both((Pusher) => client(Pusher, encrypting.options).channelSharedSecret("a b"))
    assert.equal(theirs.length, 32)
    assert.equal(ours, "Invalid channel name: 'a b'")
  },

  // --- batches
  "batches of no event, of more than 10, or that are no list": async () => {
    const [theirs, ours] = await sent((pusher) =>
      pusher.triggerBatch(Array(11).fill({ channel: "a", name: "event", data: "x" })),
    )
    assert.equal(JSON.parse(theirs.body).batch.length, 11)
    assert.equal(ours, "Can't trigger a batch of more than 10 events, 11 given")
  },
  "wrong events of a batch": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.triggerBatch([{ channel: "a b", name: "event", data: "x" }]))
    assert.equal(theirs.body, '{"batch":[{"channel":"a b","name":"event","data":"x"}]}')
    assert.equal(ours, "Invalid channel name: 'a b' (event 0 of the batch)")
  },
  "the order of a batch's members": async () =>
    assert.deepEqual(
      await bodies((pusher) => pusher.triggerBatch([{ name: "event", info: null, data: "x", channel: "a" }])),
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
      await client(Pusher).triggerBatch(batch)
      assert.deepEqual(batch[0].data, after)
    }
  },

  // --- paths and queries
  "wrong requests": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.get())
    assert.match(theirs.url, /^\/apps\/3undefined\?/)
    assert.equal(ours, "Invalid path 'undefined': it must be a string")
  },
  "paths that are none": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.get({ path: "/channels/../../4/channels" }))
    assert.match(theirs.url, /^\/apps\/4\/channels\?/)
    assert.equal(ours, "Invalid path: '/channels/../../4/channels'")
  },
  "encoded paths": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.get({ path: "/channels/a?info=b#c" }))
    assert.equal(theirs.url, "/apps/3/channels/a?info=b")
    assert.match(ours.url, /^\/apps\/3\/channels\/a%3Finfo%3Db%23c\?auth_key=/)
  },
  "encoded user ids": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.terminateUserConnections("1/../../events?x="))
    assert.match(theirs.url, /^\/apps\/3\/events\?x=\/terminate_connections/)
    assert.match(ours.url, /^\/apps\/3\/users\/1%2F..%2F..%2Fevents%3Fx%3D\/terminate_connections\?/)
  },
  "user ids that no URL can carry": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.terminateUserConnections(".."))
    assert.match(theirs.url, /^\/apps\/3\/terminate_connections\?/)
    assert.equal(ours, "Invalid path: '..'")
  },
  "parameters left out": async () =>
    assert.deepEqual(
      await queries((pusher) => pusher.get({ path: "/channels", params: { info: undefined, a: null } })),
      ["a=null&info=undefined", ""],
    ),
  "parameters in lower case": async () =>
    assert.deepEqual(await queries((pusher) => pusher.get({ path: "/channels", params: { Info: "x" } })), [
      "Info=x",
      "info=x",
    ]),
  "reserved parameters in capitals": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.get({ path: "/channels", params: { AUTH_KEY: "x" } }))
    assert.match(theirs.url, /AUTH_KEY=x&auth_key=/)
    assert.equal(ours, "AUTH_KEY is a required parameter and cannot be overidden")
  },
  "encoded parameters": async () =>
    assert.deepEqual(
      await queries((pusher) => pusher.get({ path: "/channels", params: { filter_by_prefix: "a&info=b" } })),
      ["filter_by_prefix=a&info=b", "filter_by_prefix=a%26info%3Db"],
    ),
  "parameters named as members of every object": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.get({ path: "/channels", params: { constructor: "x" } }))
    assert.equal(theirs, "constructor is a required parameter and cannot be overidden")
    assert.match(ours.url, /&constructor=x&/)
  },
  "inherited parameters": async () =>
    assert.deepEqual(
      await queries((pusher) => pusher.get({ path: "/channels", params: Object.create({ polluted: "x" }) })),
      ["polluted=x", ""],
    ),
  "a `get` with a body": async () => {
    const [theirs, ours] = await sent((pusher) => pusher.get({ path: "/channels", body: {} }))
    assert.equal(theirs, "Request failed with an error")
    assert.equal(ours.body, "")
  },
  "a `post` of a string": async () =>
    assert.deepEqual(await bodies((pusher) => pusher.post({ path: "/events", body: '{"name":"event"}' })), [
      '"{\\"name\\":\\"event\\"}"',
      '{"name":"event"}',
    ]),
  "timestamps after 2038": () => {
    const query = (Pusher) => client(Pusher).createSignedQueryString({ method: "GET", path: "/" })
    const timestamps = both((Pusher) => new URLSearchParams(query(Pusher)).get("auth_timestamp"), BEYOND_2038)
    assert.deepEqual(timestamps, ["-192522496", "4102444800"])
  },

  // --- answers
  "redirects are not followed": async () => {
    stub.answer = (request, response) =>
      response.writeHead(request.url === "/elsewhere" ? 200 : 302, { location: "/elsewhere" }).end()
    try {
      assert.equal((await client(Theirs).get({ path: "/channels" })).status, 200)
      await assert.rejects(client(Ours).get({ path: "/channels" }), { message: "Unexpected status code 302" })
    } finally {
      stub.answer = (_request, response) => response.end("{}")
    }
  },
  "signatures in a server's words": async () => {
    const words = `expected ${"0a".repeat(32)}`
    stub.answer = (_request, response) => response.writeHead(401).end(words)
    try {
      await assert.rejects(client(Theirs).get({ path: "/channels" }), { body: words })
      await assert.rejects(client(Ours).get({ path: "/channels" }), { body: "expected (signature)" })
    } finally {
      stub.answer = (_request, response) => response.end("{}")
    }
  },
  "the host's error": async () => {
    const port = await unusedPort()
    const errors = []
    for (const Pusher of [Theirs, Ours]) {
      await client(Pusher, { port })
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
    const [theirs, ours] = both((Pusher) => new Pusher.Token("key").sign("text"))
    assert.ok(isTypeError(theirs))
    assert.equal(ours, "Invalid secret: a token's secret must be a string")
    const [crash, wrong] = both((Pusher) => new Pusher.Token("key", "secret").verify("text", undefined))
    assert.ok(isTypeError(crash))
    assert.equal(wrong, false)
  },
  "headers in any form": () => {
    const { "x-pusher-key": key, ...others } = signed()
    assert.deepEqual(
      both((Pusher) => webhook(Pusher, { "X-Pusher-Key": key, ...others })),
      [false, true],
    )
    assert.deepEqual(
      both((Pusher) => webhook(Pusher, new Headers(signed()))),
      [false, true],
    )
    assert.deepEqual(
      both((Pusher) => webhook(Pusher, { ...signed(), "X-Pusher-Key": key })),
      [true, false],
    )
  },
  "content types with a charset": () =>
    assert.deepEqual(
      both((Pusher) => webhook(Pusher, { ...signed(), "content-type": "application/json; charset=utf-8" })),
      [false, true],
    ),
  "malformed webhooks": () => {
    const [theirs, ours] = both((Pusher) => webhook(Pusher, { ...signed(), "x-pusher-signature": undefined }))
    assert.ok(isTypeError(theirs))
    assert.equal(ours, false)
  },
  "further tokens that are none": () => {
    const [theirs, ours] = both((Pusher) =>
      webhook(Pusher, { ...signed(), "x-pusher-key": "other" }, "{}", (webhook) => webhook.isValid([null])),
    )
    assert.ok(isTypeError(theirs))
    assert.equal(ours, false)
  },
  "bodies of bytes": () =>
    assert.deepEqual(
      both((Pusher) => webhook(Pusher, signed(), new TextEncoder().encode("{}"))),
      [false, true],
    ),
  "times that are no numbers": () =>
    assert.deepEqual(
      both((Pusher) => webhook(Pusher, signed(), '{"time_ms":null}', (webhook) => webhook.getTime().getTime())),
      [0, NaN],
    ),
  "a body of `null`": () => {
    const [theirs, ours] = both((Pusher) => webhook(Pusher, signed(), "null", (webhook) => webhook.getEvents()))
    assert.ok(isTypeError(theirs))
    assert.equal(ours, undefined)
  },
}

for (const [name, show] of Object.entries(shown)) test(name, show)

test("every difference is shown", () => {
  assert.deepEqual(Object.keys(shown).sort(), differences.map(({ name }) => name).sort())
})

const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8")
const [, section] = /^## Coming from `pusher`\n(.*?)^## /ms.exec(readme)
const items = [...section.matchAll(/^- (.*(?:\n {2}.*)*)/gm)].map(([, item]) => item.replace(/\s+/g, " "))

test("the README tells of every difference", () => {
  const untold = differences.filter(({ where }) => !items.some((item) => item.includes(where)))
  assert.deepEqual(
    untold.map(({ name, where }) => `${name}: ${where}`),
    [],
  )
})

test("what the README tells is all here", () => {
  const unknown = items.filter((item) => !differences.some(({ where }) => item.includes(where)))
  assert.deepEqual(unknown, [])
})
