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
  /** Waits until it is so, for a minute. */
  const waitUntil = async (isSo) => {
    for (let attempt = 0; !(await isSo()); attempt++) {
      if (attempt === 3_000) throw new Error(`never true: ${isSo}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  test("publishes once when a call is retried at another server with its idempotency key", async (t) => {
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

    let killed
    /** Loses the answer, together with the server. So there is an event that arrived although its caller does not know. */
    const loseAnswer = async (response) => {
      await response.arrayBuffer()
      killed ??= kill(publishing).then(() => {
        sender = lasting
      })
      await killed
      throw new TypeError("the answer was lost")
    }
    // Gives up while the server is down.
    const brief = connectTo(publishing, {
      retry: { attempts: 2, baseDelay: 0 },
      async fetch(url, init) {
        const response = await globalThis.fetch(url, init)
        return accepted.length < 20 ? response : loseAnswer(response)
      },
    })
    let refused = 0
    const lasting = connectTo(publishing, {
      retry: { attempts: 1_000, baseDelay: 50, maxDelay: 250, deadline: 100_000 },
      onRetry: () => refused++,
    })
    const accepted = []
    const interrupted = []
    let sender = brief
    let last = 0
    let isOver = false
    const publish = async () => {
      const number = ++last
      const args = [channel, "event", { number }, { idempotencyKey: makeName() }]
      const isBrief = sender === brief
      try {
        await sender.trigger(...args)
        accepted.push(number)
      } catch (error) {
        if (!isBrief) throw error
        interrupted.push({ number, args, error })
      }
    }
    const lanes = Array.from({ length: LANES }, async () => {
      while (!isOver) await publish()
    })
    const done = Promise.all(lanes)
    const waitFor = (isSo) => Promise.race([done, waitUntil(isSo)])

    try {
      // Calls have begun while nothing listens.
      await waitFor(() => refused >= LANES)
      const before = accepted.length
      await restart(publishing)
      await waitFor(() => accepted.length >= before + 20)
    } finally {
      isOver = true
    }
    await done

    t.true(interrupted.length > 0)
    // A call that was interrupted may be retried with its key, also at the other server. For 2 minutes, sockudo refuses one of which it knows
    // the key and not the answer: the server was killed in between.
    const other = connectTo(subscribing, { retry: false })
    for (const { number, args, error } of interrupted) {
      t.true(error instanceof PusherRequestError, String(error))
      t.strictEqual(error.code, "network", String(error))
      const result = await other.trigger(...args).catch((error) => error)
      if (result.status === 200) accepted.push(number)
      else t.true(result.status === 503 && /in progress/.test(result.body), String(result))
    }

    for (const number of accepted) await client.find({ kind: "event", channel, event: "event", data: { number } })
    await client.settle(channel)
    const arrived = (await client.listEntries())
      .filter((one) => one.kind === "event" && one.channel === channel && one.event === "event")
      .map((one) => one.data.number)
    t.deepEqual(
      arrived.filter((number, index) => arrived.indexOf(number) !== index),
      [],
      "none twice",
    )
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
