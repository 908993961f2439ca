// Failed calls that are retried, with a stand-in for `fetch`. Nothing may arrive twice. faults.mjs tests the same over real sockets.
import { ACTING, ASKING, WITHOUT_OPTIONS } from "./methods.mjs"
import { docs, makeThrowingProxy, masterKey, pick, record, rejectionOf, thrownBy, vectors } from "./support.mjs"

/** No test waits for real. */
const AT_ONCE = { baseDelay: 0 }

/** How hosts say that no connection was made, in their own words. */
const failed = (cause) => Object.assign(new TypeError("fetch failed"), { cause })
const failedOnDeno = (words) =>
  failed(new Error(`error sending request for url (http://127.0.0.1/apps/3/events?auth_key=a): ${words}`))
const coded = (code, message = "") => Object.assign(new Error(message), { code })
const wrongVersion = "error:0A00010B:SSL routines:ssl3_get_record:wrong version number"
const UNCONNECTED = {
  "refused, Node": failed(coded("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1")),
  "refused at several addresses, Node": failed(
    Object.assign(new AggregateError([coded("ECONNREFUSED")], ""), { code: "ECONNREFUSED" }),
  ),
  "refused, agent": coded("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1"),
  "refused, Bun": coded("ConnectionRefused", "Unable to connect. Is the computer able to access the url?"),
  "refused, Deno": failedOnDeno("client error (Connect): tcp connect error: Connection refused (os error 111)"),
  "unreachable, Node": failed(coded("EHOSTUNREACH", "connect EHOSTUNREACH 10.0.0.1:443")),
  "no network, Node": failed(coded("ENETUNREACH", "connect ENETUNREACH 10.0.0.1:443 - Local (0.0.0.0:0)")),
  "no network at the first of several addresses, Node": failed(
    Object.assign(new AggregateError([coded("ENETUNREACH", "connect ENETUNREACH 2001:db8::1:443")], ""), {
      code: "ENETUNREACH",
    }),
  ),
  "reset before it was made, Node": failed(coded("ECONNRESET", "connect ECONNRESET 127.0.0.1:1")),
  "no answer to the connection, agent": coded("ETIMEDOUT", "connect ETIMEDOUT 10.0.0.1:443"),
  "no such name, Node": failed(coded("ENOTFOUND")),
  "no name server, Node": failed(coded("EAI_AGAIN")),
  "no such name, Bun": coded("ENOTFOUND"),
  "connect timeout, Node": failed(coded("UND_ERR_CONNECT_TIMEOUT")),
  "no such name, Deno": failedOnDeno("client error (Connect): dns error: failed to lookup address information"),
  "plain HTTP, Deno": failedOnDeno("client error (Connect): received corrupt message of type InvalidContentType"),
  "closed in the handshake, Node": failed(
    coded("ECONNRESET", "Client network socket disconnected before secure TLS connection was established"),
  ),
}
/** Attempts after one without a connection. Workers and edge runtimes do not say that there was none; bundlers for them may take either file. */
const isEdge = globalThis.navigator?.userAgent === "Cloudflare-Workers" || typeof globalThis.EdgeRuntime === "string"
const TELL_OF_CONNECTIONS = isEdge ? [1, 2] : [2]
const UNCLEAR = {
  "reset, Node": failed(coded("ECONNRESET", "read ECONNRESET")),
  "closed, Node": failed(coded("UND_ERR_SOCKET", "other side closed")),
  "no answer in time, Node": failed(coded("UND_ERR_HEADERS_TIMEOUT")),
  "reset, Deno": failed(new Error("Connection reset by peer (os error 104)")),
  "closed, Deno": failedOnDeno("client error (SendRequest): connection closed before message completed"),
  // The server may be gone, or the network between, when the request has been taken.
  "unreachable after sending, agent": coded("EHOSTUNREACH", "read EHOSTUNREACH"),
  "no network after sending, Node": failed(coded("ENETUNREACH", "read ENETUNREACH")),
  "no acknowledgement, agent": coded("ETIMEDOUT", "read ETIMEDOUT"),
  // Said of plain HTTP in place of TLS, and of what comes after the request was sent through TLS.
  "no TLS, Node": failed(coded("ERR_SSL_WRONG_VERSION_NUMBER", wrongVersion)),
  "no TLS, agent": coded("ERR_SSL_WRONG_VERSION_NUMBER", wrongVersion),
  "no TLS at first, agent": coded("EPROTO", `write EPROTO ${wrongVersion}`),
  "no TLS, Bun": coded("EPROTO", "EPROTO: The TLS handshake failed. Does the server speak TLS on this port?"),
  "no TLS, Deno": failed(new Error("received corrupt message of type InvalidContentType")),
  "reset, Bun": coded("ECONNRESET", "The socket connection was closed unexpectedly."),
  "lost, workerd": new Error("Network connection lost."),
  "anything else": new Error("said here only: connect ECONNREFUSED, client error (Connect)"),
  "no error": "ECONNREFUSED",
  "a proxy": makeThrowingProxy({ code: "ECONNREFUSED" }),
}

