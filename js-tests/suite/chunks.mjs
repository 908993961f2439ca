// The receiver's side of events in several parts: the subpath `pusher-http-wasm/chunks`. Places that load it in another way than by `import`
// pass it as `environment.subpaths.chunks`.
import * as imported from "pusher-http-wasm/chunks"

import { thrownBy } from "./support.mjs"

/** Binds and emits as pusher-js does. Data goes through JSON, as over a connection. */
class Channel {
  bindings = []

  bind(name, callback) {
    this.bindings = [...this.bindings, { name, callback }]
    return this
  }

  unbind(name, callback) {
    this.bindings = this.bindings.filter((one) => one.name !== name || one.callback !== callback)
    return this
  }

  emit(name, data, metadata) {
    const received = data === undefined ? undefined : JSON.parse(JSON.stringify(data))
    const args = metadata ? [received, metadata] : received ? [received] : []
    for (const one of this.bindings) if (one.name === name) one.callback(...args)
  }
}

let serial = 0
/** Cuts a text as the sender does: into `count` parts with an id of their own. */
const cut = (text, count, id = `id-${++serial}`) => {
  const size = Math.ceil(text.length / count)
  return Array.from({ length: count }, (_, index) => ({
    id,
    index,
    chunk: text.slice(index * size, (index + 1) * size),
    ...(index === count - 1 && { final: true }),
  }))
}

const permute = (items) =>
  items.length < 2
    ? [items]
    : items.flatMap((first, at) => permute(items.filter((_, other) => other !== at)).map((rest) => [first, ...rest]))

/** Makes a source of random whole numbers below a limit; the same ones in each run. */
const makeRandom = (seed) => {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

const shuffle = (items, random) => {
  const shuffled = [...items]
  for (let at = shuffled.length - 1; at > 0; at--) {
    const other = random(at + 1)
    ;[shuffled[at], shuffled[other]] = [shuffled[other], shuffled[at]]
  }
  return shuffled
}

/** Calls `run` with a clock in place of the host's timers. */
const withClock = (run) => {
  const { setTimeout, clearTimeout } = globalThis
  const clock = {
    now: 0,
    timers: new Map(),
    advance(milliseconds) {
      const end = clock.now + milliseconds
      for (;;) {
        const due = [...clock.timers].filter(([, { at }]) => at <= end).sort(([, one], [, other]) => one.at - other.at)
        if (due.length === 0) break
        const [[id, { at, call }]] = due
        clock.now = at
        clock.timers.delete(id)
        call()
      }
      clock.now = end
    },
  }
  let last = 0
  globalThis.setTimeout = (callback, delay, ...args) => {
    clock.timers.set(++last, { at: clock.now + delay, call: () => callback(...args) })
    return last
  }
  globalThis.clearTimeout = (id) => clock.timers.delete(id)
  try {
    return run(clock)
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout })
  }
}

