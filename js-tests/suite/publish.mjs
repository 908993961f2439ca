// `publish`: any number of events from any source, in the fewest requests, and a report of what became of each.
import { docs, makeThrowingProxy, masterKey, pick, record, rejectionOf, thrownBy } from "./support.mjs"

export default ({ test, module }, { default: Pusher, PusherRequestError, PusherValidationError }) => {
  const numbered = (count, event = {}) =>
    Array.from({ length: count }, (_, index) => ({
      channel: `c${index}`,
      name: "event",
      data: String(index),
      ...event,
    }))
  const namesOf = (count, prefix = "c") => Array.from({ length: count }, (_, index) => `${prefix}${index}`)

  /** Makes a client, and lists of what its requests held: `[channel, data]` of each event. */
  const recordPublished = (options, answer) => {
    const { calls, pusher } = record(
      Pusher,
      { retry: { baseDelay: 0 }, encryptionMasterKeyBase64: masterKey, ...options },
      answer,
    )
    const listOf = ({ body }) =>
      body.batch
        ? body.batch.map(({ channel, data }) => [channel, data])
        : body.channels.map((channel) => [channel, body.data])
    return { calls, pusher, requests: () => calls.map(listOf), sent: () => calls.flatMap(listOf) }
  }
  const briefly = (report) => ({
    ...report,
    failed: report.failed.map(({ index, error }) => [index, error.code ?? String(error)]),
  })

  async function* asynchronously(events) {
    for (const event of events) {
      await null
      yield event
    }
  }
  function* lazily(events) {
    yield* events
  }
  const streamOf = (events) => {
    const iterator = events[Symbol.iterator]()
    return new ReadableStream({
      pull(controller) {
        const { done, value } = iterator.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
    })
  }

  module("sources", () => {
    for (const [name, make] of Object.entries({
      "a list": (events) => events,
      "a set": (events) => new Set(events),
      "a generator": lazily,
      "an asynchronous generator": asynchronously,
      "a ReadableStream": streamOf,
      "an iterator with `next` alone": (events) => {
        const iterator = events[Symbol.iterator]()
        return { [Symbol.iterator]: () => ({ next: () => iterator.next() }) }
      },
      "an iterator whose `next` gives promises": (events) => {
        const iterator = events[Symbol.iterator]()
        return { [Symbol.iterator]: () => ({ next: async () => iterator.next() }) }
      },
    })) {
      test(`publishes ${name} in order`, async (t) => {
        const { pusher, sent } = recordPublished()
        const report = await pusher.publish(make(numbered(95)))
        t.deepEqual(report, { published: 95, requests: 10, failed: [] })
        t.deepEqual(
          sent(),
          numbered(95).map(({ channel, data }) => [channel, data]),
        )
      })
    }

    test("publishes nothing of an empty source", async (t) => {
      const { calls, pusher } = recordPublished()
      for (const source of [[], new Set(), lazily([]), asynchronously([]), streamOf([])]) {
        t.deepEqual(await pusher.publish(source), { published: 0, requests: 0, failed: [] })
      }
      t.strictEqual(calls.length, 0)
    })

    test("pulls no faster than requests go out", async (t) => {
      let pulled = 0
      function* count() {
        for (const event of numbered(2_000)) {
          pulled++
          yield event
        }
      }
      let most = 0
      const { calls, pusher } = recordPublished({}, () => {
        most = Math.max(most, pulled - 10 * calls.length)
        return new Response("{}")
      })
      t.strictEqual((await pusher.publish(count())).published, 2_000)
      t.true(most <= 40, String(most))
    })

    test("refuses what is no source of events, at once", (t) => {
      const { pusher } = recordPublished()
      for (const source of [undefined, null, "events", "", 5, true, {}, () => {}, Symbol("events"), new Date(0)]) {
        const error = thrownBy(() => pusher.publish(source))
        t.true(error instanceof PusherValidationError, String(error))
        t.deepEqual(pick(error, "code", "field"), { code: "invalid_argument", field: "events" })
      }
    })

    test("refuses a stream that something else reads", async (t) => {
      const { pusher, calls } = recordPublished()
      const stream = streamOf(numbered(3))
      const reader = stream.getReader()
      const error = thrownBy(() => pusher.publish(stream))
      t.true(error instanceof PusherValidationError, String(error))
      t.deepEqual(pick(error, "code", "field", "message"), {
        code: "invalid_argument",
        field: "events",
        message: "Invalid events: the stream is locked, something else reads it",
      })
      t.deepEqual(calls, [])
      // It was left as it is.
      t.deepEqual((await reader.read()).value, numbered(3)[0])
    })

    test("reports a source that throws, and publishes what came before", async (t) => {
      const broken = new Error("broken")
      function* failing() {
        yield* numbered(15)
        throw broken
      }
      for (const make of [
        failing,
        async function* failLater() {
          yield* numbered(15)
          throw broken
        },
      ]) {
        const { pusher, sent } = recordPublished()
        const report = await pusher.publish(make())
        t.deepEqual(pick(report, "published", "requests"), { published: 15, requests: 2 })
        t.deepEqual(report.failed, [{ index: 15, event: undefined, error: broken }])
        t.strictEqual(sent().length, 15)
      }
    })
  })

  module("sources that misbehave", () => {
    test("cannot make it reject by how they end", async (t) => {
      const failure = new Error("on return")
      const hostile = {
        "throws in `finally`": () =>
          (function* () {
            try {
              yield* numbered(100)
            } finally {
              // biome-ignore lint/correctness/noUnsafeFinally: as it is found in programs
              throw failure
            }
          })(),
        "has a `return` that throws": () => ({
          [Symbol.iterator]: () => {
            const iterator = numbered(100)[Symbol.iterator]()
            return {
              next: () => iterator.next(),
              get return() {
                throw failure
              },
            }
          },
        }),
        "has a `return` that rejects": () => ({
          [Symbol.asyncIterator]: () => {
            const iterator = numbered(100)[Symbol.iterator]()
            return { next: async () => iterator.next(), return: () => Promise.reject(failure) }
          },
        }),
      }
      for (const [name, make] of Object.entries(hostile)) {
        const { pusher } = recordPublished({}, () => new Response("no", { status: 403 }))
        const report = await pusher.publish(make(), { stopOnError: true })
        t.strictEqual(report.published, 0, name)
        t.true(report.failed.length >= 10, name)
      }
    })

    test("cannot make it reject by a signal", async (t) => {
      const { pusher } = recordPublished()
      const fail = () => {
        throw new Error("signal")
      }
      const report = await pusher.publish(numbered(3), {
        signal: {
          aborted: false,
          addEventListener() {},
          get removeEventListener() {
            return fail()
          },
        },
      })
      t.strictEqual(report.published, 3)
    })

    test("whose `next` gives no object end there, and are named", async (t) => {
      for (const result of [5, undefined, null, "done"]) {
        const { pusher } = recordPublished()
        let count = 0
        const source = { [Symbol.iterator]: () => ({ next: () => (count++ < 2 ? { value: numbered(1)[0] } : result) }) }
        const report = await pusher.publish(source)
        t.deepEqual(briefly(report), { published: 2, requests: 1, failed: [[2, "invalid_argument"]] })
      }
    })

    test("of bad events without end can be ended, and leave the host its turns", async (t) => {
      const controller = new AbortController()
      const { pusher, calls } = recordPublished()
      function* endless() {
        for (;;) yield { channel: "a" }
      }
      // By a timer: it has no turn while only promises are waited for.
      setTimeout(() => controller.abort(), 0)
      const { failed, published } = await pusher.publish(endless(), { signal: controller.signal })
      t.strictEqual(published, 0)
      t.true(failed.length >= 500)
      t.deepEqual(calls, [])
    })

    test("name in the report whatever they gave, however it ends", async (t) => {
      for (const concurrency of [1, 3, 7]) {
        for (const endAfter of [0, 1, 2, 5]) {
          let given = 0
          const controller = new AbortController()
          const source = {
            async *[Symbol.asyncIterator]() {
              for (; given < 500; ) {
                given++
                yield { channel: `c${given}`, name: "event" }
              }
            },
          }
          const { pusher } = recordPublished({}, (count) => {
            if (count > endAfter) controller.abort()
            return new Response("{}")
          })
          const report = await pusher.publish(source, { concurrency, signal: controller.signal })
          t.strictEqual(report.published + report.failed.length, given, `${concurrency}, ${endAfter}`)
          t.deepEqual(
            report.failed.map(({ index }) => index),
            report.failed.map((_, at) => report.failed[0].index + at),
          )
        }
      }
      // Ended in `next` itself.
      const controller = new AbortController()
      let given = 0
      function* source() {
        for (const event of numbered(50)) {
          if (given++ === 15) controller.abort()
          yield event
        }
      }
      const report = await recordPublished().pusher.publish(source(), { signal: controller.signal })
      t.strictEqual(report.published + report.failed.length, given)
    })
  })

  module("large events", () => {
    test("with very many encrypted channels are sent whole", async (t) => {
      const { pusher, requests } = recordPublished({ maxBatchEvents: 1_000 })
      const count = 5_000
      const report = await pusher.publish([
        { channels: namesOf(count, "private-encrypted-"), name: "event", data: 1 },
        ...numbered(3),
      ])
      t.deepEqual(pick(report, "published", "failed"), { published: 4, failed: [] })
      t.strictEqual(requests().flat().length, count + 3)
    })

    test("with very many channels are sent in order, and the last few share a batch with other events", async (t) => {
      const { pusher, requests } = recordPublished()
      const channels = namesOf(20_004)
      const report = await pusher.publish([
        { channels, name: "event", data: "0" },
        ...numbered(6),
        { channel: "c0", name: "last" },
      ])
      t.deepEqual(report, { published: 8, requests: 202, failed: [] })
      t.deepEqual(
        requests()
          .slice(0, 200)
          .flat()
          .map(([channel]) => channel),
        channels.slice(0, 20_000),
      )
    })

    test("fail before any of their channels is reached, where that can be known", async (t) => {
      const plain = namesOf(20)
      const encrypted = "private-encrypted-a"
      for (const [event, options, code] of [
        // Sealed, the data is a third larger.
        [{ channels: [...plain, encrypted], data: "x".repeat(9_000) }, {}, "payload_too_large"],
        [{ channels: [...plain, encrypted], data: 1 }, { encryptionMasterKeyBase64: undefined }, "missing_option"],
        [{ channels: [...namesOf(150), "not valid"], data: 1 }, {}, "invalid_channel"],
        [{ channels: [...namesOf(150), encrypted], data: 1, socket_id: "x" }, {}, "invalid_socket_id"],
      ]) {
        const { pusher, calls } = recordPublished(options)
        const report = await pusher.publish([{ name: "event", ...event }])
        t.deepEqual(briefly(report), { published: 0, requests: 0, failed: [[0, code]] })
        t.deepEqual(calls, [])
      }
    })

    test("are serialised once, whatever `toJSON` gives the next time", async (t) => {
      const { pusher, calls } = recordPublished()
      let count = 0
      const data = { toJSON: () => ++count }
      const channels = namesOf(3, "private-encrypted-")
      await pusher.publish([{ channels, name: "event", data }])
      const sealed = calls.flatMap(({ body }) => body.batch)
      t.deepEqual(
        sealed.map(({ channel, data }) => pusher.decrypt(channel, data)),
        [1, 1, 1],
      )
      t.strictEqual(new Set(sealed.map(({ data }) => JSON.parse(data).nonce)).size, 3)
    })
  })

  module("packing", () => {
    test("sends to any number of channels", async (t) => {
      const { pusher, requests } = recordPublished()
      const channels = namesOf(257)
      const report = await pusher.publish([{ channels, name: "event", data: { a: 1 } }])
      t.deepEqual(report, { published: 1, requests: 3, failed: [] })
      t.deepEqual(
        requests().map((entries) => entries.length),
        [100, 100, 57],
      )
      t.deepEqual(
        requests().flat(),
        channels.map((channel) => [channel, '{"a":1}']),
      )
    })

    test("shares a batch between events with a few channels", async (t) => {
      const { calls, pusher } = recordPublished()
      const report = await pusher.publish([
        { channels: namesOf(4, "a"), name: "first", data: 1 },
        { channel: "b", name: "second", data: 2, socket_id: "1.2", info: ["user_count"] },
        { channels: "c", name: "third" },
      ])
      t.deepEqual(report, { published: 3, requests: 1, failed: [] })
      t.deepEqual(calls[0].body.batch, [
        ...namesOf(4, "a").map((channel) => ({ channel, name: "first", data: "1" })),
        { channel: "b", name: "second", data: "2", socket_id: "1.2", info: "user_count" },
        { channel: "c", name: "third", data: "null" },
      ])
    })

    test("sends one event alone as a trigger", async (t) => {
      const { calls, pusher } = recordPublished()
      await pusher.publish([{ channel: "a", name: "event", data: "x" }])
      t.true(calls[0].url.pathname.endsWith("/events"))
      t.deepEqual(calls[0].body, { name: "event", data: "x", channels: ["a"] })
    })

    test("sends to each channel once, however often it is named", async (t) => {
      const { pusher, sent } = recordPublished()
      await pusher.publish([{ channels: ["a", "b", "a"], channel: "b", name: "event", data: "x" }])
      t.deepEqual(sent(), [
        ["a", "x"],
        ["b", "x"],
      ])
    })

    test("seals an event for each encrypted channel by itself", async (t) => {
      const { pusher, sent } = recordPublished()
      const channels = ["plain", "private-encrypted-a", "private-encrypted-b"]
      const data = { secret: "tofu" }
      const report = await pusher.publish([{ channels, name: "event", data }])
      t.deepEqual(report, { published: 1, requests: 1, failed: [] })
      const byChannel = new Map(sent())
      t.strictEqual(byChannel.get("plain"), JSON.stringify(data))
      for (const channel of channels.slice(1)) {
        t.deepEqual(pusher.decrypt(channel, byChannel.get(channel)), data)
      }
      t.notStrictEqual(byChannel.get(channels[1]), byChannel.get(channels[2]))
    })

    test("reaches a signed-in user, also beside channels", async (t) => {
      const { pusher, sent } = recordPublished()
      const report = await pusher.publish([
        { userId: "u 1/\u00e9", name: "event", data: "x" },
        { userId: "2", channel: "a", name: "event", data: "y" },
      ])
      t.deepEqual(report, { published: 2, requests: 1, failed: [] })
      t.deepEqual(sent().sort(), [
        ["#server-to-user-2", "y"],
        ["#server-to-user-u 1/\u00e9", "x"],
        ["a", "y"],
      ])
    })

    test("keeps the order of events on a channel, whatever is between them", async (t) => {
      const { pusher, sent } = recordPublished({ maxChannels: 5, maxBatchEvents: 3 })
      const events = []
      for (let index = 0; index < 300; index++) {
        const count = 1 + ((index * 7) % 8)
        const channels = Array.from({ length: count }, (_, at) => `c${(index * 3 + at) % 9}`)
        events.push({ channels, name: "event", data: String(index) })
      }
      const report = await pusher.publish(events)
      t.strictEqual(report.published, 300)
      const expected = events.flatMap(({ channels, data }) => channels.map((channel) => [channel, data]))
      const onChannel = (list, channel) => list.filter(([other]) => other === channel).map(([, data]) => data)
      for (const channel of namesOf(9)) {
        t.deepEqual(onChannel(sent(), channel), onChannel(expected, channel), channel)
      }
      t.strictEqual(sent().length, expected.length)
    })

    test("keeps to the limits that the client is configured with", async (t) => {
      const { pusher, requests } = recordPublished({ maxChannels: 3, maxBatchEvents: 2 })
      await pusher.publish([{ channels: namesOf(8), name: "event", data: "x" }, ...numbered(5)])
      t.true(requests().every((entries) => entries.length <= 3))
      const larger = recordPublished({ maxBatchEvents: 50 })
      t.strictEqual((await larger.pusher.publish(numbered(120))).requests, 3)
    })

    test("keeps each body within `maxRequestBytes`", async (t) => {
      const bytesOf = ({ init }) => new TextEncoder().encode(init.body).length
      for (const data of ["x".repeat(300), "\u00e9".repeat(150), '"'.repeat(150)]) {
        for (const channel of ["a", "private-encrypted-a"]) {
          const { calls, pusher } = recordPublished()
          const report = await pusher.publish(numbered(20, { channel, data }), { maxRequestBytes: 2_000 })
          t.strictEqual(report.published, 20)
          t.true(calls.every((call) => bytesOf(call) <= 2_000))
          t.true(calls.length < 20, "several fit")
        }
      }
      const { calls, pusher } = recordPublished({ host: "localhost" })
      const report = await pusher.publish([{ channel: "a", name: "event", data: "x".repeat(3_000) }, ...numbered(2)], {
        maxRequestBytes: 2_000,
      })
      t.deepEqual(briefly(report), { published: 2, requests: 1, failed: [[0, "payload_too_large"]] })
      t.strictEqual(calls.length, 1)
    })
  })

  module("the report", () => {
    test("names each event that is not valid, and publishes all others", async (t) => {
      const { pusher, sent } = recordPublished({ encryptionMasterKeyBase64: undefined })
      const cyclic = {}
      cyclic.self = cyclic
      const wrong = [
        [undefined, "invalid_argument"],
        [null, "invalid_argument"],
        [5, "invalid_argument"],
        ["event", "invalid_argument"],
        [{}, "invalid_channel"],
        [{ name: "event", data: "x" }, "invalid_channel"],
        [{ channels: [], name: "event" }, "invalid_channel"],
        [{ channel: "a b", name: "event" }, "invalid_channel"],
        [{ channel: "#server-to-user-1", name: "event" }, "invalid_channel"],
        [{ channels: ["a", 5], name: "event" }, "invalid_channel"],
        [{ channels: ["a", "b c"], name: "event" }, "invalid_channel"],
        [{ userId: "", name: "event" }, "invalid_user_id"],
        [{ userId: 5, name: "event" }, "invalid_user_id"],
        [{ channel: "a" }, "invalid_event"],
        [{ channel: "a", name: "x".repeat(201) }, "invalid_event"],
        [{ channel: "a", name: "event", data: cyclic }, "invalid_data"],
        [{ channel: "a", name: "event", data: 5n }, "invalid_data"],
        [{ channel: "a", name: "event", data: "x".repeat(10_241) }, "payload_too_large"],
        [{ channel: "private-encrypted-a", name: "event", data: "x" }, "missing_option"],
        [{ channel: "a", name: "event", socket_id: "1" }, "invalid_socket_id"],
        [{ chanel: "a", name: "event" }, "invalid_argument"],
        [makeThrowingProxy(), "Error: ownKeys"],
      ]
      const events = wrong.flatMap(([event], index) => [event, { channel: `good${index}`, name: "event", data: "x" }])
      const report = await pusher.publish(events)
      t.strictEqual(report.published, wrong.length)
      t.deepEqual(
        briefly(report).failed,
        wrong.map(([, code], index) => [2 * index, code]),
      )
      t.deepEqual(
        sent().map(([channel]) => channel),
        namesOf(wrong.length, "good"),
      )
      for (const { event, error, index } of report.failed) {
        t.strictEqual(event, events[index])
        t.false(String(error.message).includes("of the batch"), error.message)
        t.strictEqual(error.index, undefined)
      }
    })

    test("names the events of a request that failed", async (t) => {
      const { pusher } = recordPublished({}, (count) => new Response("no", { status: count === 2 ? 500 : 200 }))
      const report = await pusher.publish(numbered(25))
      t.deepEqual(pick(report, "published", "requests"), { published: 15, requests: 3 })
      t.deepEqual(
        report.failed.map(({ index }) => index),
        [10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
      )
      t.true(report.failed.every(({ error }) => error instanceof PusherRequestError && error.status === 500))
    })

    test("names an event once, though several of its requests failed", async (t) => {
      const { pusher } = recordPublished({}, () => new Response("no", { status: 500 }))
      const report = await pusher.publish([{ channels: namesOf(250), name: "event", data: "x" }])
      t.deepEqual(briefly(report), { published: 0, requests: 3, failed: [[0, "http"]] })
    })

    test("sends a batch that the server refuses one by one, so that one bad event fails alone", async (t) => {
      for (const status of [400, 413, 422]) {
        const { pusher } = record(Pusher, {}, () => new Response("{}"))
        let count = 0
        const fetch = async (_url, { body }) => {
          count++
          return new Response("no", { status: body.includes("bad") ? status : 200 })
        }
        const picky = new Pusher({ ...docs, fetch })
        const events = numbered(10)
        events[4].data = "bad"
        const report = await picky.publish(events)
        t.deepEqual(pick(report, "published", "requests"), { published: 9, requests: 11 })
        t.deepEqual(
          report.failed.map(({ index }) => index),
          [4],
        )
        t.strictEqual(count, 11)
        t.true(pusher !== picky)
      }
    })

    test("retries what is safe to retry, and sends with the retry options given", async (t) => {
      const answer = (count) => new Response("", { status: count % 2 ? 429 : 200 })
      const { calls, pusher } = recordPublished({}, answer)
      t.deepEqual(await pusher.publish(numbered(20)), { published: 20, requests: 2, failed: [] })
      t.strictEqual(calls.length, 4)
      const once = recordPublished({}, answer)
      t.strictEqual((await once.pusher.publish(numbered(20), { retry: false })).published, 10)
      const keyed = recordPublished({}, () => new Response("", { status: 500 }))
      await keyed.pusher.publish(numbered(20), { idempotencyKeys: true })
      const keys = keyed.calls.map(({ init }) => init.headers["x-idempotency-key"])
      t.strictEqual(keys.length, 6)
      t.strictEqual(new Set(keys).size, 2)
    })

    test("goes through a replaced `post`", async (t) => {
      const { calls, pusher } = recordPublished()
      const posts = []
      pusher.post = async (options) => {
        posts.push(options)
        if (posts.length === 2) throw new Error("a double's own")
        return new Response("{}")
      }
      const report = await pusher.publish(numbered(25))
      t.strictEqual(report.published, 15)
      t.strictEqual(report.failed[0].error.message, "a double's own")
      t.deepEqual(
        posts.map(({ path }) => path),
        ["/batch_events", "/batch_events", "/batch_events"],
      )
      t.strictEqual(calls.length, 0)
    })

    test("names an event whatever is thrown for it", async (t) => {
      for (const thrown of [undefined, null, 0, "", new Error("thrown")]) {
        const { pusher } = recordPublished()
        pusher.post = () => Promise.reject(thrown)
        const report = await pusher.publish(numbered(2))
        t.deepEqual(pick(report, "published", "requests"), { published: 0, requests: 1 })
        t.true(report.failed.length === 2 && report.failed.every(({ error }) => error === thrown))
        const source = {
          next: () => {
            throw thrown
          },
        }
        const broken = await pusher.publish({ [Symbol.iterator]: () => source })
        t.strictEqual(broken.published, 0)
        t.true(broken.failed.length === 1 && broken.failed[0].error === thrown)
      }
    })

    test("is told of while it goes on", async (t) => {
      const seen = []
      const { pusher } = recordPublished({}, (count) => new Response("", { status: count === 2 ? 500 : 200 }))
      await pusher.publish([{}, ...numbered(15)], { onProgress: (progress) => seen.push(progress) })
      t.deepEqual(seen, [
        { published: 10, failed: 1, requests: 1 },
        { published: 10, failed: 6, requests: 2 },
      ])
      const onProgress = () => {
        throw new Error("hook")
      }
      t.strictEqual((await pusher.publish(numbered(5), { onProgress })).published, 5)
    })

    test("tells missing credentials at once", (t) => {
      for (const name of ["appId", "key", "secret"]) {
        const pusher = new Pusher({ ...docs, [name]: undefined })
        const error = thrownBy(() => pusher.publish(numbered(1)))
        t.deepEqual(pick(error, "code", "field"), { code: "missing_option", field: name })
      }
    })
  })

  module("options", () => {
    test("`concurrency` is the most requests at a time", async (t) => {
      for (const concurrency of [1, 2, 5, Infinity]) {
        let [now, most] = [0, 0]
        const fetch = async () => {
          now++
          most = Math.max(most, now)
          // A task of its own: until then, all that can go out has gone out.
          await new Promise((resolve) => setTimeout(resolve))
          now--
          return new Response("{}")
        }
        const report = await new Pusher({ ...docs, fetch }).publish(numbered(400), { concurrency })
        t.strictEqual(report.published, 400)
        t.true(most <= concurrency && (concurrency === 1 || most > 1), `${most} of ${concurrency}`)
      }
    })

    test("`stopOnError` ends with the first failure, and names what was not sent", async (t) => {
      const { calls, pusher } = recordPublished({}, (count) => new Response("", { status: count === 2 ? 500 : 200 }))
      let isClosed = false
      function* source() {
        try {
          yield* numbered(10_000)
        } finally {
          isClosed = true
        }
      }
      const report = await pusher.publish(source(), { stopOnError: true })
      t.strictEqual(calls.length, 2)
      t.strictEqual(report.published, 10)
      t.true(report.failed.length >= 10 && report.failed.length <= 50, String(report.failed.length))
      const [failed, unsent] = [report.failed.slice(0, 10), report.failed.slice(10)]
      t.true(failed.every(({ error }) => error.status === 500))
      t.true(unsent.every(({ error }) => error.code === "aborted" && error.error.status === 500))
      t.true(isClosed)
      const invalid = await pusher.publish([{}, ...numbered(2)], { stopOnError: true })
      t.deepEqual(briefly(invalid), {
        published: 0,
        requests: 0,
        failed: [
          [0, "invalid_channel"],
          [1, "aborted"],
          [2, "aborted"],
        ],
      })
    })

    test("must be of the right types", (t) => {
      const { pusher } = recordPublished()
      for (const [name, values] of Object.entries({
        concurrency: [0, -1, 1.5, NaN, "2", {}, true],
        maxRequestBytes: [0, -1, 1.5, NaN, "2", {}, true],
        onProgress: [1, "f", {}, true],
        stopOnError: [1, "yes", {}],
        idempotencyKeys: [1, "yes", {}],
        oversize: ["cut", 1, true, {}],
      })) {
        for (const value of values) {
          const error = thrownBy(() => pusher.publish([], { [name]: value }))
          t.true(error instanceof PusherValidationError, `${name}: ${value}`)
          t.strictEqual(error.field, name)
        }
      }
      t.strictEqual(
        thrownBy(() => pusher.publish([], { concurency: 2 })).message,
        "Unknown option 'concurency': did you mean 'concurrency'?",
      )
      t.strictEqual(thrownBy(() => pusher.publish([], 5)).field, "options")
    })
  })

  test("`stopOnError` ends also where a refused batch is sent one by one", async (t) => {
    const { pusher, calls } = recordPublished({}, (count) =>
      count === 1 || count === 4 ? new Response("no", { status: 400 }) : new Response("{}"),
    )
    const report = await pusher.publish(numbered(10), { stopOnError: true })
    t.deepEqual(briefly(report), {
      published: 2,
      requests: 4,
      failed: [[2, "http"], ...[3, 4, 5, 6, 7, 8, 9].map((index) => [index, "aborted"])],
    })
    t.strictEqual(calls.length, 4)
  })

  test("`idempotencyKeys` overrides the client's, and a single key is refused", async (t) => {
    for (const [own, given, expected] of [
      [true, undefined, true],
      [true, false, false],
      [false, true, true],
      [undefined, undefined, false],
    ]) {
      const { pusher, calls } = recordPublished({ idempotencyKeys: own })
      await pusher.publish(numbered(20), { idempotencyKeys: given })
      const keys = calls.map(({ init }) => init.headers["x-idempotency-key"])
      t.deepEqual(
        keys.map((key) => key !== undefined),
        [expected, expected],
      )
      if (expected) t.notStrictEqual(keys[0], keys[1])
    }
    const { pusher } = recordPublished()
    const error = thrownBy(() => pusher.publish([], { idempotencyKey: "key" }))
    t.deepEqual(pick(error, "code", "field"), { code: "invalid_argument", field: "idempotencyKey" })
  })

  test("reaches users of any id, and keeps within `maxRequestBytes` with them", async (t) => {
    const { pusher, calls } = recordPublished()
    const report = await pusher.publish([
      { userId: "a\ud800", name: "event" },
      { userId: null, channel: "a", name: "event" },
    ])
    t.deepEqual(pick(report, "published", "failed"), { published: 2, failed: [] })
    t.deepEqual(
      calls.flatMap(({ body }) => body.batch.map(({ channel }) => channel)),
      ["#server-to-user-a\ufffd", "a"],
    )
    const limited = recordPublished()
    const userIds = [1, 2, 3, 4, 5].map((digit) => String(digit) + '\u0001"'.repeat(100))
    const events = userIds.map((userId) => ({ userId, name: "event" }))
    t.strictEqual((await limited.pusher.publish(events, { maxRequestBytes: 2_500 })).published, 5)
    for (const { init } of limited.calls) t.true(init.body.length <= 2_500, `${init.body.length}`)
  })

  test("takes holes in a list of channels for channels that are no strings", async (t) => {
    const { pusher } = recordPublished()
    // biome-ignore lint/suspicious/noSparseArray: the case
    const report = await pusher.publish([{ channels: ["a", , "b"], name: "event" }])
    t.deepEqual(briefly(report).failed, [[0, "invalid_channel"]])
  })

  module("an abort", () => {
    test("before: nothing is pulled or sent", async (t) => {
      const { calls, pusher } = recordPublished()
      let isPulled = false
      function* source() {
        isPulled = true
        yield* numbered(5)
      }
      const report = await pusher.publish(source(), { signal: AbortSignal.abort("enough") })
      t.deepEqual(report, { published: 0, requests: 0, failed: [] })
      t.deepEqual([isPulled, calls.length], [false, 0])
    })

    test("during a request or between two: resolves with what was done, and names what was not", async (t) => {
      for (const isDuring of [true, false]) {
        const controller = new AbortController()
        const { calls, pusher } = recordPublished({}, (count) => {
          if (isDuring && count === 2) controller.abort("enough")
          return new Response("{}")
        })
        const onProgress = ({ requests }) => {
          if (!isDuring && requests === 2) controller.abort("enough")
        }
        const report = await pusher.publish(numbered(1_000), { signal: controller.signal, onProgress })
        t.strictEqual(calls.length, 2)
        t.strictEqual(report.published, isDuring ? 10 : 20)
        t.true(report.failed.every(({ error }) => error.code === "aborted" && error.error === "enough"))
        const indexes = report.failed.map(({ index }) => index)
        t.deepEqual(
          indexes,
          indexes.map((_, at) => report.published + at),
        )
      }
    })

    test("without a value for the signal: workerd warns of a promise that a listener returns", async (t) => {
      const listeners = []
      const signal = {
        aborted: false,
        reason: undefined,
        addEventListener: (_, listener) => listeners.push(listener),
        removeEventListener() {},
      }
      const source = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }
      const { pusher } = record(Pusher, { fetch: () => new Promise(() => {}) })
      const calls = [pusher.publish(source, { signal }), pusher.trigger("a", "event", "x", { signal })]
      Object.assign(signal, { aborted: true, reason: "enough" })
      t.deepEqual(
        listeners.map((listener) => listener({ type: "abort" })),
        [undefined, undefined],
      )
      const [report, thrown] = await Promise.allSettled(calls)
      t.deepEqual([report.value, thrown.reason.code], [{ published: 0, requests: 0, failed: [] }, "aborted"])
    })

    test("while a source has nothing yet, or never ends", async (t) => {
      const controller = new AbortController()
      const listeners = { added: 0, removed: 0 }
      const { signal } = controller
      const observed = {
        get aborted() {
          return signal.aborted
        },
        get reason() {
          return signal.reason
        },
        addEventListener(...args) {
          listeners.added++
          signal.addEventListener(...args)
        },
        removeEventListener(...args) {
          listeners.removed++
          signal.removeEventListener(...args)
        },
      }
      let isClosed = false
      const source = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => {}),
          return: async () => {
            isClosed = true
            throw new Error("the source's own")
          },
        }),
      }
      const { pusher } = recordPublished()
      const result = pusher.publish(source, { signal: observed })
      await null
      controller.abort()
      t.deepEqual(await result, { published: 0, requests: 0, failed: [] })
      t.true(isClosed)
      t.strictEqual(listeners.added, listeners.removed)

      const endless = new AbortController()
      function* forever() {
        for (;;) yield { channel: "a", name: "event", data: "x" }
      }
      const { pusher: other } = recordPublished({}, (count) => {
        if (count === 50) endless.abort()
        return new Response("{}")
      })
      t.strictEqual((await other.publish(forever(), { signal: endless.signal })).published, 490)
    })
  })

  test("ends when the client is freed, and names what was not sent", async (t) => {
    const { pusher, calls } = recordPublished()
    const result = pusher.publish(lazily(numbered(1_000)), {
      onProgress: () => {
        if (calls.length === 3) pusher.free()
      },
    })
    const report = await result
    t.strictEqual(report.published, 30)
    t.true(report.failed.length > 0 && report.failed.length < 100, String(report.failed.length))
  })

  test("names every event, also if the client is freed while a refused batch is sent one by one", async (t) => {
    const { pusher, calls } = recordPublished({}, (count) => {
      if (count === 4) pusher.free()
      return new Response("no", { status: count === 1 ? 400 : 200 })
    })
    const report = await pusher.publish(numbered(10))
    t.strictEqual(calls.length, 4)
    t.strictEqual(report.published, 3)
    t.deepEqual(
      report.failed.map(({ index }) => index),
      [3, 4, 5, 6, 7, 8, 9],
    )
  })

  module('`oversize: "chunk"`', () => {
    const texts = {
      plain: "x".repeat(50_000),
      "of two bytes a character": "\u00e9".repeat(20_000),
      "of four": "\u{1f600}".repeat(10_000),
      "that is escaped": '\u0000"\\\n'.repeat(8_000),
      "with lone surrogates": "\ud83dx\ude00".repeat(6_000),
    }
    const isWhole = (piece) => !/^[\udc00-\udfff]|[\ud800-\udbff]$/.test(piece)

    for (const channel of ["a", "private-encrypted-a"]) {
      test(`cuts data into events that fit: ${channel}`, async (t) => {
        for (const [name, text] of Object.entries(texts)) {
          for (const data of [text, { text }]) {
            const { calls, pusher } = recordPublished()
            const events = [
              { channel, name: "before" },
              { channel, name: "big", data, socket_id: "1.2" },
              { channel, name: "after" },
            ]
            const report = await pusher.publish(events, { oversize: "chunk" })
            t.deepEqual(pick(report, "published", "failed"), { published: 3, failed: [] }, name)
            const sent = calls.flatMap(({ body }) => body.batch ?? [body])
            t.deepEqual([sent[0].name, sent.at(-1).name], ["before", "after"])
            const parts = sent.slice(1, -1)
            t.true(parts.length > 2)
            const values = parts.map((part) => {
              t.strictEqual(part.name, "chunked-big")
              t.strictEqual(part.socket_id, "1.2")
              t.true(new TextEncoder().encode(part.data).length <= 10_240)
              return channel === "a" ? JSON.parse(part.data) : pusher.decrypt(channel, part.data)
            })
            t.strictEqual(new Set(values.map(({ id }) => id)).size, 1)
            t.deepEqual(
              values.map(({ index }) => index),
              values.map((_, at) => at),
            )
            t.deepEqual(
              values.map(({ final }) => final),
              values.map((_, at) => at === values.length - 1),
            )
            const whole = values.map(({ chunk }) => chunk).join("")
            const expected =
              channel === "a"
                ? (text.toWellFormed?.() ?? new TextDecoder().decode(new TextEncoder().encode(text)))
                : text
            // Sealed data is always JSON, so that clients get a string as a string.
            if (typeof data === "string") t.strictEqual(channel === "a" ? whole : JSON.parse(whole), expected)
            else t.strictEqual(JSON.parse(whole).text, text)
            if (name !== "with lone surrogates") t.true(values.every(({ chunk }) => isWhole(chunk)))
          }
        }
      })
    }

    test("uses most of each event, and several channels each get all of it", async (t) => {
      const { calls, pusher } = recordPublished()
      const channels = ["a", "b", "private-encrypted-a"]
      const report = await pusher.publish([{ channels, name: "big", data: "x".repeat(100_000) }], { oversize: "chunk" })
      t.deepEqual(pick(report, "published", "failed"), { published: 1, failed: [] })
      const sent = calls.flatMap(({ body }) => body.batch ?? body.channels.map((channel) => ({ ...body, channel })))
      const lengths = channels.map((channel) => sent.filter((event) => event.channel === channel).length)
      t.deepEqual(lengths, [10, 10, 14])
    })

    test("cuts data that fits the server's limit, but not `maxRequestBytes`", async (t) => {
      for (const channel of ["a", "private-encrypted-a"]) {
        for (const [text, maxRequestBytes, maxPayloadBytes] of [
          ["x".repeat(50_000), 20_000, 10_240],
          ["x".repeat(50_000), 5_000, 10_240],
          ['"\\'.repeat(20_000), 5_000, 10_240],
          ["x".repeat(2_000_000), undefined, Infinity],
        ]) {
          const { pusher, calls } = recordPublished({ maxPayloadBytes })
          const report = await pusher.publish([{ channel, name: "big", data: { text } }], {
            oversize: "chunk",
            maxRequestBytes,
          })
          t.deepEqual(pick(report, "published", "failed"), { published: 1, failed: [] })
          const parts = calls.flatMap(({ init, body }) => {
            t.true(init.body.length <= (maxRequestBytes ?? 2 ** 20), `${init.body.length}`)
            return body.batch ?? [body]
          })
          const values = parts.map(({ data }) => (channel === "a" ? JSON.parse(data) : pusher.decrypt(channel, data)))
          t.deepEqual(JSON.parse(values.map(({ chunk }) => chunk).join("")), { text })
        }
      }
    })

    test("fails alone where it cannot be cut", async (t) => {
      const channel = "private-encrypted-a"
      const big = { channel, name: "big", data: "x".repeat(20_000) }
      const failure = new Error("no randomness")
      let draws = 0
      const randomBytes = (count) => {
        // The nonce of the whole event, then the id of its parts.
        if (++draws === 2) throw failure
        return new Uint8Array(count)
      }
      const { pusher } = recordPublished({ randomBytes })
      const report = await pusher.publish([big, ...numbered(30)], { oversize: "chunk" })
      t.strictEqual(report.published, 30)
      t.deepEqual(
        report.failed.map(({ index, error }) => [index, error]),
        [[0, failure]],
      )
    })

    test("sends no more parts of an event of which one has failed", async (t) => {
      const { pusher, calls } = recordPublished({}, (count) => new Response("{}", { status: count === 1 ? 403 : 200 }))
      const events = [
        { channel: "a", name: "big", data: "x".repeat(500_000) },
        { channel: "b", name: "after" },
      ]
      const report = await pusher.publish(events, { oversize: "chunk" })
      t.deepEqual(pick(report, "published", "requests"), { published: 1, requests: 2 })
      t.strictEqual(report.failed[0].error.status, 403)
      t.strictEqual(calls.length, 2)
    })

    test("cuts neither events that fit nor events with another mistake", async (t) => {
      const { pusher, calls } = recordPublished()
      const report = await pusher.publish(
        [
          { channel: "a", name: "event", data: "x".repeat(10_240) },
          { channel: "a b", name: "event", data: "x".repeat(20_000) },
          { channel: "a", name: "x".repeat(195), data: "x".repeat(20_000) },
        ],
        { oversize: "chunk" },
      )
      t.deepEqual(briefly(report), {
        published: 1,
        requests: 1,
        failed: [
          [1, "invalid_channel"],
          [2, "invalid_event"],
        ],
      })
      t.strictEqual(calls[0].body.name, "event")
      const tiny = recordPublished({ maxPayloadBytes: 50 })
      t.deepEqual(
        briefly(
          await tiny.pusher.publish([{ channel: "a", name: "event", data: "x".repeat(51) }], { oversize: "chunk" }),
        ),
        {
          published: 0,
          requests: 0,
          failed: [[0, "payload_too_large"]],
        },
      )
    })

    test("without it, the error of a large event names it", async (t) => {
      const { pusher } = recordPublished()
      const report = await pusher.publish([{ channel: "a", name: "event", data: "x".repeat(10_241) }])
      t.strictEqual(report.failed[0].error.code, "payload_too_large")
      t.true(report.failed[0].error.hint.includes('`oversize: "chunk"`'), report.failed[0].error.hint)
      const error = await rejectionOf(Promise.resolve().then(() => pusher.trigger("a", "event", "x".repeat(10_241))))
      t.true(error.hint.includes("`publish`"), error.hint)
    })
  })
}