export default ({ test, module }, { default: Pusher, PusherValidationError }) => {
  /** Makes a client whose attempts end in turn as `outcomes` say, then with `{}`: a status, `[status, headers, body]`, or what is thrown. */
  const recordOutcomes = (outcomes, options = {}) =>
    record(Pusher, { retry: AT_ONCE, timeout: 0, encryptionMasterKeyBase64: masterKey, ...options }, (count) => {
      const outcome = outcomes[count - 1] ?? 200
      if (typeof outcome === "number") return new Response(outcome === 304 ? null : "{}", { status: outcome })
      if (Array.isArray(outcome)) return new Response(outcome[2] ?? null, { status: outcome[0], headers: outcome[1] })
      throw outcome
    })

  /** Returns the number of attempts that a call takes whose first one ends so. */
  const countAttempts = async (call, outcome, options, callOptions) => {
    const { calls, pusher } = recordOutcomes([outcome], options)
    await call(pusher, callOptions).catch(() => {})
    return calls.length
  }

  const each = async (calls, run) => {
    for (const [name, call] of Object.entries(calls)) await run(name, call)
  }
  const after = { "retry-after": "0" }

  module("what is retried", () => {
    test("calls that ask, after whatever may pass", async (t) => {
      await each(ASKING, async (name, call) => {
        for (const status of [408, 429, 500, 502, 503, 504, 599]) {
          t.strictEqual(await countAttempts(call, status), 2, `${name}: ${status}`)
        }
        for (const [what, error] of Object.entries({ ...UNCONNECTED, ...UNCLEAR })) {
          t.strictEqual(await countAttempts(call, error), 2, `${name}: ${what}`)
        }
      })
    })

    test("calls that publish, only where the event cannot have been taken", async (t) => {
      await each({ ...ACTING, ...WITHOUT_OPTIONS }, async (name, call) => {
        for (const outcome of [429, [429, after], [503, after]]) {
          t.strictEqual(await countAttempts(call, outcome), 2, `${name}: ${outcome}`)
        }
        for (const [what, error] of Object.entries(UNCONNECTED)) {
          const count = await countAttempts(call, error)
          t.true(TELL_OF_CONNECTIONS.includes(count), `${name}: ${what}: ${count}`)
        }
        for (const outcome of [408, 500, 502, 503, 504, [500, after], [408, after]]) {
          t.strictEqual(await countAttempts(call, outcome), 1, `${name}: ${outcome}`)
        }
        for (const [what, error] of Object.entries(UNCLEAR)) {
          t.strictEqual(await countAttempts(call, error), 1, `${name}: ${what}`)
        }
      })
    })

    test("nothing that would fail in the same way again", async (t) => {
      await each({ ...ASKING, ...ACTING }, async (name, call) => {
        for (const status of [300, 302, 304, 400, 401, 402, 403, 404, 409, 413, 418]) {
          t.strictEqual(await countAttempts(call, status), 1, `${name}: ${status}`)
          t.strictEqual(await countAttempts(call, [status, after]), 1, `${name}: ${status}`)
        }
      })
      const noJson = recordOutcomes([[200, {}, "no JSON"]])
      await rejectionOf(noJson.pusher.channels())
      t.strictEqual(noJson.calls.length, 1)
      const tooLong = recordOutcomes([], { maxResponseBytes: 1 })
      await rejectionOf(tooLong.pusher.channels())
      t.strictEqual(tooLong.calls.length, 1)
      // The last is what browsers make of a redirect.
      for (const result of [undefined, {}, { status: "200" }, { status: 0, type: "opaqueredirect" }]) {
        let count = 0
        const fetch = async () => {
          count++
          return result
        }
        await rejectionOf(new Pusher({ ...docs, fetch, retry: AT_ONCE }).channels())
        t.strictEqual(count, 1, String(result))
      }
    })

    test("calls that publish as those that ask, with an idempotency key, the same each time", async (t) => {
      await each(ACTING, async (name, call) => {
        for (const outcome of [408, 429, 500, 503, ...Object.values(UNCLEAR)]) {
          const { calls, pusher } = recordOutcomes([outcome, outcome])
          t.strictEqual((await call(pusher, { idempotencyKey: "once" })).status, 200, name)
          const keys = calls.map(({ init }) => init.headers["x-idempotency-key"])
          t.deepEqual(keys, ["once", "once", "once"], name)
        }
        t.strictEqual(await countAttempts(call, 400, {}, { idempotencyKey: "once" }), 1, name)
      })
    })

    test("`idempotencyKeys` draws a key for each call that publishes", async (t) => {
      const keysOf = async (call, options, callOptions) => {
        const { calls, pusher } = recordOutcomes([500, 500], { idempotencyKeys: true, ...options })
        await call(pusher, callOptions)
        return calls.map(({ init }) => init.headers["x-idempotency-key"])
      }
      const seen = new Set()
      await each({ ...ACTING, ...WITHOUT_OPTIONS }, async (name, call) => {
        const keys = await keysOf(call)
        t.strictEqual(keys.length, 3, name)
        t.strictEqual(new Set(keys).size, 1, name)
        t.true(/^[!-~]{20,}$/.test(keys[0]), keys[0])
        t.false(seen.has(keys[0]))
        seen.add(keys[0])
      })
      t.deepEqual(await keysOf(ACTING.trigger, {}, { idempotencyKey: "mine" }), ["mine", "mine", "mine"])
      t.deepEqual(await keysOf(ASKING.channels), [undefined, undefined, undefined])
      const randomBytes = (length) => new Uint8Array(length).fill(255)
      t.deepEqual(await keysOf(ACTING.trigger, { randomBytes }), Array(3).fill("/".repeat(32)))
      t.strictEqual(await countAttempts(ACTING.trigger, 500, { idempotencyKeys: false }), 1)
      t.strictEqual(thrownBy(() => new Pusher({ ...docs, idempotencyKeys: "yes" })).field, "idempotencyKeys")
    })

    test("with a stub that fails, the tests of programs that used npm `pusher` count one request", async (t) => {
      for (const status of [400, 500]) {
        let count = 0
        const fetch = async () => {
          count++
          return new Response("no", { status })
        }
        const error = await rejectionOf(new Pusher({ ...docs, fetch }).trigger("a", "event", { some: "data" }))
        t.strictEqual(error.status, status)
        t.strictEqual(count, 1)
      }
    })
  })

  module("the option `retry`", () => {
    test("allows three attempts, and as many as it says", async (t) => {
      const always = Array(20).fill(500)
      for (const [retry, callRetry, count] of [
        [AT_ONCE, undefined, 3],
        [AT_ONCE, null, 3],
        [AT_ONCE, true, 3],
        [AT_ONCE, {}, 3],
        [{ ...AT_ONCE, attempts: 1 }, undefined, 1],
        [{ ...AT_ONCE, attempts: 5 }, undefined, 5],
        [false, undefined, 1],
        [false, AT_ONCE, 1],
        [false, { ...AT_ONCE, attempts: 2 }, 2],
        [AT_ONCE, false, 1],
        [AT_ONCE, { attempts: 4 }, 4],
        [{ ...AT_ONCE, attempts: 5 }, { maxDelay: 1 }, 5],
      ]) {
        await each(ASKING, async (name, call) => {
          const { calls, pusher } = recordOutcomes(always, { retry })
          const error = await rejectionOf(call(pusher, { retry: callRetry }))
          t.strictEqual(calls.length, count, `${name}: ${JSON.stringify([retry, callRetry])}`)
          t.deepEqual(pick(error, "attempts", "retryable", "status"), { attempts: count, retryable: true, status: 500 })
        })
        await each(ACTING, async (name, call) => {
          const { calls, pusher } = recordOutcomes(always, { retry, idempotencyKeys: true })
          await rejectionOf(call(pusher, { retry: callRetry }))
          t.strictEqual(calls.length, count, `${name}: ${JSON.stringify([retry, callRetry])}`)
          t.strictEqual(calls[0].body?.retry, undefined, "is no member of the event")
        })
      }
    })

    test("must be an object of whole numbers, or false", (t) => {
      const wrong = [-1, 0.5, NaN, -Infinity, "3", "", true, {}, [], () => 1, 3n, Symbol("3"), new Date(0)]
      const members = {
        attempts: [0, ...wrong],
        baseDelay: wrong,
        maxDelay: wrong,
        deadline: [0, ...wrong],
      }
      const pusher = new Pusher({ ...docs, fetch: async () => new Response("{}") })
      const assertRefused = (retry, start) => {
        for (const call of [
          () => new Pusher({ ...docs, retry }),
          () => pusher.trigger("a", "event", "x", { retry }),
          () => pusher.channels({ retry }),
          () => pusher.get({ path: "/channels", retry }),
        ]) {
          const error = thrownBy(call)
          t.true(error instanceof PusherValidationError, error)
          t.deepEqual(pick(error, "code", "field"), { code: "invalid_option", field: "retry" })
          t.true(error.message.startsWith(start), error.message)
        }
      }
      for (const [name, values] of Object.entries(members)) {
        for (const value of values)
          assertRefused({ [name]: value }, `Invalid retry.${name}: it must be a whole number, `)
      }
      for (const retry of [0, 3, "3", "", Symbol("3"), 3n, () => {}]) {
        assertRefused(retry, "Invalid retry: it must be an object or false, not ")
      }
      t.strictEqual(
        thrownBy(() => new Pusher({ ...docs, retry: { attempt: 3 } })).message,
        "Unknown member 'attempt': did you mean 'attempts'?",
      )
    })

    test("takes the largest numbers", async (t) => {
      const retry = { attempts: Infinity, baseDelay: 0, maxDelay: Infinity, deadline: Infinity }
      const { calls, pusher } = recordOutcomes(Array(40).fill(500), { retry })
      await pusher.channels()
      t.strictEqual(calls.length, 41)
    })
  })

  /**
   * Runs `run` with a faked `setTimeout` and `Math.random`. Resolves to the milliseconds that were waited between attempts (`waits`), and those
   * that attempts were allowed (`limits`), whose timers never fire here.
   */
  const timersOf = async (random, run) => {
    const [realTimeout, realRandom] = [globalThis.setTimeout, Math.random]
    const [waits, limits] = [[], []]
    globalThis.setTimeout = (callback, delay, ...args) => {
      const isLimit = args.length > 0
      const list = isLimit ? limits : waits
      list.push(delay)
      return realTimeout(isLimit ? () => {} : callback, 0)
    }
    Math.random = () => random
    try {
      await run()
    } finally {
      globalThis.setTimeout = realTimeout
      Math.random = realRandom
    }
    return { waits, limits }
  }

  module("delays", () => {
    const waitsFor = async (random, outcomes, retry) => {
      const { pusher } = recordOutcomes(outcomes, { retry })
      const { waits } = await timersOf(random, () => pusher.channels().catch(() => {}))
      return waits
    }

    test("double with each attempt, with full jitter", async (t) => {
      const always = Array(20).fill(500)
      t.deepEqual(await waitsFor(0.5, always), [100, 200])
      t.deepEqual(await waitsFor(0, always), [0, 0])
      t.deepEqual(await waitsFor(0.999, always), [199, 399])
      const retry = { attempts: 8, baseDelay: 1_000, deadline: 60_000 }
      t.deepEqual(await waitsFor(0.5, always, retry), [500, 1_000, 2_000, 2_500, 2_500, 2_500, 2_500])
      t.deepEqual(await waitsFor(0.5, always, { attempts: 4, baseDelay: 10, maxDelay: 15 }), [5, 7, 7])
      t.deepEqual(await waitsFor(0.5, always, { attempts: 3, baseDelay: 0 }), [0, 0])
    })

    test("are those that the server asks for, in seconds or as a date by its own clock", async (t) => {
      const date = new Date("2030-01-01T00:00:00Z")
      const dated = (seconds) => ({
        "retry-after": new Date(date.getTime() + seconds * 1_000).toUTCString(),
        date: date.toUTCString(),
      })
      for (const status of [429, 503]) {
        t.deepEqual(await waitsFor(0.5, [[status, { "retry-after": "2" }]]), [2_000])
        t.deepEqual(await waitsFor(0.5, [[status, { "retry-after": "0" }]]), [100])
        t.deepEqual(await waitsFor(0.5, [[status, dated(7)]]), [7_000])
        t.deepEqual(await waitsFor(0.5, [[status, dated(-7)]]), [100])
        t.deepEqual(await waitsFor(0.5, [[status, { "retry-after": "soon" }]]), [100])
        t.deepEqual(await waitsFor(0.5, [[status, { "retry-after": "" }]]), [100])
      }
      // What is neither seconds nor a date says nothing, also not that an event was not taken.
      for (const text of ["-5", "1.5", "5, 10", "5;", "120s", "Tomorrow 1", "1e3"]) {
        t.deepEqual(await waitsFor(0.5, [[429, { "retry-after": text }]]), [100], text)
        const { calls, pusher } = recordOutcomes([[503, { "retry-after": text }]])
        t.strictEqual((await rejectionOf(pusher.trigger("a", "event", "x"))).retryAfter, undefined, text)
        t.strictEqual(calls.length, 1, text)
      }
      const now = new Date(Date.now() + 20_000)
      const [wait] = await waitsFor(0.5, [[503, { "retry-after": now.toUTCString() }]])
      t.true(wait > 15_000 && wait <= 20_000, String(wait))
    })

    test("never reach the deadline: then the call fails at once", async (t) => {
      for (const [seconds, retry] of [
        ["30", {}],
        ["86400", {}],
        ["99999999999999999999", {}],
        ["5", { deadline: 5_000 }],
      ]) {
        const { calls, pusher } = recordOutcomes([[503, { "retry-after": seconds }]], { retry })
        let error
        const { waits } = await timersOf(0, async () => {
          error = await rejectionOf(pusher.trigger("a", "event", "x"))
        })
        t.deepEqual(waits, [])
        t.strictEqual(calls.length, 1)
        t.deepEqual(pick(error, "retryable", "retryAfter", "attempts"), {
          retryable: true,
          retryAfter: Math.min(seconds * 1_000, 2 ** 31 - 1),
          attempts: 1,
        })
      }
    })

    test("are the last where a timer fires after the deadline: nothing more is sent", async (t) => {
      const own = performance.now
      const { calls, pusher } = recordOutcomes([[429, { "retry-after": "1" }]], { retry: { deadline: 3_000 } })
      let error
      // Looks at the clock find 0.5, 2 and 6.5 seconds.
      let time = 0
      performance.now = () => (time = time * 3 + 500)
      try {
        await timersOf(0, async () => {
          error = await rejectionOf(pusher.trigger("a", "event", "x"))
        })
      } finally {
        performance.now = own
      }
      t.strictEqual(calls.length, 1)
      t.deepEqual(pick(error, "status", "attempts", "retryable"), { status: 429, attempts: 1, retryable: true })
    })

    test("leave the rest of the deadline to the next attempt", async (t) => {
      const assertLimits = async (options, callRetry, first, second) => {
        const { pusher } = recordOutcomes([500], { timeout: 10_000, ...options })
        const { limits } = await timersOf(0, () => pusher.channels({ retry: callRetry }))
        t.strictEqual(limits.length, 2)
        for (const [index, most] of [first, second].entries()) {
          t.true(limits[index] <= most && limits[index] > most - 2_500, `${limits[index]} of ${most}`)
        }
      }
      await assertLimits({}, undefined, 10_000, 10_000)
      await assertLimits({ retry: { deadline: 3_000 } }, undefined, 3_000, 3_000)
      await assertLimits({}, { deadline: 3_000 }, 3_000, 3_000)
      // As long as it says, unless there is a deadline.
      await assertLimits({ timeout: 60_000 }, undefined, 60_000, 30_000)
      await assertLimits({ timeout: 60_000, retry: { deadline: 3_000 } }, undefined, 3_000, 3_000)
      await assertLimits({ timeout: 60_000, retry: { deadline: 90_000 } }, undefined, 60_000, 60_000)
    })

    test("end with the deadline, although the timeout is longer", async (t) => {
      const fetch = () => new Promise(() => {})
      const error = await rejectionOf(new Pusher({ ...docs, fetch, retry: { deadline: 5 } }).channels())
      t.deepEqual(pick(error, "code", "attempts"), { code: "timeout", attempts: 1 })
    })
  })

  module("each attempt", () => {
    test("is signed anew, with its own timestamp", async (t) => {
      let seconds = 1_600_000_000
      const now = () => ++seconds * 1_000
      await each({ ...ASKING, ...ACTING, ...WITHOUT_OPTIONS }, async (name, call) => {
        const { calls, pusher } = recordOutcomes([429, 429], { now })
        await call(pusher)
        const urls = calls.map(({ url }) => url)
        const times = urls.map((url) => Number(url.searchParams.get("auth_timestamp")))
        t.deepEqual(times, [times[0], times[0] + 1, times[0] + 2], name)
        for (const [index, url] of urls.entries()) {
          const fresh = recordOutcomes([], { now: () => times[index] * 1_000 })
          const method = calls[index].init.method
          const body = calls[index].init.body
          const params = Object.fromEntries([...url.searchParams].filter(([param]) => !/^auth_|^body_md5/.test(param)))
          const query = fresh.pusher.createSignedQueryString({ method, path: url.pathname, params, body })
          t.strictEqual(url.search, `?${query}`, name)
        }
      })
    })

    test("sends the same body, sealed with the same nonce", async (t) => {
      await each(ACTING, async (name, call) => {
        const { calls, pusher } = recordOutcomes([429, 429])
        await call(pusher)
        t.strictEqual(calls.length, 3)
        t.strictEqual(new Set(calls.map(({ init }) => init.body)).size, 1, name)
        t.strictEqual(new Set(calls.map(({ init }) => init)).size, 3, "an `init` of its own")
      })
    })

    test("is sent although the client has been freed meanwhile", async (t) => {
      await each({ ...ASKING, ...ACTING, ...WITHOUT_OPTIONS }, async (name, call) => {
        const { calls, pusher } = recordOutcomes([429, 429])
        const answer = call(pusher)
        pusher.free()
        await answer
        t.strictEqual(calls.length, 3, name)
        t.strictEqual(calls[2].url.searchParams.get("auth_key"), docs.key)
        t.strictEqual(thrownBy(() => pusher.trigger("a", "event", "x")).code, "freed")
      })
    })

    test("is sent although the module's instance has been given up meanwhile", async (t) => {
      const { calls, pusher } = recordOutcomes([500, 500])
      const answer = pusher.channels()
      const overflow = () => {
        try {
          overflow()
        } finally {
          try {
            pusher.authorizeChannel("1.2", "private-a")
          } catch {}
        }
      }
      t.true(thrownBy(overflow) instanceof RangeError || true)
      t.deepEqual(await answer, {})
      t.strictEqual(calls.length, 3)
    })

    test("goes through the `fetch` that is there at that time", async (t) => {
      const real = globalThis.fetch
      const used = []
      try {
        globalThis.fetch = async () => {
          used.push("first")
          globalThis.fetch = async () => {
            used.push("second")
            return new Response("{}")
          }
          return new Response("", { status: 429 })
        }
        await new Pusher({ ...docs, retry: AT_ONCE }).trigger("a", "event", "x")
        t.deepEqual(used, ["first", "second"])
      } finally {
        globalThis.fetch = real
      }
    })

    test("has a number in hooks", async (t) => {
      const events = []
      const hook = (name) => (event) => events.push([name, event])
      const { pusher } = recordOutcomes([[503, { "retry-after": "0" }], 429], {
        onRequest: hook("request"),
        onResponse: hook("response"),
        onRetry: hook("retry"),
      })
      await pusher.trigger("a", "event", "x")
      t.deepEqual(
        events.map(([name, { attempt, status, code }]) => [name, attempt, status, code]),
        [
          ["request", 1, undefined, undefined],
          ["response", 1, 503, "http"],
          ["retry", 1, 503, "http"],
          ["request", 2, undefined, undefined],
          ["response", 2, 429, "http"],
          ["retry", 2, 429, "http"],
          ["request", 3, undefined, undefined],
          ["response", 3, 200, undefined],
        ],
      )
      const { url, delay, method } = events[2][1]
      t.deepEqual([delay, method], [0, "POST"])
      t.true(url.endsWith("&auth_signature=(signature)"), url)
      t.strictEqual(thrownBy(() => new Pusher({ ...docs, onRetry: console })).field, "onRetry")
      for (const onRetry of [
        () => {
          throw new Error("hook")
        },
        async () => {
          throw new Error("hook")
        },
      ]) {
        t.deepEqual(await recordOutcomes([500], { onRetry }).pusher.channels(), {})
      }
    })
  })

  module("errors", () => {
    test("say how many attempts there were, and whether the call may be retried", async (t) => {
      for (const [call, outcome, expected] of [
        [ASKING.channels, 500, { attempts: 3, retryable: true, retryAfter: undefined }],
        [ASKING.channels, 400, { attempts: 1, retryable: false, retryAfter: undefined }],
        [ACTING.trigger, 500, { attempts: 1, retryable: false, retryAfter: undefined }],
        [ACTING.trigger, 429, { attempts: 3, retryable: true, retryAfter: undefined }],
        [ACTING.trigger, [503, after], { attempts: 3, retryable: true, retryAfter: 0 }],
        [ACTING.trigger, [500, { "retry-after": "2" }], { attempts: 1, retryable: false, retryAfter: 2_000 }],
        ...(isEdge
          ? []
          : [[ACTING.trigger, UNCONNECTED["refused, Node"], { attempts: 3, retryable: true, retryAfter: undefined }]]),
        [ACTING.trigger, UNCLEAR["reset, Node"], { attempts: 1, retryable: false, retryAfter: undefined }],
      ]) {
        const { pusher } = recordOutcomes(Array(3).fill(outcome))
        const error = await rejectionOf(call(pusher))
        t.deepEqual(pick(error, "attempts", "retryable", "retryAfter"), expected)
        t.deepEqual(pick(JSON.parse(JSON.stringify(error)), "attempts", "retryable", "retryAfter"), expected)
        t.strictEqual("retryAfter" in error, expected.retryAfter !== undefined)
      }
    })

    test("advise to try again only where nothing can arrive twice", async (t) => {
      for (const call of [ASKING.channels, ACTING.trigger]) {
        for (const status of [408, 429, 500, 502, 503, 504, 599]) {
          const { hint = "", retryable } = await rejectionOf(call(recordOutcomes(Array(3).fill(status)).pusher))
          t.true(retryable || !/again/.test(hint) || /only if `retryable`/.test(hint), `${status}: ${hint}`)
        }
      }
    })

    test("are those of the last attempt", async (t) => {
      const { pusher } = recordOutcomes([500, new Error("gone"), [502, {}, "<html>"]])
      const error = await rejectionOf(pusher.channels())
      t.deepEqual(pick(error, "status", "body", "code", "message"), {
        status: 502,
        body: "<html>",
        code: "http",
        message: "Unexpected status code 502",
      })
    })
  })

  module("an aborted call", () => {
    test("ends while it waits, and leaves neither timer nor listener", async (t) => {
      for (const withEvent of [false, true]) {
        const { signal } = new AbortController()
        const listeners = new Set()
        const observed = {
          aborted: false,
          reason: "enough",
          addEventListener: (_type, listener) => listeners.add(listener),
          removeEventListener: (_type, listener) => listeners.delete(listener),
        }
        const [realTimeout, realClear] = [globalThis.setTimeout, globalThis.clearTimeout]
        const timers = new Set()
        globalThis.setTimeout = (callback, delay) => {
          const timer = { callback, delay }
          timers.add(timer)
          return timer
        }
        globalThis.clearTimeout = (timer) => timers.delete(timer)
        let waiting
        const isWaiting = new Promise((resolve) => {
          waiting = resolve
        })
        try {
          const { calls, pusher } = recordOutcomes([500], { onRetry: waiting })
          const answer = rejectionOf(pusher.channels({ signal: observed }))
          await isWaiting
          await null
          t.strictEqual(timers.size, 1)
          t.strictEqual(listeners.size, 1)
          // A polyfill may set `aborted` only afterwards.
          observed.aborted = !withEvent
          for (const listener of [...listeners]) listener({ type: "abort" })
          const error = await answer
          t.deepEqual(pick(error, "code", "error", "attempts", "retryable"), {
            code: "aborted",
            error: "enough",
            attempts: 1,
            retryable: false,
          })
          t.strictEqual(calls.length, 1)
          t.deepEqual([timers.size, listeners.size], [0, 0])
          t.false(signal.aborted)
        } finally {
          globalThis.setTimeout = realTimeout
          globalThis.clearTimeout = realClear
        }
      }
    })

    test("is not sent again, whenever it is aborted", async (t) => {
      for (const abortAt of [1, 2, 3]) {
        const controller = new AbortController()
        const calls = []
        const fetch = async (url) => {
          calls.push(url)
          if (calls.length === abortAt) controller.abort("enough")
          return new Response("", { status: 500 })
        }
        const pusher = new Pusher({ ...docs, fetch, retry: AT_ONCE })
        const error = await rejectionOf(pusher.channels({ signal: controller.signal }))
        t.deepEqual(pick(error, "code", "error", "attempts"), { code: "aborted", error: "enough", attempts: abortAt })
        t.strictEqual(calls.length, abortAt)
      }
      const { calls, pusher } = recordOutcomes([])
      const error = await rejectionOf(pusher.channels({ signal: AbortSignal.abort("before") }))
      t.deepEqual(pick(error, "code", "attempts"), { code: "aborted", attempts: 0 })
      t.strictEqual(calls.length, 0)
    })

    test("is not sent again when a hook aborts it", async (t) => {
      const controller = new AbortController()
      const { calls, pusher } = recordOutcomes([500], { onRetry: () => controller.abort("enough") })
      const error = await rejectionOf(pusher.channels({ signal: controller.signal }))
      t.deepEqual(pick(error, "code", "attempts"), { code: "aborted", attempts: 1 })
      t.strictEqual(calls.length, 1)
    })
  })

  module("a clock that is off", () => {
    const HOUR = 3_600_000
    const server = Date.parse("2031-05-06T07:08:09Z")
    const given = (time) =>
      `Timestamp expired: Given timestamp (2001-01-01T00:00:00Z) not within 600s of server time (${new Date(time).toISOString()})`
    const secondsOf = ({ url }) => Number(url.searchParams.get("auth_timestamp"))
    const isAbout = (seconds, milliseconds) => Math.abs(seconds - milliseconds / 1_000) <= 60

    test("is set by the server's, for this call and later ones", async (t) => {
      for (const refusal of [
        [401, {}, given(server)],
        [401, { date: new Date(server).toUTCString() }, "Invalid signature"],
        [401, { date: new Date(server - HOUR).toUTCString() }, given(server)],
      ]) {
        for (const off of [HOUR, -HOUR, 600_000, -600_000]) {
          for (const call of [ASKING.channels, ACTING.trigger, ACTING.triggerBatch]) {
            const { calls, pusher } = recordOutcomes([refusal], { now: () => server + off })
            await call(pusher)
            t.strictEqual(calls.length, 2)
            t.strictEqual(secondsOf(calls[0]), Math.floor((server + off) / 1_000))
            t.true(isAbout(secondsOf(calls[1]), server), String(secondsOf(calls[1])))
            await call(pusher)
            t.strictEqual(calls.length, 3)
            t.true(isAbout(secondsOf(calls[2]), server))
            const query = pusher.createSignedQueryString({ method: "GET", path: "/" })
            t.true(isAbout(/auth_timestamp=(\d+)/.exec(query)[1], server))
          }
        }
      }
    })

    test("is set without a wait, and once a call", async (t) => {
      const refusal = [401, {}, given(server)]
      const { calls, pusher } = recordOutcomes([refusal, refusal], { now: () => 0 })
      let error
      const { waits } = await timersOf(0.9, async () => {
        error = await rejectionOf(pusher.trigger("a", "event", "x", { retry: { attempts: 5, baseDelay: 1_000 } }))
      })
      t.deepEqual(waits, [0])
      t.strictEqual(calls.length, 2)
      t.deepEqual(pick(error, "status", "attempts", "retryable"), { status: 401, attempts: 2, retryable: false })
    })

    test("is set for later calls although this one may not be retried", async (t) => {
      const { calls, pusher } = recordOutcomes([[401, {}, given(server)]], { now: () => 0, retry: false })
      const error = await rejectionOf(pusher.trigger("a", "event", "x"))
      t.deepEqual(pick(error, "status", "attempts", "retryable"), { status: 401, attempts: 1, retryable: true })
      await pusher.trigger("a", "event", "x")
      t.true(isAbout(secondsOf(calls[1]), server))
    })

    test("is not set by anything else", async (t) => {
      for (const outcome of [
        [401, {}, "Invalid signature"],
        [401, { date: new Date(server + 599_000).toUTCString() }, "Invalid signature"],
        [401, { date: new Date(server - 599_000).toUTCString() }, "Invalid signature"],
        [401, { date: "nonsense" }, "server time (nonsense)"],
        [400, {}, given(server + HOUR)],
        [403, { date: new Date(server + HOUR).toUTCString() }, ""],
        [200, { date: new Date(server + HOUR).toUTCString() }, "{}"],
      ]) {
        const { calls, pusher } = recordOutcomes([outcome], { now: () => server })
        await pusher.trigger("a", "event", "x").catch(() => {})
        t.strictEqual(calls.length, 1, JSON.stringify(outcome))
        await pusher.trigger("a", "event", "x")
        t.strictEqual(secondsOf(calls[1]), server / 1_000)
      }
    })

    test("goes on at its own pace, however the host's jumps", async (t) => {
      let time = 0
      const { calls, pusher } = recordOutcomes([[401, {}, given(server)]], { now: () => time })
      await pusher.trigger("a", "event", "x")
      const real = Date.now
      try {
        for (const jump of [HOUR, -10 * HOUR, server, 0]) {
          time = jump
          Date.now = () => jump
          await pusher.trigger("a", "event", "x")
          t.true(isAbout(secondsOf(calls.at(-1)), server), `${jump}: ${secondsOf(calls.at(-1))}`)
        }
      } finally {
        Date.now = real
      }
    })
  })

  test("a clock that jumps back and forth moves no deadline", async (t) => {
    const real = Date.now
    try {
      let calls = 0
      const fetch = async () => {
        calls++
        const time = real() + (calls % 2 ? 1 : -1) * 1e9
        Date.now = () => time
        return new Response("", { status: 500 })
      }
      const error = await rejectionOf(new Pusher({ ...docs, fetch, retry: AT_ONCE, now: () => 0 }).channels())
      t.strictEqual(error.attempts, 3)
    } finally {
      Date.now = real
    }
  })

  test("every known answer is signed the same on the last attempt as on the first", async (t) => {
    t.true(vectors.credentials.docs !== undefined)
    const { calls, pusher } = recordOutcomes([429])
    await pusher.trigger("project-3", "foo", { some: "data" })
    t.strictEqual(calls[0].url.href, calls[1].url.href, "at the same time")
  })
}
