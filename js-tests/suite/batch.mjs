import { docs, masterKey, pick, record, thrownBy } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherValidationError }) => {
  test("sends a batch as npm `pusher` writes it", async (t) => {
    const { calls, pusher } = record(Pusher)
    await pusher.triggerBatch([
      { channel: "integration", name: "event", data: "test" },
      { channel: "integration2", name: "event2", data: { some: "data" } },
    ])
    t.strictEqual(calls[0].url.pathname, "/apps/3/batch_events")
    t.strictEqual(
      calls[0].init.body,
      '{"batch":[{"channel":"integration","name":"event","data":"test"},' +
        '{"channel":"integration2","name":"event2","data":"{\\"some\\":\\"data\\"}"}]}',
    )
  })

  test("sends each event with its own params", async (t) => {
    const { calls, pusher } = record(Pusher)
    await pusher.triggerBatch([
      { name: "a", channel: "a", data: 1, socket_id: "1.1" },
      { name: "b", channel: "b", info: ["user_count", "subscription_count"], later: null },
    ])
    t.deepEqual(calls[0].body.batch, [
      { channel: "a", name: "a", data: "1", socket_id: "1.1" },
      { channel: "b", name: "b", data: "null", info: "user_count,subscription_count" },
    ])
  })

  test("never lets a `toJSON` write an event's own members", async (t) => {
    const { calls, pusher } = record(Pusher)
    const toJSON = () => ({ channel: "private-encrypted-a", name: "other", data: "other" })
    await pusher.triggerBatch([{ channel: "a", name: "event", data: "x", info: "user_count", toJSON }])
    t.strictEqual(calls[0].init.body, '{"batch":[{"channel":"a","name":"event","data":"x","info":"user_count"}]}')
  })

  test("reads each member of an event once", async (t) => {
    const { pusher } = record(Pusher)
    const reads = []
    const event = { channel: "a", name: "event", data: "x", socket_id: "1.2", info: "user_count" }
    const observed = new Proxy(event, {
      get(target, name) {
        reads.push(name)
        return target[name]
      },
    })
    await pusher.triggerBatch([observed])
    t.deepEqual(reads.sort(), Object.keys(event).sort())
  })

  test("looks at the length of a list first", (t) => {
    const { pusher } = record(Pusher)
    t.strictEqual(thrownBy(() => pusher.triggerBatch(new Array(2 ** 32 - 2))).code, "invalid_batch")
    t.strictEqual(thrownBy(() => pusher.trigger(new Array(5e7), "event", "x")).code, "too_many_channels")
  })

  test("leaves the caller's list unchanged, so that it can be sent again", async (t) => {
    const { calls, pusher } = record(Pusher, { encryptionMasterKeyBase64: masterKey })
    const events = [
      { channel: "a", name: "event", data: { some: "data" } },
      { channel: "private-encrypted-a", name: "event", data: { some: "data" } },
    ]
    const before = structuredClone(events)
    await pusher.triggerBatch(Object.freeze(events.map(Object.freeze)))
    await pusher.triggerBatch(events)
    t.deepEqual(events, before)
    t.deepEqual(calls[0].body.batch[0], calls[1].body.batch[0])
    t.false(calls[0].init.body.includes('\\"some\\":\\"data\\"}"}]}'), "the encrypted event is encrypted")
  })

  test("reports a malformed name before an earlier event that is too large", (t) => {
    const { pusher } = record(Pusher)
    const events = [
      { channel: "a", name: "event", data: "x".repeat(70_000) },
      { channel: "!", name: "event" },
    ]
    const error = thrownBy(() => pusher.triggerBatch(events))
    t.deepEqual(pick(error, "code", "index"), { code: "invalid_channel", index: 1 })
    const other = thrownBy(() => pusher.triggerBatch(events.slice(0, 1)))
    t.deepEqual(pick(other, "code", "index"), { code: "payload_too_large", index: 0 })
  })

  test("reports an event that is no object before another event's data", (t) => {
    const { pusher } = record(Pusher)
    const error = thrownBy(() => pusher.triggerBatch([{ channel: "a", name: "event", data: 1n }, "event"]))
    const message = "Invalid events: each must be an object, not a string (event 1 of the batch)"
    t.deepEqual(pick(error, "message", "index"), { message, index: 1 })
  })

  test("takes 1 to 10 events", async (t) => {
    const { calls, pusher } = record(Pusher)
    const events = Array.from({ length: 11 }, () => ({ channel: "a", name: "event", data: "" }))
    await pusher.triggerBatch(events.slice(1))
    t.strictEqual(calls[0].body.batch.length, 10)
    const error = thrownBy(() => pusher.triggerBatch(events))
    t.deepEqual(pick(error, "message", "code"), {
      message: "Can't trigger a batch of more than 10 events",
      code: "invalid_batch",
    })
    t.strictEqual(thrownBy(() => pusher.triggerBatch([])).code, "invalid_batch")
  })

  const circular = {}
  circular.self = circular
  for (const [what, event, message] of [
    ["a malformed channel", { channel: "b c", name: "event" }, "Invalid channel name: 'b c' (event 1 of the batch)"],
    ["an empty event name", { channel: "a", name: "" }, "Invalid event name: '' (event 1 of the batch)"],
    [
      "a malformed socket id",
      { channel: "a", name: "a", socket_id: "x" },
      "Invalid socket id: 'x' (event 1 of the batch)",
    ],
    ["a string for an event", "event", "Invalid events: each must be an object, not a string (event 1 of the batch)"],
    ["null for an event", null, "Invalid events: each must be an object, not null (event 1 of the batch)"],
    [
      "a number for a channel",
      { channel: 1, name: "a" },
      "Invalid channel name: it must be a string, not a number (event 1 of the batch)",
    ],
    [
      "a missing name",
      { channel: "a" },
      "Invalid event name: it must be a string, not undefined (event 1 of the batch)",
    ],
    [
      "a number for a socket id",
      { channel: "a", name: "a", socket_id: 1.1 },
      "Invalid socket id: it must be a string, not a number (event 1 of the batch)",
    ],
    [
      "a mistyped member",
      { channel: "a", name: "a", socketId: "1.1" },
      "Unknown member 'socketId': did you mean 'socket_id'? (event 1 of the batch)",
    ],
    [
      "another mistyped member",
      { chanel: "a", name: "a" },
      "Unknown member 'chanel': did you mean 'channel'? (event 1 of the batch)",
    ],
    [
      "data without a JSON form",
      { channel: "a", name: "a", data: circular },
      /cannot be serialised as JSON.*\(event 1 of the batch\)$/s,
    ],
    [
      "an encrypted channel without a master key",
      { channel: "private-encrypted-a", name: "event" },
      "Set encryptionMasterKey before triggering events on encrypted channels (event 1 of the batch)",
    ],
  ]) {
    test(`refuses ${what} with the event's index, and sends nothing`, (t) => {
      const { calls, pusher } = record(Pusher)
      const error = thrownBy(() =>
        pusher.triggerBatch([{ channel: "a", name: "event" }, event, { channel: "a", name: "event" }]),
      )
      t.true(error instanceof PusherValidationError)
      t.true(typeof message === "string" ? error.message === message : message.test(error.message), error.message)
      t.strictEqual(error.index, 1)
      t.strictEqual(calls.length, 0)
    })
  }

  test("refuses a batch that is not a list", (t) => {
    for (const events of [undefined, null, {}, "events", 1, { length: 1, 0: { channel: "a", name: "a" } }]) {
      t.strictEqual(thrownBy(() => new Pusher(docs).triggerBatch(events)).code, "invalid_argument")
    }
  })
}
