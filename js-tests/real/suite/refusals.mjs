// What the server refuses, told in its words.
import { connect, NotOffered, rejectionOf, unique } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherRequestError }, environment) => {
  const pusher = connect(Pusher, environment, { maxPayloadBytes: Infinity })
  const { password: secret } = new URL(environment.connectionUrl)

  async function refused(t, promise, statuses) {
    const error = await rejectionOf(promise)
    t.true(error instanceof PusherRequestError)
    t.strictEqual(error.code, "http")
    t.true(statuses.includes(error.status), `${error.status} ${error.body}`)
    t.true(error.body.length > 0)
    // A short one may be in there by chance.
    if (secret.length >= 10) t.false(JSON.stringify({ ...error, message: error.message }).includes(secret))
    return error
  }
  const asking = (options, credentials) => connect(Pusher, environment, options, credentials).get({ path: "/channels" })

  test("a wrong secret", async (t) => {
    const error = await refused(t, asking({}, { secret: "not-the-secret" }), [401])
    t.true(/signature/i.test(error.body), error.body)
    await refused(
      t,
      connect(Pusher, environment, {}, { secret: "not-the-secret" }).trigger(unique(), "event", "x"),
      [401],
    )
  })

  test("a wrong key, a wrong app", async (t) => {
    await refused(t, asking({}, { key: "not-the-key" }), [401, 404])
    await refused(t, asking({}, { appId: "999999999" }), [401, 404])
  })

  test("a clock that is wrong", async (t) => {
    for (const minutes of [-11, 11]) {
      const error = await refused(t, asking({ now: () => Date.now() + minutes * 60_000 }), [401])
      t.true(/timestamp expired/i.test(error.body), error.body)
      t.true(error.hint.includes("clock"))
    }
    t.strictEqual((await asking({ now: () => Date.now() + 9 * 60_000 })).status, 200)
  })

  // The server's own limits: the library would not have sent these.
  const limited = async (t, feature, promise, statuses) => {
    if (environment.named) {
      const answer = await promise.catch((error) => error)
      if (answer.status === 200) throw new NotOffered(feature, "the server took it")
    }
    await refused(t, promise, statuses)
  }

  test("an event of more than 10 KB", (t) =>
    limited(t, "a limit of 10 KB", pusher.trigger(unique(), "event", "x".repeat(10_241)), [413]))

  test("a batch of more than 10 events", (t) => {
    const batch = Array.from({ length: 11 }, () => ({ channel: unique(), name: "event", data: "x" }))
    return limited(t, "a limit of 10 events", pusher.post({ path: "/batch_events", body: { batch } }), [400])
  })

  test("an event for more than 100 channels", (t) => {
    const channels = Array.from({ length: 101 }, () => unique())
    return limited(
      t,
      "a limit of 100 channels",
      pusher.post({ path: "/events", body: { channels, name: "event", data: "x" } }),
      [400],
    )
  })

  test("a channel's name that cannot be, and no such endpoint", async (t) => {
    await refused(t, pusher.post({ path: "/events", body: { channels: ["a b"], name: "event", data: "x" } }), [400])
    await refused(t, pusher.get({ path: "/no-such-endpoint" }), [404])
  })

  test("a server that is not there", async (t) => {
    if (!environment.local) return t.true(true, "only a machine's own closed port is known to refuse")
    const error = await rejectionOf(
      Pusher.forURL("http://key:secret@127.0.0.1:1/apps/1").trigger(unique(), "event", "x"),
    )
    t.true(error instanceof PusherRequestError)
    t.strictEqual(error.code, "network")
    t.strictEqual(error.status, undefined)
  })
}
