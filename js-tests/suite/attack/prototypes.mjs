// A polluted `Object.prototype`: another part of the program has let somebody write there. Nothing is taken from it, and nothing breaks, as long as
// the host itself still works. Functions that the language calls by name (`then`, `toJSON`, `next`) are no matter of a library's.
import { docs, masterKey } from "../support.mjs"

/** Not numbers: hosts keep what waits for its turn in lists with holes. Names that the library reads or writes somewhere, of options, arguments, settings, answers, errors, requests and descriptors. */
const NAMES =
  `appId key secret cluster host port useTLS encrypted scheme pathPrefix signPathPrefix timeout encryptionMasterKey
  encryptionMasterKeyBase64 maxPayloadBytes maxResponseBytes maxChannels maxBatchEvents retry idempotencyKeys idempotencyKey fetchOptions fetch agent
  headers json stringify parse onRequest onResponse onRetry now randomBytes attempts baseDelay maxDelay deadline signal aborted prefix info
  filter_by_prefix path params body method socket_id channel channels name data userId concurrency onProgress stopOnError maxRequestBytes oversize
  user_id id channel_data shared_secret user_data nonce ciphertext rawBody x-pusher-key x-pusher-signature content-type X-Pusher-Key X-PUSHER-SIGNATURE
  contentType signature events time_ms reason text code field hint status index cause errors message stack retryable retryAfter url error value
  head token config settings state recipe source fields instance client lender isFreed serverNow appId kind content exception then toJSON get set
  writable enumerable configurable length cors origins credentials maxAge onError tokens dedupe waitUntil authorizeChannel socketId kind rawPath
  httpMethod requestContext queryStringParameters multiValueHeaders multiValueQueryStringParameters isBase64Encoded cookies raw originalUrl
  destroyed instanceId secretKey description foo undefined PUSHER_URL PUSHER_HOST PUSHER_CLUSTER __wbg`
    .split(/\s+/)
    .filter((name, index, all) => all.indexOf(name) === index)

/** Ways to pollute: descriptors. Other values would only be other ones of the same kind. */
const KINDS = {
  "a text": () => ({ value: "evil", writable: true, enumerable: true }),
  "an object": () => ({ value: {}, writable: true, enumerable: true }),
  true: () => ({ value: true, writable: true, enumerable: false }),
}
/** Ways that would also break what the host does by itself from time to time: so nothing is waited for meanwhile. */
const SHORT_KINDS = {
  "a read-only number": () => ({ value: 7, writable: false, enumerable: false }),
  "an accessor": () => ({ get: () => "evil", set() {}, enumerable: false }),
}

const FROM = 1_353_088_179_000

/** Makes all that the host is asked for before the prototype is polluted. */
const prepare = (Pusher) => {
  const headers = { "content-type": "application/json" }
  const hook = JSON.stringify({ time_ms: FROM, events: [{ name: "channel_occupied", channel: "a" }] })
  const signed = {
    ...headers,
    "x-pusher-key": docs.key,
    "x-pusher-signature": new Pusher.Token(docs.key, docs.secret).sign(hook),
  }
  const form = { "content-type": "application/x-www-form-urlencoded" }
  const makeRequest = (headers, body) => new Request("https://example.com/", { method: "POST", headers, body })
  const answers = Array.from(
    { length: 16 },
    () => new Response('{"channels":{}}', { headers: { "content-length": "15" } }),
  )
  const failures = [
    new Response("no", { status: 400, headers: { "content-length": "2" } }),
    new TypeError("failed"),
    Object.assign(new TypeError("failed"), { cause: new Error("reset") }),
  ]
  return {
    hook,
    signed,
    answers,
    failures,
    requests: {
      channel: makeRequest(form, "socket_id=1.1&channel_name=presence-a"),
      // Its one parameter must not be taken from elsewhere.
      missing: makeRequest(form, "socket_id=1.1"),
      json: makeRequest(headers, '{"socket_id":"1.1","channel_name":"private-a"}'),
      hook: makeRequest(signed, hook),
      read: makeRequest(signed, hook),
      forged: makeRequest({ ...signed, "x-pusher-signature": "0".repeat(64) }, hook),
    },
  }
}

