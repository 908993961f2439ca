// Parts of an event from somebody else: pusher-js hands over whatever a client or a server sent.
export default ({ test }, _library, { subpaths }) => {
  const load = async () => subpaths?.chunks ?? (await import("pusher-http-wasm/chunks"))
  const makeChannel = () => {
    const bound = new Map()
    return {
      bind: (name, callback) => bound.set(name, callback),
      unbind: (name) => bound.delete(name),
      emit: (name, data) => bound.get(name)?.(data),
    }
  }

  test("ids that are names of every object are ids like any other", async (t) => {
    const { bindChunked } = await load()
    const channel = makeChannel()
    const received = []
    const end = bindChunked(channel, "event", (data) => received.push(data))
    for (const id of ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", ""]) {
      channel.emit("chunked-event", { id, index: 1, chunk: '"}', final: true })
      channel.emit(
        "chunked-event",
        JSON.parse(`{"__proto__":{"polluted":1},"id":"${id}","index":0,"chunk":"{\\"a\\":\\"${id}"}`),
      )
    }
    t.deepEqual(
      received.map(({ a }) => a),
      ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", ""],
    )
    t.strictEqual({}.polluted, undefined)
    end()
  })

  test("takes no member of a part, and no option, from `Object.prototype`", async (t) => {
    const { bindChunked } = await load()
    const polluted = {
      id: "a",
      index: 0,
      chunk: "evil",
      final: true,
      maxEvents: 0,
      maxBytes: 0,
      onAbandon: () => t.false(true),
    }
    const received = []
    const channel = makeChannel()
    Object.assign(Object.prototype, polluted)
    try {
      const end = bindChunked(channel, "event", (data) => received.push(data))
      for (const part of [{}, [], "text", 1, null, undefined, { id: "b" }, { id: "b", index: 0 }])
        channel.emit("chunked-event", part)
      channel.emit("chunked-event", { id: "c", index: 1, chunk: "d", final: true })
      channel.emit("chunked-event", { id: "c", index: 0, chunk: "c", final: false })
      end()
    } finally {
      for (const name in polluted) delete Object.prototype[name]
    }
    t.deepEqual(received, ["cd"])
  })

  test("a long text in place of a part is not taken apart", async (t) => {
    const { bindChunked } = await load()
    const channel = makeChannel()
    const end = bindChunked(channel, "event", () => t.false(true))
    // As an object it would have 2^24 members.
    channel.emit("chunked-event", "x".repeat(2 ** 24))
    end()
    t.true(true)
  })
}
