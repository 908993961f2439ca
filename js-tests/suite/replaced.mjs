// Requests go through a `post` or `get` that a subclass or a test has replaced, as npm `pusher`'s do. js-tests/differential compares the
// arguments with those of npm `pusher`.
import { docs, masterKey, record, rejectionOf, thrownBy } from "./support.mjs"

/** Replaces a method of a client, as `jest.spyOn` does. Returns the arguments of its calls. */
const spy = (object, name, answer = () => Promise.resolve(new Response("{}"))) => {
  const calls = []
  object[name] = function (...args) {
    calls.push(args)
    return answer.apply(this, args)
  }
  return calls
}

export default ({ test }, { default: Pusher }) => {
  const channel = "private-encrypted-a"

  test("sends events through a replaced `post`, with `path` and `body`", async (t) => {
    const { calls, pusher } = record(Pusher)
    const posts = spy(pusher, "post", () => "answer")
    t.strictEqual(pusher.trigger("a", "event", { some: "data" }), "answer", "returns what `post` returns")
    pusher.trigger(["a", "b"], "event", "text", { socket_id: "1.2", info: ["user_count"] })
    pusher.triggerBatch([{ channel: "a", name: "event", data: { some: "data" }, info: "user_count" }])
    pusher.sendToUser("user", "event", "text")
    pusher.terminateUserConnections("user@example.org")
    t.deepEqual(posts, [
      [{ path: "/events", body: { name: "event", data: '{"some":"data"}', channels: ["a"] } }],
      [
        {
          path: "/events",
          body: { name: "event", data: "text", channels: ["a", "b"], socket_id: "1.2", info: "user_count" },
        },
      ],
      [
        {
          path: "/batch_events",
          body: { batch: [{ channel: "a", name: "event", data: '{"some":"data"}', info: "user_count" }] },
        },
      ],
      [{ path: "/events", body: { name: "event", data: "text", channels: ["#server-to-user-user"] } }],
      [{ path: "/users/user@example.org/terminate_connections", body: {} }],
    ])
    t.strictEqual(calls.length, 0, "no request goes out")
  })

  test("seals what a replaced `post` gets for encrypted channels", (t) => {
    const { pusher } = record(Pusher, { encryptionMasterKeyBase64: masterKey })
    const posts = spy(pusher, "post")
    pusher.trigger(channel, "event", { some: "data" })
    pusher.triggerBatch([{ channel, name: "event", data: "text" }])
    const [[trigger], [batch]] = posts
    t.deepEqual(pusher.decrypt(channel, trigger.body.data), { some: "data" })
    t.deepEqual(pusher.decrypt(channel, batch.body.batch[0].data), "text")
  })

  test("passes a call's own options on to a replaced method", (t) => {
    const { pusher } = record(Pusher)
    const { signal } = new AbortController()
    const posts = spy(pusher, "post")
    const gets = spy(pusher, "get")
    pusher.trigger("a", "event", "x", { signal, idempotencyKey: "once" })
    pusher.triggerBatch([{ channel: "a", name: "event", data: "x" }], { signal })
    pusher.channels({ signal })
    t.deepEqual(posts[0], [
      {
        path: "/events",
        body: { name: "event", data: "x", channels: ["a"] },
        signal,
        idempotencyKey: "once",
      },
    ])
    t.strictEqual(posts[0][0].signal, signal)
    t.deepEqual(Object.keys(posts[1][0]), ["path", "body", "signal"])
    t.deepEqual(gets[0], [{ path: "/channels", params: {}, signal }])
  })

  test("asks through a replaced `get`, and resolves to what its answer holds", async (t) => {
    const { calls, pusher } = record(Pusher)
    const gets = spy(pusher, "get", async () => new Response('{"occupied":true}'))
    t.deepEqual(await pusher.channels({ prefix: "presence-", info: ["user_count"] }), { occupied: true })
    t.deepEqual(await pusher.channel("a=b@c,d;e", { info: "user_count" }), { occupied: true })
    t.deepEqual(await pusher.channelUsers("presence-apps"), { occupied: true })
    t.deepEqual(gets, [
      [{ path: "/channels", params: { filter_by_prefix: "presence-", info: "user_count" } }],
      [{ path: "/channels/a=b@c,d;e", params: { info: "user_count" } }],
      [{ path: "/channels/presence-apps/users", params: {} }],
    ])
    t.strictEqual(calls.length, 0)
    spy(pusher, "get", async () => ({ json: async () => ({ from: "a double" }) }))
    t.deepEqual(await pusher.channels(), { from: "a double" })
  })

  test("rejects with what a replaced method rejects with", async (t) => {
    const { pusher } = record(Pusher)
    const refused = new Error("refused")
    spy(pusher, "post", async () => {
      throw refused
    })
    spy(pusher, "get", async () => {
      throw refused
    })
    t.strictEqual(await rejectionOf(pusher.trigger("a", "event", "x")), refused)
    t.strictEqual(await rejectionOf(pusher.channels()), refused)
  })

  test("checks arguments before a replaced method is called", (t) => {
    const { pusher } = record(Pusher)
    const posts = spy(pusher, "post")
    t.strictEqual(thrownBy(() => pusher.trigger("a b", "event", "x")).code, "invalid_channel")
    t.strictEqual(thrownBy(() => pusher.terminateUserConnections("")).code, "invalid_user_id")
    t.strictEqual(posts.length, 0)
  })

  test("names the endpoint below any path prefix and app id", (t) => {
    for (const options of [
      { pathPrefix: "/apps/soketi" },
      { appId: "my app/é" },
      { appId: 33, pathPrefix: "/apps/333" },
    ]) {
      const { pusher } = record(Pusher, { host: "localhost", ...options })
      const posts = spy(pusher, "post")
      pusher.terminateUserConnections("a/apps/33/é?#%2F")
      t.strictEqual(posts[0][0].path, "/users/a/apps/33/é?#%2F/terminate_connections")
    }
  })

  test("sends what a subclass's methods pass on to the client's own", async (t) => {
    const seen = []
    class Logging extends Pusher {
      post(options) {
        seen.push(options.path)
        return super.post(options)
      }
      async get(options) {
        seen.push(options.path)
        return super.get(options)
      }
    }
    const calls = []
    const fetch = async (url, init) => {
      calls.push({ url: new URL(url), init, body: init.body && JSON.parse(init.body) })
      return new Response('{"channels":{}}')
    }
    const mine = new Logging({ ...docs, fetch, encryptionMasterKeyBase64: masterKey })
    t.strictEqual((await mine.trigger(channel, "event", "x", { idempotencyKey: "once" })).status, 200)
    t.deepEqual(await mine.channels({ info: "user_count" }), { channels: {} })
    t.deepEqual(seen, ["/events", "/channels"])
    t.strictEqual(mine.decrypt(channel, calls[0].body.data), "x")
    t.strictEqual(calls[0].init.headers["x-idempotency-key"], "once")
    t.strictEqual(calls[1].url.pathname, "/apps/3/channels")
    t.strictEqual(calls[1].url.searchParams.get("info"), "user_count")
  })

  test("sends by itself where the prototype's methods are replaced and call the original", async (t) => {
    const { post } = Pusher.prototype
    const paths = []
    Pusher.prototype.post = function (options) {
      paths.push(options.path)
      return post.call(this, options)
    }
    try {
      const { calls, pusher } = record(Pusher)
      t.strictEqual((await pusher.trigger("a", "event", "x")).status, 200)
      t.deepEqual(paths, ["/events"])
      t.strictEqual(calls.length, 1)
    } finally {
      Pusher.prototype.post = post
    }
  })

  test("does not sign by a replaced `createSignedQueryString`, as npm `pusher` does not", async (t) => {
    const { calls, pusher } = record(Pusher)
    const signed = spy(pusher, "createSignedQueryString")
    await pusher.trigger("a", "event", "x")
    t.strictEqual(signed.length, 0)
    t.true(/^[0-9a-f]{64}$/.test(calls[0].url.searchParams.get("auth_signature")))
  })
}