/** Uses everything. Adds what comes of it to the list `seen`, as texts: at once what is at once. */
const use = async (Pusher, { channelAuthHandler, webhookHandler, readWebhook }, prepared, seen) => {
  const { answers, failures, requests, hook, signed } = prepared
  const note = (...values) =>
    seen.push(values.map((value) => (typeof value === "string" ? value : show(value))).join(" "))
  const show = (value) => {
    if (value instanceof Error) return `${value.name} ${show({ __proto__: null, message: value.message, ...value })}`
    if (typeof value !== "object" || value === null) return String(value)
    return `{${Object.entries(value).map(([name, member]) => `${name}=${show(member)}`)}}`
  }
  const attempt = (make) => {
    try {
      return make()
    } catch (error) {
      return error
    }
  }
  let count = 0
  const fetch = async (url, init) => {
    note(url, init.method, String(init.body), init.headers, String(init.redirect), typeof init.signal)
    return answers[count++]
  }
  const options = {
    ...docs,
    encryptionMasterKeyBase64: masterKey,
    now: () => FROM,
    randomBytes: (length) => new Uint8Array(length),
  }
  const pusher = new Pusher({ ...options, fetch, onRequest: () => ({ span: 1 }) })
  note(pusher.config, pusher.config.token.key, String(Object.keys(pusher)))
  note(Pusher.forURL("http://key:secret@localhost/apps/1").config)
  note(attempt(() => Pusher.fromEnv({})))
  note(pusher.authorizeChannel("1.1", "private-a"), pusher.authorizeChannel("1.1", "private-encrypted-a"))
  note(pusher.authorizeChannel("1.1", "presence-a", { user_id: "1" }), pusher.authenticateUser("1.1", { id: "1" }))
  note(attempt(() => pusher.authorizeChannel("1.1", "presence-a", {})))
  note(attempt(() => pusher.authenticateUser("1.1", {})))
  note(
    attempt(() => pusher.trigger("#", "event", "x")),
    attempt(() => pusher.triggerBatch([{}])),
  )
  note(attempt(() => pusher.decrypt("private-encrypted-a", {})))
  note(pusher.createSignedQueryString({ method: "GET", path: "/" }))
  for (const headers of [signed, {}, { ...signed, "x-pusher-signature": "0".repeat(64) }]) {
    const webhook = pusher.webhook({ headers, rawBody: hook })
    note(
      String(webhook.isValid()),
      String(webhook.reason),
      attempt(() => webhook.verify()),
      attempt(() => webhook.getData()),
    )
    note(String(webhook.key), String(webhook.contentType))
  }
  note(String(pusher.webhook({ headers: signed }).reason), String(pusher.webhook({}).reason))
  note(new Pusher.Token("a", "b").sign("c"), JSON.stringify(new Pusher.Token("a", "b")))

  note(attempt(() => webhookHandler(pusher, {})))
  channelAuthHandler(pusher, () => true, { cors: { origins: ["https://example.com"] } })

  await Promise.all([
    pusher.trigger("a", "event", "x", { socket_id: "1.1" }),
    pusher.trigger("a", "event", "x"),
    pusher.channels(),
    pusher.triggerBatch([{ channel: "a", name: "event", data: "x" }]),
  ])
  await pusher.trigger("private-encrypted-a", "event", { a: 1 }, { info: "user_count" })
  await pusher.triggerBatch([{ channel: "a", name: "event", data: "x" }])
  await pusher.sendToUser("1", "event", "x")
  await pusher.terminateUserConnections("1")
  note(await pusher.channels(), await pusher.channel("a"), await pusher.channelUsers("presence-a", {}))
  await pusher.get({ path: "/channels" })
  await pusher.post({ path: "/events" })
  note(await pusher.publish([{ channel: "a", name: "event", data: "x" }, { name: "event", data: "x" }, {}]))
  for (const failure of failures) {
    const failing = async () => {
      if (failure instanceof Error) throw failure
      return failure
    }
    const call = new Pusher({ ...options, fetch: failing, retry: false }).trigger("a", "event", "x")
    const error = await call.catch((error) => error)
    const own = { __proto__: null, ...error }
    note(error, String(own.hint), String(error.cause?.message))
  }

  const handle = channelAuthHandler(pusher, ({ channel }) => (channel === "private-a" ? true : { user_id: "1" }))
  for (const request of [requests.channel, requests.missing, requests.json]) {
    const answer = await handle(request)
    note(String(answer.status), String([...answer.headers.keys()]), await answer.text())
  }
  const events = []
  const onWebhook = webhookHandler(pusher, { channel_occupied: ({ channel }) => void events.push(channel) })
  note(String((await onWebhook(requests.hook)).status), String((await onWebhook(requests.forged)).status), events)
  note((await readWebhook(pusher, requests.read)).events)
  return seen
}

