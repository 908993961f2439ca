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
    const message = "Invalid event 'event': it must be an object (event 1 of the batch)"
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
    ["a string for an event", "event", "Invalid event 'event': it must be an object (event 1 of the batch)"],
    ["null for an event", null, "Invalid event 'null': it must be an object (event 1 of the batch)"],
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