export default ({ test }, _, environment) => {
  const { bindChunked } = environment.subpaths?.chunks ?? imported

  /** Binds to `event` on a channel of its own, with a list of what the callback gets and one of what is given up. */
  const bind = (options = {}) => {
    const channel = new Channel()
    const received = []
    const abandoned = []
    const unbind = bindChunked(channel, "event", (...args) => received.push(args), {
      timeout: Infinity,
      onAbandon: (event) => abandoned.push(event),
      ...options,
    })
    const send = (...parts) => {
      for (const part of parts) channel.emit("chunked-event", part)
    }
    return { channel, received, abandoned, unbind, send }
  }

  test("calls back once for an event in several parts, as soon as all have arrived", (t) => {
    const { received, send } = bind()
    const data = { text: "h\u00e9llo \u{1f600}", list: [1, null, "2"] }
    const parts = cut(JSON.stringify(data), 4)
    send(...parts.slice(0, 3))
    t.deepEqual(received, [])
    send(parts[3])
    t.deepEqual(received, [[data]])
  })

  const texts = {
    "an object": ['{"a":[1,{"b":null}]}', { a: [1, { b: null }] }],
    "a list": ["[1,2,3,4,5]", [1, 2, 3, 4, 5]],
    "a number": ["1234567890", 1_234_567_890],
    "a string in quotes": ['"in quotes"', "in quotes"],
    "text that is not JSON": ["plain text", "plain text"],
    "text that begins as JSON": ['{"a":1', '{"a":1'],
    "spaces at its ends": ["  plain  ", "  plain  "],
    "a name of every object": ['{"__proto__":1,"constructor":2}', JSON.parse('{"__proto__":1,"constructor":2}')],
  }
  for (const [what, [text, expected]] of Object.entries(texts)) {
    test(`parses the data as pusher-js does: ${what}`, (t) => {
      for (const count of [1, 2, 5]) {
        const { received, send } = bind()
        send(...cut(text, count))
        t.deepEqual(received, [[expected]], `in ${count} parts`)
      }
    })
  }

  test("puts the parts together in whatever order they arrive, and however often", (t) => {
    const text = "part by part"
    for (const parts of permute(cut(text, 5))) {
      const once = bind()
      once.send(...parts.slice(0, -1))
      t.deepEqual(once.received, [])
      once.send(parts.at(-1))
      const twice = bind()
      for (const part of parts) twice.send(part, part)
      twice.send(...parts)
      t.deepEqual([once.received, twice.received], [[[text]], [[text]]], parts.map(({ index }) => index).join())
      t.deepEqual([once.abandoned, twice.abandoned], [[], []])
    }
  })

  test("joins a character whose halves are in two parts", (t) => {
    const { received, send } = bind()
    send(...cut("\u{1f600}\u{1f600}", 4))
    t.deepEqual(received, [["\u{1f600}\u{1f600}"]])
  })

  test("takes `final: false`, as in the sender that Pusher's support shows", (t) => {
    const { received, send } = bind()
    const [first, second] = cut("two parts", 2, "0.123456789")
    send({ ...first, final: false }, second)
    t.deepEqual(received, [["two parts"]])
  })

  test("calls back exactly for the whole ones of many events, each once: in any order, with parts lost and repeated", (t) => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = makeRandom(seed)
      const { received, abandoned, send } = bind()
      const events = Array.from({ length: 1 + random(12) }, (_, at) => `event ${at} ${"\u{1f600}x".repeat(random(40))}`)
      const whole = []
      const parts = events.flatMap((text) => {
        const all = cut(text, 1 + random(6))
        const lost = random(3) === 0 ? all[random(all.length)] : undefined
        if (!lost) whole.push(text)
        return all.filter((part) => part !== lost).flatMap((part) => Array(1 + random(3)).fill(part))
      })
      send(...shuffle(parts, random))
      const arrived = received.map(([data]) => data)
      t.deepEqual([...arrived].sort(), whole.sort(), `seed ${seed}`)
      t.deepEqual(abandoned, [], `seed ${seed}`)
    }
  })

  test("calls back for an event that arrives whole, with what the channel passes", (t) => {
    const { channel, received } = bind()
    channel.emit("event", { whole: true })
    channel.emit("event", "text")
    channel.emit("event", null)
    channel.emit("event", { whole: true }, { user_id: "ada" })
    channel.emit("other", { whole: true })
    channel.emit("event", cut("never joined", 1)[0])
    const [, , , , last] = received
    t.deepEqual(received.slice(0, 4), [[{ whole: true }], ["text"], [], [{ whole: true }, { user_id: "ada" }]])
    t.deepEqual([last.length, last[0].chunk], [1, "never joined"])
  })

  test("passes on the metadata that comes with the part that completes an event", (t) => {
    const { channel, received } = bind()
    const [first, second] = cut("two parts", 2)
    channel.emit("chunked-event", first, {})
    channel.emit("chunked-event", second, { user_id: "ada" })
    t.deepEqual(received, [["two parts", { user_id: "ada" }]])
  })

  test("keeps names, channels and bindings apart", (t) => {
    const channel = new Channel()
    const received = []
    for (const [binding, name] of ["one", "one", "two"].entries())
      bindChunked(channel, name, (data) => received.push([binding, data]), { timeout: Infinity })
    const [first, second] = cut("two parts", 2)
    channel.emit("chunked-one", first)
    channel.emit("chunked-two", second)
    t.deepEqual(received, [])
    channel.emit("chunked-one", second)
    t.deepEqual(received, [
      [0, "two parts"],
      [1, "two parts"],
    ])
  })

  const right = { index: 0, chunk: "x", final: true }
  const malformed = {
    "no object": [undefined, null, "text", 5, true, [], [right]],
    "no id": [right, { ...right, id: null }, { ...right, id: 5 }, { ...right, id: {} }, { ...right, id: ["a"] }],
    "an id too long to keep": [{ ...right, id: "x".repeat(201) }],
    "no index": [{ id: "a", chunk: "x", final: true }],
    "an index that is none": [null, "0", -1, 0.5, 1e300, [0], true].map((index) => ({ ...right, id: "a", index })),
    "an index beyond what may be held": [{ ...right, id: "a", index: 157_000 }],
    "no chunk": [
      { id: "a", index: 0, final: true },
      ...[null, 5, {}, ["x"]].map((chunk) => ({ ...right, id: "a", chunk })),
    ],
    "a `final` that is none": ["true", 1, null, {}].map((final) => ({ ...right, id: "a", final })),
  }
  for (const [what, parts] of Object.entries(malformed)) {
    test(`ignores a malformed part, with ${what}`, (t) => {
      const { received, abandoned, send } = bind({ timeout: 60_000 })
      withClock(({ timers }) => {
        send(...parts)
        t.strictEqual(timers.size, 0)
      })
      t.deepEqual([received, abandoned], [[], []])
      send({ ...right, id: "a" })
      t.deepEqual(received, [["x"]], "and the right one is taken")
    })
  }

  const [zero, one, two] = cut("abc", 3, "id")
  const contradictions = {
    "two final parts": [one, two, { ...one, final: true }],
    "two final parts, the later one first": [two, { id: "id", index: 1, chunk: "b", final: true }],
    "two final parts, the earlier one first": [{ id: "id", index: 1, chunk: "b", final: true }, two],
    "a part after the final one": [two, { id: "id", index: 3, chunk: "d" }],
    "a final part before another one": [{ id: "id", index: 3, chunk: "d" }, two],
    "another text of the same part": [zero, { ...zero, chunk: "A" }],
    "a part that is final the second time": [one, { ...one, final: true }],
    "a part that is final only the first time": [two, { ...two, final: false }],
  }
  for (const [what, parts] of Object.entries(contradictions)) {
    test(`gives up an event whose parts contradict each other: ${what}`, (t) => {
      const { received, abandoned, send } = bind()
      send(...parts)
      t.deepEqual(
        abandoned.map(({ id, name }) => ({ id, name })),
        [{ id: "id", name: "event" }],
      )
      send(zero, one, two, zero, one, two)
      t.deepEqual([received, abandoned.length], [[], 1], "and nothing comes of its other parts")
      send(...cut("another", 3))
      t.deepEqual(received, [["another"]])
    })
  }

  test("says which event was given up, and how many of its parts had arrived", (t) => {
    const { abandoned, send } = bind({ maxEvents: 1 })
    const [first, second] = cut("three parts", 3, "lost")
    send(first, second, first)
    send(cut("three parts", 3)[0])
    t.deepEqual(abandoned, [{ id: "lost", received: 2, name: "event" }])
  })

  test("holds at most `maxEvents` events: the oldest is given up first", (t) => {
    const { received, abandoned, send } = bind({ maxEvents: 3 })
    const events = ["a", "b", "c", "d"].map((id) => cut(`event ${id}`, 3, id))
    for (const [first] of events.slice(0, 3)) send(first)
    send(events[0][1])
    t.deepEqual(abandoned, [])
    send(events[3][0])
    t.deepEqual(abandoned, [{ id: "a", received: 2, name: "event" }])
    send(...cut("complete at once", 1))
    send(events[0][2], events[0][1], events[0][0])
    t.strictEqual(abandoned.length, 1, "its other parts start no event")
    for (const [, second, third] of events.slice(1)) send(second, third)
    t.deepEqual(received, [["complete at once"], ["event b"], ["event c"], ["event d"]])
  })

  test("holds 100 events by default", (t) => {
    const { abandoned, send } = bind()
    const firsts = Array.from({ length: 101 }, () => cut("two parts", 2)[0])
    send(...firsts.slice(0, 100))
    t.deepEqual(abandoned, [])
    send(firsts[100])
    t.deepEqual(abandoned, [{ id: firsts[0].id, received: 1, name: "event" }])
  })

  test("holds at most `maxBytes` bytes: each part's text as UTF-8, and 64 more", (t) => {
    for (const [text, bytes] of [
      ["x", 1],
      ["\u007f", 1],
      ["\u0080", 2],
      ["\u07ff", 2],
      ["\u0800", 3],
      ["\uffff", 3],
      ["\u{10000}", 4],
      ["\u{10ffff}", 4],
      ["a\u00e9\u4e2d\u{1f600}", 10],
      ["", 0],
    ]) {
      const label = JSON.stringify(text)
      const part = { id: "a", index: 0, chunk: text }
      const enough = bind({ maxBytes: 2 * (bytes + 64) })
      enough.send(part, { ...part, id: "b" })
      t.deepEqual(enough.abandoned, [], label)
      const tooFew = bind({ maxBytes: 2 * (bytes + 64) - 1 })
      tooFew.send(part, { ...part, id: "b" })
      t.deepEqual(tooFew.abandoned, [{ id: "a", received: 1, name: "event" }], label)
    }
  })

  test("counts no bytes of what is complete, given up, or there already", (t) => {
    const { received, abandoned, send } = bind({ maxBytes: 2 * 65 })
    for (let round = 0; round < 10; round++) {
      const [first, second] = cut("ab", 2)
      send(first, first, first, second)
      send({ id: String(round), index: 0, chunk: "a" }, { id: String(round), index: 0, chunk: "?" })
    }
    t.deepEqual([received.length, abandoned.length], [10, 10])
    const [first, second, third] = cut("abc", 3)
    send(first, first, second)
    t.strictEqual(abandoned.length, 10)
    send(third)
    t.strictEqual(received.length, 11)
  })

  test("gives up an event that is too large by itself", (t) => {
    const { received, abandoned, send } = bind({ maxBytes: 1000 })
    send(...cut("x".repeat(1600), 4, "large"))
    t.deepEqual([received, abandoned], [[], [{ id: "large", received: 3, name: "event" }]])
    send({ id: "huge", index: 0, chunk: "x".repeat(1000) })
    t.deepEqual(abandoned[1], { id: "huge", received: 1, name: "event" })
    send(...cut("small", 2))
    t.deepEqual(received, [["small"]])
  })

  test("never holds more than the limits, whatever arrives", (t) => {
    const wrong = []
    let given = 0
    for (let seed = 1; seed <= 100; seed++) {
      const random = makeRandom(seed)
      const maxBytes = 300 + random(3000)
      const maxEvents = 1 + random(8)
      const heldBytes = new Map()
      const over = new Set()
      const end = (id) => {
        heldBytes.delete(id)
        over.add(id)
      }
      const channel = new Channel()
      bindChunked(channel, "event", ({ id }) => end(id), {
        maxBytes,
        maxEvents,
        timeout: Infinity,
        onAbandon: ({ id }) => {
          end(id)
          given++
        },
      })
      const parts = Array.from({ length: 20 }, (_, id) =>
        cut(JSON.stringify({ id: String(id), text: "x".repeat(random(600)) }), 1 + random(5), String(id)),
      ).flat()
      for (const part of shuffle(parts, random)) {
        if (!over.has(part.id)) heldBytes.set(part.id, (heldBytes.get(part.id) ?? 0) + part.chunk.length + 64)
        channel.emit("chunked-event", part)
        const bytes = [...heldBytes.values()].reduce((sum, size) => sum + size, 0)
        if (bytes > maxBytes || heldBytes.size > maxEvents)
          wrong.push({ seed, bytes, maxBytes, events: heldBytes.size, maxEvents })
      }
    }
    t.deepEqual(wrong, [])
    t.true(given > 100, String(given))
  })

  test("holds nothing with limits that allow nothing", (t) => {
    for (const options of [
      { maxEvents: 0 },
      { maxEvents: -1 },
      { maxBytes: 0 },
      { maxBytes: -1 },
      { maxBytes: Number.NaN },
    ]) {
      withClock(({ timers }) => {
        const { received, send } = bind({ ...options, timeout: 1000 })
        const [first, second] = cut("two parts", 2)
        send(first)
        t.strictEqual(timers.size, 0, JSON.stringify(options))
        send(second)
        t.deepEqual(received, [])
      })
    }
  })

  test("remembers the last 1000 events that are over, and no more", (t) => {
    const { received, send } = bind()
    const events = Array.from({ length: 1001 }, (_, at) => cut(String(at), 1)[0])
    send(...events.slice(0, 1000), events[0])
    t.strictEqual(received.length, 1000)
    send(events[1000], events[1], events[0])
    t.deepEqual(received.slice(1000), [[1000], [0]])
  })

  test("gives up an event when no part has come for `timeout` milliseconds, 60,000 by default", (t) => {
    for (const [options, timeout] of [
      [{ timeout: undefined }, 60_000],
      [{ timeout: 500 }, 500],
    ]) {
      withClock((clock) => {
        const { received, abandoned, send } = bind(options)
        const [first, second, third] = cut("three parts", 3, "slow")
        send(first)
        clock.advance(timeout - 1)
        send(second)
        clock.advance(timeout - 1)
        send(second)
        t.deepEqual(abandoned, [])
        clock.advance(1)
        t.deepEqual(abandoned, [{ id: "slow", received: 2, name: "event" }])
        t.strictEqual(clock.timers.size, 0)
        send(third, first, second, third)
        clock.advance(10 * timeout)
        t.deepEqual([received, abandoned.length, clock.timers.size], [[], 1, 0], "late parts start no event")
      })
    }
  })

  test("waits for each event by itself", (t) => {
    withClock((clock) => {
      const { received, abandoned, send } = bind({ timeout: 1000 })
      const [one, other] = [cut("one event", 2, "one"), cut("other event", 2, "other")]
      send(one[0])
      clock.advance(600)
      send(other[0])
      clock.advance(400)
      t.deepEqual(abandoned, [{ id: "one", received: 1, name: "event" }])
      clock.advance(599)
      send(other[1])
      t.deepEqual([received, clock.timers.size], [[["other event"]], 0])
    })
  })

  test("has no timer when nothing is held", (t) => {
    withClock(({ timers }) => {
      const { channel, send, unbind } = bind({ timeout: 1000, maxEvents: 1 })
      const sizes = [timers.size]
      channel.emit("event", "whole")
      send(cut("one part", 1)[0])
      sizes.push(timers.size)
      const [first, second] = cut("two parts", 2)
      send(first)
      sizes.push(timers.size)
      send(second)
      sizes.push(timers.size)
      send(cut("pushes out", 2)[0], cut("pushed out", 2)[0])
      sizes.push(timers.size)
      send(zero, { ...zero, chunk: "?" })
      sizes.push(timers.size)
      send(cut("unbound", 2)[0])
      sizes.push(timers.size)
      unbind()
      sizes.push(timers.size)
      t.deepEqual(sizes, [0, 0, 1, 0, 1, 0, 1, 0])
    })
  })

  test("waits without end with a timeout that is longer than timers can be", (t) => {
    withClock((clock) => {
      for (const timeout of [Infinity, 2 ** 31]) {
        const { send } = bind({ timeout })
        send(cut("two parts", 2)[0])
      }
      t.strictEqual(clock.timers.size, 0)
      bind({ timeout: 2 ** 31 - 1 }).send(cut("two parts", 2)[0])
      t.strictEqual(clock.timers.size, 1)
    })
  })

  test("gives up by the host's own timers", async (t) => {
    // The timer does not keep a program alive, but this test has to see it fire.
    const alive = setTimeout(() => {}, 20_000)
    const event = await new Promise((onAbandon) => {
      bind({ timeout: 1, onAbandon }).send(cut("two parts", 2, "lost")[0])
    })
    clearTimeout(alive)
    t.deepEqual(event, { id: "lost", received: 1, name: "event" })
  })

  test("has no program stay for its timers", (t) => {
    const { setTimeout } = globalThis
    let unreferenced = 0
    globalThis.setTimeout = () => ({ unref: () => unreferenced++ })
    try {
      bind({ timeout: 1000 }).send(cut("two parts", 2)[0])
    } finally {
      globalThis.setTimeout = setTimeout
    }
    t.strictEqual(unreferenced, 1)
  })

  test("works without options", (t) => {
    const channel = new Channel()
    const received = []
    const unbind = bindChunked(channel, "event", (data) => received.push(data))
    for (const part of [...cut("two parts", 2), ...contradictions["two final parts"]])
      channel.emit("chunked-event", part)
    t.deepEqual(received, ["two parts"])
    unbind()
  })

  test("lets the callback's exception reach the channel, and goes on as if nothing had been", (t) => {
    const channel = new Channel()
    const received = []
    const error = new Error("the callback's own")
    bindChunked(
      channel,
      "event",
      (data) => {
        received.push(data)
        if (data !== "fine") throw error
      },
      { timeout: Infinity, maxEvents: 1 },
    )
    const parts = cut("throws", 3)
    for (const part of parts.slice(0, 2)) channel.emit("chunked-event", part)
    t.strictEqual(
      thrownBy(() => channel.emit("chunked-event", parts[2])),
      error,
    )
    t.strictEqual(
      thrownBy(() => channel.emit("event", "whole")),
      error,
    )
    for (const part of [...parts, ...cut("fine", 2)]) channel.emit("chunked-event", part)
    t.deepEqual(received, ["throws", "whole", "fine"])
  })

  test("lets the exception of `onAbandon` reach the channel, or the timer, and stays within the limits", (t) => {
    withClock((clock) => {
      const abandoned = []
      const { received, send } = bind({
        timeout: 1000,
        maxBytes: 1000,
        onAbandon: ({ id }) => {
          abandoned.push(id)
          throw new Error(id)
        },
      })
      for (const id of ["a", "b", "c"]) send({ id, index: 0, chunk: "x".repeat(200) })
      const [first, second] = cut("x".repeat(1300), 2, "large")
      t.strictEqual(thrownBy(() => send(first)).message, "a")
      t.deepEqual(abandoned, ["a", "b"])
      t.strictEqual(thrownBy(() => send({ id: "c", index: 0, chunk: "?" })).message, "c")
      t.strictEqual(clock.timers.size, 1)
      send(second)
      t.strictEqual(received.length, 1)
      send(cut("two parts", 2, "late")[0])
      t.strictEqual(thrownBy(() => clock.advance(1000)).message, "late")
      t.deepEqual([abandoned, clock.timers.size], [["a", "b", "c", "late"], 0])
    })
  })

  test("allows the callback and `onAbandon` to send, and to unbind", (t) => {
    withClock(({ timers }) => {
      const channel = new Channel()
      const seen = []
      const [first, second] = cut("inner", 2)
      const send = (...parts) => {
        for (const part of parts) channel.emit("chunked-event", part)
      }
      const unbind = bindChunked(
        channel,
        "event",
        (data) => {
          seen.push(data)
          if (data === "outer") send(first, second)
          if (data === "the end") unbind()
        },
        {
          maxEvents: 2,
          onAbandon: ({ id }) => {
            seen.push(id)
            if (id === "first") send(...cut("from the hook", 2))
            if (id === "second") unbind()
          },
        },
      )
      send(...cut("outer", 2))
      for (const id of ["first", "second", "third"]) send(cut("two parts", 2, id)[0])
      t.deepEqual(seen, ["outer", "inner", "first", "second"])
      t.deepEqual([channel.bindings, timers.size], [[], 0])
    })
  })

  test("returns a function that ends it: both bindings, and what is held", (t) => {
    const { channel, received, abandoned, unbind, send } = bind()
    const [first, second] = cut("two parts", 2)
    send(first)
    const stale = [...channel.bindings]
    t.deepEqual(stale.map(({ name }) => name).sort(), ["chunked-event", "event"])
    unbind()
    t.deepEqual(channel.bindings, [])
    // As pusher-js does with bindings that are removed while it calls them.
    for (const { name, callback } of stale) callback(name === "event" ? "whole" : second)
    for (const { name, callback } of stale) if (name !== "event") for (const part of cut("new", 2)) callback(part)
    unbind()
    t.deepEqual([received, abandoned], [[], []])
  })

  test("holds nothing once it has ended", (t) => {
    const host = { Map: globalThis.Map, Set: globalThis.Set }
    const made = []
    const record = (Collection) =>
      class extends Collection {
        constructor() {
          super()
          made.push(this)
        }
      }
    Object.assign(globalThis, { Map: record(host.Map), Set: record(host.Set) })
    try {
      const { send, unbind } = bind()
      send(...cut("complete", 2), cut("two parts", 2)[0])
      // The others belong to single events.
      const [held, finished] = made
      t.deepEqual([held.size, finished.size], [1, 1])
      unbind()
      t.deepEqual([held.size, finished.size], [0, 0])
    } finally {
      Object.assign(globalThis, host)
    }
  })

  test("calls `onAbandon` no more once it has ended", (t) => {
    const abandoned = []
    const { unbind, send } = bind({
      maxBytes: 1000,
      onAbandon: ({ id }) => {
        abandoned.push(id)
        unbind()
      },
    })
    for (const id of ["a", "b", "c"]) send({ id, index: 0, chunk: "x".repeat(200) })
    send({ id: "large", index: 0, chunk: "x".repeat(900) })
    t.deepEqual(abandoned, ["a"])
  })

  test("leaves other bindings of the same callback alone", (t) => {
    const channel = new Channel()
    const received = []
    const callback = (data) => received.push(data)
    channel.bind("event", callback)
    const unbind = bindChunked(channel, "event", callback)
    bindChunked(channel, "event", callback)
    unbind()
    channel.emit("event", "whole")
    for (const part of cut("in parts", 2)) channel.emit("chunked-event", part)
    t.deepEqual(received, ["whole", "whole", "in parts"])
  })

  test("refuses what is no callback, and takes absent options for none", (t) => {
    for (const callback of [undefined, null, "callback", {}]) {
      t.true(thrownBy(() => bindChunked(new Channel(), "event", callback)) instanceof TypeError)
    }
    for (const options of [null, undefined, { maxBytes: null, maxEvents: null, timeout: null, onAbandon: null }]) {
      const channel = new Channel()
      const received = []
      const unbind = bindChunked(channel, "event", (data) => received.push(data), options)
      for (const part of cut("in parts", 2)) channel.emit("chunked-event", part)
      t.deepEqual(received, ["in parts"])
      unbind()
    }
  })

  test("exports that function alone", (t) => {
    const { default: _, ...named } = environment.subpaths?.chunks ?? imported
    t.deepEqual(Object.keys(named), ["bindChunked"])
  })
}