/** Whether what the host has for everybody works, as far as that can be told at once. */
const isHostWholeAtOnce = ({ answers }) => {
  try {
    clearTimeout(setTimeout(() => {}, 10_000 + Math.random() * 1e6))
    // Without bodies: Node would fill their streams later, in vain, and end.
    const response = new Response(null, { status: 201, headers: { a: "1", "content-type": "text/plain" } })
    const headers = new Headers({ a: "1", "content-type": "text/plain" })
    const controller = new AbortController()
    controller.signal.addEventListener("abort", () => {})
    controller.abort()
    const views = [new TextDecoder("utf-8", { fatal: true }), new TextEncoder(), new Error("a", { cause: 1 })]
    const isRight =
      response.status === 201 && new Response(null).status === 200 && new Response(null, answers[0]).status === 200
    // Node 24 writes its parts into an object.
    if (new URL("https://example.com/a").origin !== "https://example.com") return false
    return isRight && headers.get("a") === "1" && controller.signal.aborted && views.length === 3
  } catch {
    return false
  }
}

/** Whether what the host has for everybody works. */
const isHostWhole = async ({ answers }) => {
  const response = new Response("{}", { status: 201, headers: { a: "1", "content-type": "text/plain" } })
  const copy = new Response("{}", answers[0])
  const request = new Request("https://example.com/", { method: "POST", body: "a", headers: { a: "1" } })
  const headers = new Headers({ a: "1" })
  const controller = new AbortController()
  controller.abort()
  const texts = [await response.text(), await copy.text(), await request.text(), await new Response("a").text()]
  const params = new URLSearchParams("a=1")
  const read = await new Response("abc").body.getReader().read()
  await new Promise((resolve) => setTimeout(resolve))
  return (
    response.status === 201 &&
    copy.status === 200 &&
    new Response("a").status === 200 &&
    request.headers.get("a") === "1" &&
    String([...headers]) === "a,1" &&
    texts.join() === "{},{},a,a" &&
    params.get("a") === "1" &&
    read.value.byteLength === 3 &&
    controller.signal.aborted &&
    new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([97])) === "a"
  )
}

