// Sizes near the limits and lists that lie about theirs: an answer, or an error that says which limit, before anything is made of them.
// Sources: "two parameters of 2²⁵ three-byte characters", "`triggerBatch(new Array(2 ** 32 - 2))`" and "32 000 query parameters" in found.md.
import { docs } from "../support.mjs"
import { hmac, keepRequests, readRequest } from "./host.mjs"
import { codeOrResult, fixedOptions, oldClient, wordsOf, wrongAnswers } from "./known-answers.mjs"

/** The longest string that is taken, in UTF-16 code units. */
const longest = 2 ** 25
/** A few more than the most channels and events of one call. */
const mostReads = 200

/** The code of what a call throws or rejects with; what it gives, if it does neither. */
const codeOf = async (call) => {
  try {
    return await call()
  } catch (error) {
    return error?.code ?? wordsOf(error)
  }
}

export default ({ test }, { default: Pusher, PusherValidationError }, { isThorough }) => {
  /** A case that takes a second, and depends on nothing but the runtime: left out where the suite runs once more, in a place. */
  const testOnce = isThorough ? test : () => {}
  const old = oldClient(Pusher)
  const client = (options) => {
    const { requests, fetch } = keepRequests()
    return { requests, pusher: new Pusher({ ...docs, now: () => 1353088179000, fetch, ...options }) }
  }
  const whole = async (t) => t.deepEqual(await wrongAnswers(Pusher, old), [])

  testOnce("parameters that are within the limit only until they are encoded are refused", async (t) => {
    const { pusher } = client()
    // One string, to keep within the memory that Workers have: each character becomes nine.
    const long = "\u20ac".repeat(longest)
    for (const count of [2, 8]) {
      const params = Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, long]))
      // Not the query string itself, which would be too long to be told.
      const outcome = codeOrResult(() => pusher.createSignedQueryString({ method: "GET", path: "/", params }).length)
      t.strictEqual(outcome, "invalid_argument", `${count} parameters`)
      await whole(t)
    }
  })

  test("lists that are far too long are refused by their length", async (t) => {
    const { pusher, requests } = client()
    for (const length of [101, 1e6, 5e7, 2 ** 32 - 2, 2 ** 32 - 1]) {
      t.strictEqual(
        await codeOf(() => pusher.trigger(new Array(length), "event", {})),
        "too_many_channels",
        `${length}`,
      )
      t.strictEqual(await codeOf(() => pusher.triggerBatch(new Array(length))), "invalid_batch", `${length}`)
    }
    t.deepEqual(requests, [])
    await whole(t)
  })

  test("of lists that are too long, no more is read than it takes to know", async (t) => {
    const { pusher, requests } = client()
    const counting = (target) => {
      const counted = { reads: 0 }
      const list = new Proxy(target, {
        get(target, name, receiver) {
          counted.reads++
          return Reflect.get(target, name, receiver)
        },
      })
      return { counted, list }
    }
    const length = 100_000
    const channels = counting(new Array(length).fill("a"))
    t.strictEqual(await codeOf(() => pusher.trigger(channels.list, "event", {})), "too_many_channels")
    t.true(channels.counted.reads <= mostReads, `${channels.counted.reads} members of the channels were read`)
    const events = counting(new Array(length).fill({ channel: "a", name: "event", data: "x" }))
    t.strictEqual(await codeOf(() => pusher.triggerBatch(events.list)), "invalid_batch")
    t.true(events.counted.reads <= mostReads, `${events.counted.reads} members of the batch were read`)
    t.deepEqual(requests, [])
  })
  /** A list whose `length` is one of these after the other, the last one ever after; it ends what reads on and on. */
  const lying = (items, ...lengths) => {
    let [reads, told] = [0, 0]
    return new Proxy(items, {
      get(target, name, receiver) {
        if (++reads > 10_000) throw new Error("read on and on")
        if (name !== "length") return Reflect.get(target, name, receiver)
        return lengths[Math.min(told++, lengths.length - 1)]
      },
    })
  }
  const lies = [
    ...[-1, 0, 0.5, 2.5, NaN, Infinity, 2 ** 32, 2 ** 53, "2", "x", null, undefined, true, 2n, Symbol("2"), {}].map(
      (length) => [length],
    ),
    [1, 150],
    [150, 1],
    [1, 2, 150, 1],
    [0, 1],
    [2, Infinity],
  ]

  test("lists that lie about their length send no more than the limit, and nothing that is not in them", async (t) => {
    for (const lengths of lies) {
      const { pusher, requests } = client()
      const what = `a length of ${lengths.map(String).join(", then ")}`
      const names = Array.from({ length: 150 }, (_, index) => `channel-${index}`)
      const events = names.map((channel) => ({ channel, name: "event", data: "x" }))
      for (const call of [
        () => pusher.trigger(lying(names, ...lengths), "event", "x"),
        () => pusher.triggerBatch(lying(events, ...lengths)),
      ]) {
        let failure
        try {
          await call()
        } catch (error) {
          failure = error
        }
        t.notStrictEqual(failure?.message, "read on and on", what)
        const sent = requests.splice(0).map(({ body }) => JSON.parse(body))
        t.strictEqual(sent.length, failure ? 0 : 1, `${what}: an error, or one request`)
        for (const { channels, batch } of sent) {
          const told = channels ?? batch.map(({ channel }) => channel)
          t.deepEqual(told, names.slice(0, told.length), what)
          t.true(told.length > 0 && told.length <= (channels ? 100 : 10), `${what}: ${told.length} were sent`)
        }
      }
    }
    await whole(t)
  })

  test("whatever a list or an event says when it is asked again, nothing goes to an encrypted channel unencrypted", async (t) => {
    const encrypted = "private-encrypted-a"
    /** Reads as one value after the other. */
    const changing = (...values) => ({
      get: () => (values.length > 1 ? values.shift() : values[0]),
      enumerable: true,
    })
    const changingList = (...values) => Object.defineProperty(["a"], 0, changing(...values))
    const changingEvent = (...values) =>
      Object.defineProperty({ name: "event", data: "plain" }, "channel", changing(...values))
    for (const [what, call] of Object.entries({
      "one channel, then two": ({ pusher }) => pusher.trigger(lying([encrypted, "b"], 1, 2), "event", "plain"),
      "two channels, then one": ({ pusher }) => pusher.trigger(lying([encrypted, "b"], 2, 2, 1), "event", "plain"),
      "another channel, then an encrypted one": ({ pusher }) =>
        pusher.trigger(changingList("a", encrypted), "event", "plain"),
      "an encrypted channel, then another": ({ pusher }) =>
        pusher.trigger(changingList(encrypted, "a", encrypted), "event", "plain"),
      "an event's channel, then an encrypted one": ({ pusher }) => pusher.triggerBatch([changingEvent("a", encrypted)]),
      "an event's encrypted channel, then another": ({ pusher }) =>
        pusher.triggerBatch([changingEvent(encrypted, "a", encrypted)]),
    })) {
      const world = client({ encryptionMasterKeyBase64: fixedOptions.encryptionMasterKeyBase64 })
      try {
        await call(world)
      } catch (error) {
        t.true(error instanceof PusherValidationError, `${what}: ${error}`)
      }
      for (const { body } of world.requests) {
        const { channels, data, batch } = JSON.parse(body)
        for (const event of batch ?? [{ channels, data }]) {
          const isEncrypted = (event.channels ?? [event.channel]).includes(encrypted)
          t.deepEqual({ isEncrypted, isPlain: event.data === "plain" }, { isEncrypted, isPlain: !isEncrypted }, what)
        }
      }
    }
  })

  test("32 000 parameters are sorted and signed", async (t) => {
    const count = 32_000
    // Not in order: 7919 is prime, so that each index comes once.
    const params = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`p${(index * 7919) % count}`, index]),
    )
    const query = client().pusher.createSignedQueryString({ method: "GET", path: "/apps/3/channels", params })
    t.strictEqual(Object.keys(params).length, count)
    const { isSigned, params: signed } = await readRequest({
      method: "GET",
      url: `https://localhost/apps/3/channels?${query}`,
    })
    t.true(isSigned)
    t.strictEqual(Object.keys(signed).length, count)
    await whole(t)
  })

  testOnce("the longest strings are taken, and longer ones refused", async (t) => {
    const long = "x".repeat(longest)
    const token = new Pusher.Token(docs.key, docs.secret)
    const signature = token.sign(long)
    t.strictEqual(signature, await hmac(docs.secret, long))
    t.true(token.verify(long, signature))
    const longer = `${long}x`
    const { pusher, requests } = client()
    const refused = {
      sign: await codeOf(() => token.sign(longer)),
      verify: await codeOf(() => token.verify(longer, signature)),
      data: await codeOf(() => pusher.trigger("a", "event", longer)),
      webhook: await codeOf(() => pusher.webhook({ headers: {}, rawBody: longer }).isValid()),
      body: await codeOf(() => pusher.post({ path: "/events", body: longer })),
      channel: await codeOf(() => pusher.authorizeChannel("1.1", longer)),
      secret: await codeOf(() => new Pusher.Token("key", longer)),
    }
    t.deepEqual(refused, {
      sign: "invalid_argument",
      verify: false,
      data: "invalid_data",
      webhook: false,
      body: "invalid_data",
      channel: "invalid_channel",
      secret: "invalid_argument",
    })
    t.deepEqual(requests, [])
    token.free()
    await whole(t)
  })
}
