// A cluster of two servers: what one was asked, the other knows, and each is killed and started again. Its cases are the last ones: the other
// server waits for answers of the one that was killed, even once it runs again.
import { ask, Client, connect, makeName } from "./support.mjs"

/** How many calls are under way at any time. */
const LANES = 4

export default ({ test }, { default: Pusher, PusherRequestError }, environment) => {
  if (!environment.nodes) return
  const [publishing, subscribing] = [0, 1]
  const connectTo = (node, options) => connect(Pusher, { connectionUrl: environment.nodes[node] }, options)
  const pusher = connectTo(publishing)
  const kill = (node) => ask(environment, "kill", { node })
  const restart = (node) => ask(environment, "restart", { node })
  /** Waits, for as long as the case may take. */
  const waitUntil = async (isSo) => {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  test("publishes once when a call is repeated at another server with its idempotency key", async (t) => {
    const client = await Client.connect(environment, pusher)
    const channel = makeName()
    await client.subscribe(channel)
    const both = [pusher, connectTo(subscribing)]
    const options = { idempotencyKey: makeName() }
    for (const one of both) t.strictEqual((await one.trigger(channel, "one-after-the-other", "x", options)).status, 200)
    const sameTime = { idempotencyKey: makeName() }
    const responses = await Promise.all(both.map((one) => one.trigger(channel, "at-the-same-time", "x", sameTime)))
    for (const { status } of responses) t.strictEqual(status, 200)
    const expected = ["one-after-the-other", "at-the-same-time"]
    t.deepEqual(await client.collectEvents(channel, expected), expected)
  })

  test("a server is killed while events are sent to it: retries carry on once it is back, and no event arrives twice", async (t) => {
    const client = await Client.connect(environment, pusher)
    const channel = makeName()
    await client.subscribe(channel)

    // sockudo keeps a key from when it takes a call until 2 minutes later. If it is killed before it has noted the answer, it refuses
    // whatever repeats the call (503, "in progress"), so these do not try for long.
    const impatient = connectTo(publishing, { retry: { attempts: 3, baseDelay: 50 } })
    let refused = 0
    const patient = connectTo(publishing, {
      retry: { attempts: 1_000, baseDelay: 50, maxDelay: 250, deadline: 100_000 },
      onRetry: () => refused++,
    })
    const accepted = []
    const failed = []
    let isDown = false
    let isOver = false
    let last = 0
    const publish = async () => {
      const number = ++last
      const isPatient = isDown
      try {
        const sender = isPatient ? patient : impatient
        await sender.trigger(channel, "event", { number }, { idempotencyKey: makeName() })
        accepted.push(number)
      } catch (error) {
        failed.push({ number, error, isPatient })
      }
    }
    const lanes = Array.from({ length: LANES }, async () => {
      while (!isOver) await publish()
    })

    await waitUntil(() => accepted.length >= 20)
    await kill(publishing)
    isDown = true
    const before = accepted.length
    // Calls have begun while nothing listens.
    await waitUntil(() => refused >= LANES)
    await restart(publishing)
    await waitUntil(() => accepted.length >= before + 20)
    isOver = true
    await Promise.all(lanes)

    for (const { number, error, isPatient } of failed) {
      t.true(error instanceof PusherRequestError, String(error))
      t.false(isPatient, `${number}: ${error}`)
      t.true(error.code === "network" || error.status === 503, `${number}: ${error}`)
    }
    for (const number of accepted) await client.find({ kind: "event", channel, event: "event", data: { number } })
    await client.settle(channel)
    const arrived = (await client.listEntries())
      .filter((one) => one.kind === "event" && one.channel === channel && one.event === "event")
      .map((one) => one.data.number)
    const doubled = arrived.filter((number, index) => arrived.indexOf(number) !== index)
    t.deepEqual(doubled, [], "arrived twice")
    const unknown = arrived.filter(
      (number) => !accepted.includes(number) && !failed.some((one) => one.number === number),
    )
    t.deepEqual(unknown, [])
  })

  test("the subscribers' server is killed: pusher-js connects again, and receives what is published from then on", async (t) => {
    const client = await Client.connect(environment, pusher)
    const channel = makeName()
    await client.subscribe(channel)
    await pusher.trigger(channel, "before", "x")
    await client.waitForEvent(channel, "before")
    await kill(subscribing)
    await client.find({ kind: "state", previous: "connected" })
    t.strictEqual((await pusher.trigger(channel, "meanwhile", "x")).status, 200, "the other server still answers")
    await restart(subscribing)
    await waitUntil(async () => {
      const entries = await client.listEntries()
      return entries.filter(({ event }) => event === "pusher:subscription_succeeded").length === 2
    })
    await pusher.trigger(channel, "after", { text: "\u00e9" })
    t.deepEqual(await client.waitForEvent(channel, "after"), { text: "\u00e9" })
    t.deepEqual(await client.listEvents(channel), ["before", "after"])
  })
}
