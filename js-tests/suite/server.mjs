// Against the embedded Channels server, over real sockets and the host's own `fetch`. The server checks every signature.
import { connected, rejectionOf, uniqueChannel } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherRequestError }, environment) => {
  const pusher = connected(Pusher, environment)

  test("an event is accepted", async (t) => {
    const response = await pusher.trigger(uniqueChannel(), "event", { hello: "\u00e9\u{1f600}" })
    t.strictEqual(response.status, 200)
    t.deepEqual(await response.json(), {})
  })

  test("many channels, and all characters that their names may have", async (t) => {
    const channels = Array.from({ length: 100 }, () => uniqueChannel("azAZ09_-=@,.;"))
    t.strictEqual((await pusher.trigger(channels, "event", "x", { socket_id: "1.1" })).status, 200)
  })

  test("`info` is answered", async (t) => {
    const channel = uniqueChannel()
    const response = await pusher.trigger(channel, "event", "x", { info: ["subscription_count"] })
    t.deepEqual(await response.json(), { channels: { [channel]: { subscription_count: 0 } } })
  })

  test("a batch is accepted", async (t) => {
    const events = Array.from({ length: 10 }, (_, index) => ({
      channel: uniqueChannel(),
      name: "event",
      data: { index },
    }))
    t.deepEqual(await (await pusher.triggerBatch(events)).json(), {})
  })

  test("questions are answered, odd parameters and paths included", async (t) => {
    const { channels } = await (
      await pusher.get({ path: "/channels", params: { filter_by_prefix: "no such&prefix=+%\u00e9" } })
    ).json()
    t.deepEqual(channels, {})
    const channel = await (await pusher.get({ path: `/channels/${uniqueChannel("a@b,c;")}` })).json()
    t.false(channel.occupied)
  })

  test("a user's connections are terminated, odd ids included", async (t) => {
    for (const id of ["1", "a/b", "a b", "\u00e9", "a%2fb", "a?b#c"]) {
      t.strictEqual((await pusher.terminateUserConnections(id)).status, 200, id)
    }
  })

  test("a query signed by hand is accepted", async (t) => {
    const { url, id } = environment.server
    const path = `/apps/${id}/channels`
    const query = pusher.createSignedQueryString({ method: "GET", path, params: { filter_by_prefix: "a b" } })
    t.strictEqual((await fetch(`${url}${path}?${query}`)).status, 200)
  })

  test("the server's refusals are told in its words", async (t) => {
    const refusal = async (options, call = (client) => client.get({ path: "/channels" })) => {
      const error = await rejectionOf(call(connected(Pusher, environment, options)))
      t.true(error instanceof PusherRequestError)
      t.strictEqual(error.code, "http")
      return error
    }
    const old = await refusal({ now: () => Date.now() - 700_000 })
    t.strictEqual(old.status, 401)
    t.true(/^Timestamp expired: Given timestamp .* not within 600s of server time/.test(old.body), old.body)
    t.true(old.hint.includes("clock"))
    t.strictEqual((await refusal({ key: "other" })).status, 401)
    const forged = await refusal({ secret: "other" })
    t.strictEqual(forged.status, 401)
    t.true(forged.body.startsWith("Invalid signature"), forged.body)
    t.strictEqual((await refusal({ appId: "none" })).status, 404)
    const large = await refusal({}, (client) => client.trigger("a", "event", "x".repeat(10_241)))
    t.strictEqual(large.status, 413)
    t.true(large.hint.includes("10 KB"))
  })

  test("10 240 bytes are accepted, whatever the characters", async (t) => {
    for (const data of ["x".repeat(10_240), "\u00e9".repeat(5_120), "\u{1f600}".repeat(2_560)]) {
      t.strictEqual((await pusher.trigger("a", "event", data)).status, 200)
    }
  })

  // The embedded server misbehaves on request: see `faults` in the runner.
  const fault = (name, options) => connected(Pusher, environment, options).trigger("a", `fault:${name}`, "x")

  test("an answer that never comes ends with the timeout", async (t) => {
    const error = await rejectionOf(fault("hang", { timeout: 50 }))
    t.strictEqual(error.code, "timeout")
    t.strictEqual(error.error.name, "AbortError")
  })

  test("a body that never ends ends with the timeout", async (t) => {
    t.strictEqual((await rejectionOf(fault("hangBody", { timeout: 50 }))).code, "timeout")
  })

  test("a connection that breaks rejects", async (t) => {
    const error = await rejectionOf(fault("reset"))
    t.strictEqual(error.code, "network")
    t.true(error.error instanceof Error)
  })

  test("a redirect is not followed", async (t) => {
    const error = await rejectionOf(fault("redirect"))
    t.strictEqual(error.code, "http")
    // Browsers hide the status of a redirect that they do not follow.
    t.true([302, 0].includes(error.status), String(error.status))
  })

  test("the caller's signal ends a real exchange", async (t) => {
    const controller = new AbortController()
    const call = pusher.trigger("a", "fault:hang", "x", { signal: controller.signal })
    setTimeout(() => controller.abort(), 20)
    t.strictEqual((await rejectionOf(call)).code, "aborted")
  })

  test("the client works on after all of that", async (t) => {
    t.strictEqual((await pusher.trigger(uniqueChannel(), "event", "x")).status, 200)
  })
}