/** Names that a bundler's own helper, which gives functions their names, cannot bear: that of esbuild, in Wrangler's bundles. */
const OF_BUNDLERS = /\b__name\(/.test(String(use)) ? ["get", "set"] : []

export default ({ test }, { default: Pusher }, { subpaths }) => {
  const load = async () => subpaths?.handlers ?? (await import("pusher-http-wasm/handlers"))
  const names = NAMES.filter((name) => !Object.hasOwn(Object.prototype, name) && !OF_BUNDLERS.includes(name))
  const define = (name, makeDescriptor) =>
    Object.defineProperty(Object.prototype, name, { __proto__: null, configurable: true, ...makeDescriptor() })

  for (const [kind, makeDescriptor] of Object.entries(KINDS)) {
    test(`takes nothing from ${kind} on \`Object.prototype\`, and nothing breaks`, async (t) => {
      const handlers = await load()
      const expected = await use(Pusher, handlers, prepare(Pusher), [])
      let tried = 0
      /** Tries names together, and by halves where the host breaks, or the library. */
      const tryNames = async (names) => {
        const [forHost, prepared] = [prepare(Pusher), prepare(Pusher)]
        for (const name of names) define(name, makeDescriptor)
        let isWhole, seen
        try {
          isWhole = await isHostWhole(forHost).catch(() => false)
          seen = isWhole && (await use(Pusher, handlers, prepared, []).catch((error) => [String(error?.stack)]))
        } finally {
          for (const name of names) delete Object.prototype[name]
        }
        const at = isWhole ? expected.findIndex((text, index) => text !== seen[index]) : -1
        if (isWhole && at < 0) tried += names.length
        else if (names.length > 1) {
          const half = names.length >> 1
          await tryNames(names.slice(0, half))
          await tryNames(names.slice(half))
        } else if (isWhole) t.strictEqual(seen[at], expected[at], names[0])
      }
      await tryNames(names)
      t.true(tried > 100, `${tried} names`)
    })
  }

  for (const [kind, makeDescriptor] of Object.entries(SHORT_KINDS)) {
    test(`takes nothing from ${kind} on \`Object.prototype\`, and nothing breaks while it is there`, async (t) => {
      const handlers = await load()
      const useAtOnce = () => {
        const seen = []
        const ended = use(Pusher, handlers, prepared, seen)
        return [[...seen], ended]
      }
      let prepared = prepare(Pusher)
      const [expected, ended] = useAtOnce()
      await ended
      let tried = 0
      for (const name of names) {
        // Node's timers have such a member, which they lose.
        if (name === "id") continue
        prepared = prepare(Pusher)
        let seen, rest, isWhole
        define(name, makeDescriptor)
        try {
          isWhole = isHostWholeAtOnce(prepared)
          ;[seen, rest] = useAtOnce()
        } finally {
          delete Object.prototype[name]
        }
        const error = await rest.catch((error) => error)
        if (!isWhole) continue
        tried++
        if (seen.length < expected.length) t.strictEqual(String(error?.stack), "", name)
        const at = expected.findIndex((text, index) => text !== seen[index])
        if (at >= 0) t.strictEqual(seen[at], expected[at], name)
      }
      t.true(tried > 100, `${tried} names`)
    })
  }

  test("writes nothing to `Object.prototype`, whatever names members have", async (t) => {
    const before = Object.getOwnPropertyNames(Object.prototype).join()
    const evil = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"prototype":{"polluted":1}}',
    )
    const fetch = async () =>
      new Response(JSON.stringify(evil).replace("}", ',"channels":{"__proto__":{"polluted":1}}}'))
    const pusher = new Pusher({ ...docs, ...evil, fetch, headers: evil.none, retry: { ...evil.none } })
    const headers = JSON.parse('{"__proto__":"a","constructor":"b","x-pusher-key":"k"}')
    pusher.webhook({ headers, rawBody: "{}", ...evil }).isValid()
    await pusher.trigger("a", "event", evil, evil)
    await pusher.triggerBatch([{ channel: "a", name: "event", data: evil, ...evil }])
    await pusher.get({ path: "/channels", params: JSON.parse('{"__proto__":"a","constructor":"b"}') })
    await pusher.channels(evil).catch(() => {})
    await pusher.publish([{ channel: "a", name: "event", data: evil, ...evil }], evil)
    pusher.authorizeChannel("1.1", "presence-a", { user_id: "1", ...evil })
    t.strictEqual({}.polluted, undefined)
    t.strictEqual(Object.getOwnPropertyNames(Object.prototype).join(), before)
  })
}
