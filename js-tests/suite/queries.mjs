// Typed queries, which resolve to the server's parsed answer.
import { connect, makeChannelName, pick, record, rejectionOf, thrownBy } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherRequestError, PusherValidationError }, environment) => {
  const recordQuery = async (call, answer = "{}") => {
    const { calls, pusher } = record(Pusher, {}, () => new Response(answer))
    const result = await call(pusher)
    const { pathname, searchParams } = calls[0].url
    const params = [...searchParams].filter(([key]) => !key.startsWith("auth_"))
    return { method: calls[0].init.method, path: pathname.replace("/apps/3", ""), params, result }
  }

  test("queries the channels by prefix and attributes", async (t) => {
    t.deepEqual(await recordQuery((pusher) => pusher.channels()), {
      method: "GET",
      path: "/channels",
      params: [],
      result: {},
    })
    const answer = { channels: { "presence-a": { user_count: 1, later: true } }, later: [1] }
    const { params, result } = await recordQuery(
      (pusher) => pusher.channels({ prefix: "presence-", info: ["user_count", "subscription_count"] }),
      JSON.stringify(answer),
    )
    t.deepEqual(params, [
      ["filter_by_prefix", "presence-"],
      ["info", "user_count,subscription_count"],
    ])
    t.deepEqual(result, answer, "including fields the library does not know")
  })

  test("takes the HTTP API's own name of the prefix", async (t) => {
    for (const options of [
      { filter_by_prefix: "presence-" },
      { filter_by_prefix: "private-", prefix: "presence-" },
      { filter_by_prefix: "presence-", prefix: null },
    ]) {
      const { params } = await recordQuery((pusher) => pusher.channels(options))
      t.deepEqual(params, [["filter_by_prefix", "presence-"]])
    }
  })

  test("makes an object of the list that some servers write for no channels", async (t) => {
    const answer = async (json) => (await recordQuery((pusher) => pusher.channels(), json)).result
    t.deepEqual(await answer('{"channels":[],"later":1}'), { channels: {}, later: 1 })
    t.deepEqual(await answer('{"channels":[{"user_count":1}]}'), { channels: { 0: { user_count: 1 } } })
    for (const json of ['{"channels":{"a":{}}}', '{"channels":null}', "{}", "[]", "null", "1"]) {
      t.deepEqual(await answer(json), JSON.parse(json), json)
    }
  })

  test("queries one channel", async (t) => {
    const answer = { occupied: true, user_count: 2, cache: { data: "x", ttl: 60 } }
    t.deepEqual(
      await recordQuery((pusher) => pusher.channel("a", { info: "user_count,cache" }), JSON.stringify(answer)),
      {
        method: "GET",
        path: "/channels/a",
        params: [["info", "user_count,cache"]],
        result: answer,
      },
    )
    t.strictEqual((await recordQuery((pusher) => pusher.channel("a@b,c;d=e"))).path, "/channels/a@b,c;d=e")
  })

  test("queries the users of a channel", async (t) => {
    const answer = { users: [{ id: "1" }, { id: "2" }] }
    t.deepEqual(await recordQuery((pusher) => pusher.channelUsers("presence-a"), JSON.stringify(answer)), {
      method: "GET",
      path: "/channels/presence-a/users",
      params: [],
      result: answer,
    })
  })

  test("refuses malformed arguments at once", (t) => {
    const { calls, pusher } = record(Pusher)
    for (const [call, code, field] of [
      [() => pusher.channel("b c"), "invalid_channel", "channel"],
      [() => pusher.channel(), "invalid_channel", "channel"],
      [() => pusher.channel("."), "invalid_path", "path"],
      [() => pusher.channelUsers(".."), "invalid_path", "path"],
      [() => pusher.channelUsers("a/../b"), "invalid_channel", "channel"],
      [() => pusher.channels({ prefix: 1 }), "invalid_argument", "prefix"],
      [() => pusher.channels({ info: 1 }), "invalid_argument", "info"],
      [() => pusher.channels("presence-"), "invalid_argument", "options"],
      [() => pusher.channel("a", { signal: 1 }), "invalid_argument", "signal"],
    ]) {
      const error = thrownBy(call)
      t.true(error instanceof PusherValidationError)
      t.deepEqual(pick(error, "code", "field"), { code, field })
    }
    t.strictEqual(calls.length, 0)
  })

  test("rejects an answer that is not JSON with the server's words", async (t) => {
    const error = await rejectionOf(recordQuery((pusher) => pusher.channels(), "<html>proxy</html>"))
    t.true(error instanceof PusherRequestError)
    t.deepEqual(pick(error, "message", "code", "status", "body"), {
      message: "The server's answer is not JSON",
      code: "http",
      status: 200,
      body: "<html>proxy</html>",
    })
    t.true(error.error instanceof SyntaxError)
    t.strictEqual(error.cause.name, "SyntaxError")
  })

  const pusher = connect(Pusher, environment)

  test("resolves to the embedded server's answers", async (t) => {
    t.deepEqual(await pusher.channels({ prefix: makeChannelName() }), { channels: {} })
    t.deepEqual(await pusher.channel(makeChannelName("a@b,c;d=e"), { info: ["subscription_count"] }), {
      occupied: false,
      subscription_count: 0,
    })
    t.deepEqual(await pusher.channelUsers(makeChannelName("presence-")), { users: [] })
  })

  test("returns the last event of a cache channel", async (t) => {
    const channel = makeChannelName("cache-")
    t.strictEqual((await pusher.channel(channel, { info: "cache" })).cache, null)
    await pusher.trigger(channel, "event", { some: "data" })
    const { cache } = await pusher.channel(channel, { info: "cache" })
    t.true(cache.data.includes("some"), cache.data)
    t.strictEqual(typeof cache.ttl, "number")
  })

  test("rejects a refused query with the server's reason", async (t) => {
    const notPresence = await rejectionOf(pusher.channelUsers(makeChannelName()))
    t.strictEqual(notPresence.status, 400)
    t.true(notPresence.body.length > 0)
    t.strictEqual((await rejectionOf(pusher.channels({ info: "user_count" }))).status, 400)
  })
}
