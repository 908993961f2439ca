// Typed queries: parsed answers, with whatever else the server tells.
import { connected, recorded, rejectionOf, thrownBy, uniqueChannel } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherRequestError, PusherValidationError }, environment) => {
  const asked = async (call, answer = "{}") => {
    const { calls, pusher } = recorded(Pusher, {}, () => new Response(answer))
    const result = await call(pusher)
    const { pathname, searchParams } = calls[0].url
    const params = [...searchParams].filter(([key]) => !key.startsWith("auth_"))
    return { method: calls[0].init.method, path: pathname.replace("/apps/3", ""), params, result }
  }

  test("channels", async (t) => {
    t.deepEqual(await asked((pusher) => pusher.channels()), {
      method: "GET",
      path: "/channels",
      params: [],
      result: {},
    })
    const answer = { channels: { "presence-a": { user_count: 1, later: true } }, later: [1] }
    const { params, result } = await asked(
      (pusher) => pusher.channels({ prefix: "presence-", info: ["user_count", "subscription_count"] }),
      JSON.stringify(answer),
    )
    t.deepEqual(params, [
      ["filter_by_prefix", "presence-"],
      ["info", "user_count,subscription_count"],
    ])
    t.deepEqual(result, answer, "unknown fields pass through")
  })

  test("channel", async (t) => {
    const answer = { occupied: true, user_count: 2, cache: { data: "x", ttl: 60 } }
    t.deepEqual(await asked((pusher) => pusher.channel("a", { info: "user_count,cache" }), JSON.stringify(answer)), {
      method: "GET",
      path: "/channels/a",
      params: [["info", "user_count,cache"]],
      result: answer,
    })
    t.strictEqual((await asked((pusher) => pusher.channel("a@b,c;d=e"))).path, "/channels/a@b,c%3Bd%3De")
  })

  test("the users of a channel", async (t) => {
    const answer = { users: [{ id: "1" }, { id: "2" }] }
    t.deepEqual(await asked((pusher) => pusher.channelUsers("presence-a"), JSON.stringify(answer)), {
      method: "GET",
      path: "/channels/presence-a/users",
      params: [],
      result: answer,
    })
  })

  test("bad arguments are refused at once", (t) => {
    const { calls, pusher } = recorded(Pusher)
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
      t.deepEqual([error.code, error.field], [code, field])
    }
    t.strictEqual(calls.length, 0)
  })

  test("an answer that is not JSON rejects, with the server's words", async (t) => {
    const error = await rejectionOf(asked((pusher) => pusher.channels(), "<html>proxy</html>"))
    t.true(error instanceof PusherRequestError)
    t.deepEqual([error.message, error.code], ["The server's answer is not JSON", "http"])
    t.deepEqual([error.status, error.body], [200, "<html>proxy</html>"])
    t.true(error.cause instanceof SyntaxError)
  })

  const pusher = connected(Pusher, environment)

  test("the embedded server answers them all", async (t) => {
    t.deepEqual(await pusher.channels({ prefix: uniqueChannel() }), { channels: {} })
    t.deepEqual(await pusher.channel(uniqueChannel("a@b,c;d=e"), { info: ["subscription_count"] }), {
      occupied: false,
      subscription_count: 0,
    })
    t.deepEqual(await pusher.channelUsers(uniqueChannel("presence-")), { users: [] })
  })

  test("a cache channel's last event", async (t) => {
    const channel = uniqueChannel("cache-")
    t.strictEqual((await pusher.channel(channel, { info: "cache" })).cache, null)
    await pusher.trigger(channel, "event", { some: "data" })
    const { cache } = await pusher.channel(channel, { info: "cache" })
    t.true(cache.data.includes("some"), cache.data)
    t.strictEqual(typeof cache.ttl, "number")
  })

  test("a refused question tells why", async (t) => {
    const notPresence = await rejectionOf(pusher.channelUsers(uniqueChannel()))
    t.strictEqual(notPresence.status, 400)
    t.true(notPresence.body.length > 0)
    t.strictEqual((await rejectionOf(pusher.channels({ info: "user_count" }))).status, 400)
  })
}
