// Requests to the embedded Channels server, over real sockets and the host's own `fetch`. The server checks every signature.
import { connect, makeChannelName, rejectionOf } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherRequestError }, environment) => {
  const pusher = connect(Pusher, environment)

  test("sends an event that the server accepts", async (t) => {
    const response = await pusher.trigger(makeChannelName(), "event", { hello: "\u00e9\u{1f600}" })
    t.strictEqual(response.status, 200)
    t.deepEqual(await response.json(), {})
  })

  test("sends to 100 channels whose names use every allowed character", async (t) => {
    const channels = Array.from({ length: 100 }, () => makeChannelName("azAZ09_-=@,.;"))
    t.strictEqual((await pusher.trigger(channels, "event", "x", { socket_id: "1.1" })).status, 200)
  })

  test("returns the attributes asked for with `info`", async (t) => {
    const channel = makeChannelName()
    const response = await pusher.trigger(channel, "event", "x", { info: ["subscription_count"] })
    t.deepEqual(await response.json(), { channels: { [channel]: { subscription_count: 0 } } })
  })

  test("sends a batch that the server accepts", async (t) => {
    const events = Array.from({ length: 10 }, (_, index) => ({
      channel: makeChannelName(),
      name: "event",
      data: { index },
    }))
    t.deepEqual(await (await pusher.triggerBatch(events)).json(), {})
  })

  test("queries channels by parameters and paths full of special characters", async (t) => {
    const { channels } = await (
      await pusher.get({ path: "/channels", params: { filter_by_prefix: "no such&prefix=+%\u00e9" } })
    ).json()
    t.deepEqual(channels, {})
    const channel = await (await pusher.get({ path: `/channels/${makeChannelName("a@b,c;")}` })).json()
    t.false(channel.occupied)
  })

  test("terminates the connections of users whose ids need encoding", async (t) => {
    for (const id of ["1", "a/b", "a b", "\u00e9", "a%2fb", "a?b#c"]) {
      t.strictEqual((await pusher.terminateUserConnections(id)).status, 200, id)
    }
  })

  test("signs a query string that the server accepts", async (t) => {
    const { url, id } = environment.server
    const path = `/apps/${id}/channels`
    const query = pusher.createSignedQueryString({ method: "GET", path, params: { filter_by_prefix: "a b" } })
    t.strictEqual((await fetch(`${url}${path}?${query}`)).status, 200)
  })

  test("rejects with the server's own words when the server refuses", async (t) => {
    const getRefusal = async (options, call = (client) => client.get({ path: "/channels" })) => {
      const error = await rejectionOf(call(connect(Pusher, environment, options)))
      t.true(error instanceof PusherRequestError)
      t.strictEqual(error.code, "http")
      return error
    }
    const late = await getRefusal({ now: () => Date.now() - 700_000, retry: false })
    t.strictEqual(late.status, 401)
    t.true(/^Timestamp expired: Given timestamp .* not within 600s of server time/.test(late.body), late.body)
    t.true(late.hint.includes("clock"))
    t.true(late.hint.includes("`signPathPrefix`"))
    t.strictEqual((await getRefusal({ key: "other" })).status, 401)
    const forged = await getRefusal({ secret: "other" })
    t.strictEqual(forged.status, 401)
    t.true(forged.body.startsWith("Invalid signature"), forged.body)
    t.strictEqual((await getRefusal({ appId: "none" })).status, 404)
    const large = await getRefusal({}, (client) => client.trigger("a", "event", "x".repeat(10_241)))
    t.strictEqual(large.status, 413)
    t.true(large.hint.includes("10 KB"))
  })

  test("sets a clock that is off by the server's, and sends again", async (t) => {
    for (const off of [-700_000, 700_000, -1e12]) {
      const late = connect(Pusher, environment, { now: () => Date.now() + off })
      t.strictEqual((await late.trigger(makeChannelName(), "event", "x")).status, 200)
      t.deepEqual((await late.channels({ prefix: makeChannelName() })).channels, {})
    }
  })

  test("sends 10 240 bytes of data, in any characters", async (t) => {
    for (const data of ["x".repeat(10_240), "\u00e9".repeat(5_120), "\u{1f600}".repeat(2_560)]) {
      t.strictEqual((await pusher.trigger("a", "event", data)).status, 200)
    }
  })

  // The embedded server misbehaves for events of these names: see ../support/faults.mjs.
  const triggerFault = (name, options) => connect(Pusher, environment, options).trigger("a", `fault:${name}`, "x")

  test("times out when no answer comes", async (t) => {
    const error = await rejectionOf(triggerFault("hang", { timeout: 50 }))
    t.strictEqual(error.code, "timeout")
    t.strictEqual(error.error.name, "AbortError")
  })

  test("times out when the body never ends", async (t) => {
    t.strictEqual((await rejectionOf(triggerFault("hangBody", { timeout: 50 }))).code, "timeout")
  })

  test("rejects when the connection breaks", async (t) => {
    const error = await rejectionOf(triggerFault("reset"))
    t.strictEqual(error.code, "network")
    t.true(error.error instanceof Error)
  })

  test("does not follow redirects", async (t) => {
    const error = await rejectionOf(triggerFault("redirect"))
    t.strictEqual(error.code, "http")
    // Browsers hide the status of a redirect that they do not follow.
    t.true([302, 0].includes(error.status), String(error.status))
  })

  test("aborts a real request when the caller's signal aborts", async (t) => {
    const controller = new AbortController()
    const call = pusher.trigger("a", "fault:hang", "x", { signal: controller.signal })
    setTimeout(() => controller.abort(), 20)
    t.strictEqual((await rejectionOf(call)).code, "aborted")
  })

  test("still sends after all these failures", async (t) => {
    t.strictEqual((await pusher.trigger(makeChannelName(), "event", "x")).status, 200)
  })
}
