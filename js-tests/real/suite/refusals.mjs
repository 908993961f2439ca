// Requests that the server refuses, reported in its own words.
import { connect, makeName, NotOffered, pick, rejectionOf } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherRequestError }, environment) => {
  const pusher = connect(Pusher, environment, { maxPayloadBytes: Infinity })
  const { password: secret } = new URL(environment.connectionUrl)

  async function assertRefused(t, promise, statuses) {
    const error = await rejectionOf(promise)
    t.true(error instanceof PusherRequestError)
    t.strictEqual(error.code, "http")
    t.true(statuses.includes(error.status), `${error.status} ${error.body}`)
    t.true(error.body.length > 0)
    // A short secret may occur by chance.
    if (secret.length >= 10) t.false(JSON.stringify({ ...error, message: error.message }).includes(secret))
    return error
  }
  const query = (options, credentials) => connect(Pusher, environment, options, credentials).get({ path: "/channels" })

  test("rejects requests signed with another secret", async (t) => {
    const error = await assertRefused(t, query({}, { secret: "not-the-secret" }), [401])
    t.true(/signature/i.test(error.body), error.body)
    await assertRefused(
      t,
      connect(Pusher, environment, {}, { secret: "not-the-secret" }).trigger(makeName(), "event", "x"),
      [401],
    )
  })

  test("rejects requests with an unknown key or app id", async (t) => {
    await assertRefused(t, query({}, { key: "not-the-key" }), [401, 404])
    await assertRefused(t, query({}, { appId: "999999999" }), [401, 404])
  })

  test("rejects requests whose clock is 11 minutes off, with a hint at the clock", async (t) => {
    for (const minutes of [-11, 11]) {
      const error = await assertRefused(t, query({ retry: false, now: () => Date.now() + minutes * 60_000 }), [401])
      t.true(/timestamp expired/i.test(error.body), error.body)
      t.true(error.hint.includes("clock"))
    }
    t.strictEqual((await query({ retry: false, now: () => Date.now() + 9 * 60_000 })).status, 200)
  })

  test("sets a clock that is 11 minutes off by the server's, and asks again", async (t) => {
    for (const minutes of [-11, 11]) {
      t.strictEqual((await query({ now: () => Date.now() + minutes * 60_000 })).status, 200)
    }
  })

  // The server's own limits. The client is configured, or bypassed, so that it sends these.
  const assertLimited = async (t, feature, promise, statuses) => {
    if (environment.named) {
      const answer = await promise.catch((error) => error)
      if (answer.status === 200) throw new NotOffered(feature, "the server accepted it")
    }
    await assertRefused(t, promise, statuses)
  }

  test("rejects an event of more than 10 KB", (t) =>
    assertLimited(t, "a limit of 10 KB", pusher.trigger(makeName(), "event", "x".repeat(10_241)), [413]))

  test("rejects a batch of more than 10 events", (t) => {
    const batch = Array.from({ length: 11 }, () => ({ channel: makeName(), name: "event", data: "x" }))
    return assertLimited(t, "a limit of 10 events", pusher.post({ path: "/batch_events", body: { batch } }), [400])
  })

  test("rejects an event for more than 100 channels", (t) => {
    const channels = Array.from({ length: 101 }, () => makeName())
    return assertLimited(
      t,
      "a limit of 100 channels",
      pusher.post({ path: "/events", body: { channels, name: "event", data: "x" } }),
      [400],
    )
  })

  test("rejects a malformed channel name and an unknown endpoint", async (t) => {
    await assertRefused(
      t,
      pusher.post({ path: "/events", body: { channels: ["a b"], name: "event", data: "x" } }),
      [400],
    )
    await assertRefused(t, pusher.get({ path: "/no-such-endpoint" }), [404])
  })

  test("rejects when no server listens", async (t) => {
    if (!environment.local) return t.true(true, "only ports of this machine are known to be closed")
    const error = await rejectionOf(
      Pusher.forURL("http://key:secret@127.0.0.1:1/apps/1").trigger(makeName(), "event", "x"),
    )
    t.true(error instanceof PusherRequestError)
    t.deepEqual(pick(error, "code", "status"), { code: "network", status: undefined })
  })
}
