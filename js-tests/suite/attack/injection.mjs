// Text that would like to be more than text: in paths, queries, headers, bodies, and in what is logged.
import { docs, masterKey, record, rejectionOf, thrownBy } from "../support.mjs"
import { inspected } from "./print.mjs"

const NASTY = {
  "a line feed": "a\nb",
  "CR LF": "a\r\nx-evil: 1\r\n\r\nb",
  NUL: "a\0b",
  "an ANSI escape": "a\u001b[2J\u001b]0;title\u0007b",
  "a C1 control": "a\u009b31mb",
  DEL: "a\u007fb",
  "a bidirectional override": "a\u202eb\u2066c",
  "a line separator": "a\u2028b\u2029c",
  "a lone surrogate": "a\ud800b",
  "a path": "../../apps/4/channels",
  "an encoded path": "%2e%2e/%2E%2E",
  "a query": "a?b=c&auth_key=evil",
  "a fragment": "a#b",
  "a slash": "a/b\\c",
  "percent signs": "%00%0d%0a%",
  "a script": "</script><script>alert(1)</script>",
  quotes: `'"\`$\{a}`,
}

/** What a terminal obeys, a log takes for an entry of its own, or shows in another order. */
const UNPRINTABLE = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u

/** A line that an engine adds: a frame, and in V8 also a detail of its own message. Firefox ends a stack with an empty one. */
const OF_ENGINE = /^(?: {4}.*|.*@.*:\d+:\d+|)$/

/** Leaves out of a text the lines that an engine has added to the first. */
const withoutFrames = (text) =>
  text
    .split("\n")
    .filter((line, index) => index === 0 || !OF_ENGINE.test(line))
    .join("\n")

/** The same of what a host shows of an error, with lines of its own. */
const UNPRINTABLE_BETWEEN_LINES = /\n(b|x-evil)|(?!\n)[\p{Cc}\u2028-\u202e\u2066-\u2069]/u

export default ({ test }, { default: Pusher }) => {
  const wellFormed = (text) => new TextDecoder().decode(new TextEncoder().encode(text))

  for (const [what, text] of Object.entries(NASTY)) {
    test(`sends ${what} in one segment of a path, or not at all`, async (t) => {
      const { calls, pusher } = record(Pusher)
      await pusher.terminateUserConnections(text)
      const [{ url }] = calls
      const segments = url.pathname.split("/")
      t.deepEqual([segments.length, ...segments.slice(0, 4)], [6, "", "apps", "3", "users"])
      t.strictEqual(decodeURIComponent(segments[4]), wellFormed(text))
      t.strictEqual(url.hash, "")
      for (const call of ["channel", "channelUsers"]) {
        t.strictEqual(thrownBy(() => pusher[call](text)).code, "invalid_channel")
      }
      t.strictEqual(calls.length, 1)
    })

    test(`sends ${what} in one value of a query`, async (t) => {
      const { calls, pusher } = record(Pusher)
      await pusher.channels({ prefix: text })
      await pusher.get({ path: "/channels", params: { [`x${text}`]: text } })
      const names = ({ url }) => [...url.searchParams.keys()].filter((name) => !name.startsWith("auth_"))
      t.deepEqual(names(calls[0]), ["filter_by_prefix"])
      t.strictEqual(calls[0].url.searchParams.get("filter_by_prefix"), wellFormed(text))
      t.deepEqual(names(calls[1]), [wellFormed(`x${text}`)])
      t.deepEqual(calls[1].url.searchParams.getAll(wellFormed(`x${text}`)), [wellFormed(text)])
      for (const { url } of calls) t.deepEqual([url.pathname, url.hash], ["/apps/3/channels", ""])
    })

    test(`sends ${what} in a body as data alone`, async (t) => {
      const { calls, pusher } = record(Pusher)
      await pusher.trigger("a", text, text, { extra: text })
      await pusher.triggerBatch([{ channel: "a", name: text, data: text }])
      await pusher.sendToUser(text, "event", { text })
      const same = wellFormed(text)
      t.deepEqual(calls[0].body, { name: same, data: same, extra: text, channels: ["a"] })
      t.deepEqual(calls[1].body, { batch: [{ channel: "a", name: same, data: same }] })
      t.deepEqual(calls[2].body.channels, [`#server-to-user-${same}`])
    })

    test(`lets ${what} into no header`, async (t) => {
      const { calls, pusher } = record(Pusher, {
        idempotencyKeys: true,
        onRequest: () => ({ headers: { "x-own": text } }),
      })
      await pusher.trigger("a", "event", "x")
      const value = calls[0].init.headers["x-own"]
      if (value !== undefined) t.true(value === text && /^[\t -~]*$/.test(value))
      if (/[^ -~]/.test(text)) {
        t.throws(() => new Pusher({ ...docs, headers: { "x-own": text } }), /Invalid header/)
        t.throws(() => pusher.trigger("a", "event", "x", { idempotencyKey: text }), /idempotencyKey/)
      }
      t.strictEqual(thrownBy(() => new Pusher({ ...docs, headers: { [`x ${text}`]: "1" } })).code, "invalid_option")
    })

    test(`shows ${what} in no log as it is`, async (t) => {
      const pusher = new Pusher({ ...docs, encryptionMasterKeyBase64: masterKey })
      const calls = [
        () => pusher.trigger(`#${text}`, "event", "x"),
        () => pusher.trigger("a", text.repeat(201), "x"),
        () => pusher.trigger("a", "event", "x", { socket_id: text }),
        () => pusher.triggerBatch([{ channel: `#${text}`, name: "event", data: "x" }]),
        () => pusher.authorizeChannel(text, "private-a"),
        () => pusher.authorizeChannel("1.1", `#${text}`),
        () => pusher.get({ path: text }),
        () => pusher.get({ path: `/?${text}` }),
        () => pusher.get({ path: "/", params: { auth_key: text } }),
        () => new Pusher({ ...docs, host: `?${text}` }),
        () => new Pusher({ ...docs, cluster: `?${text}` }),
        () => new Pusher({ ...docs, headers: { [`?${text}`]: "1" } }),
        () => {
          const data = () => {
            throw new Error(text)
          }
          pusher.trigger("a", "event", { toJSON: data })
        },
      ]
      for (const call of calls) {
        const error = thrownBy(call)
        // The cause of the last is the caller's own.
        if (error.cause) delete error.cause
        const inspection = (await inspected(error)) ?? ""
        t.false(UNPRINTABLE_BETWEEN_LINES.test(inspection), `${call}: ${JSON.stringify(inspection)}`)
        for (const shown of [error.message, error.stack, String(error)])
          t.false(UNPRINTABLE.test(withoutFrames(shown ?? "")), `${call}: ${JSON.stringify(shown)}`)
      }
    })

    test(`shows ${what} of a server or a host in no log as it is`, async (t) => {
      const failures = {
        "no JSON": async () => new Response(`${text}{`),
        "an error": async () => {
          throw new TypeError(`failed: ${text}`, {
            cause: Object.assign(new Error(text), { code: text, name: `E${text}` }),
          })
        },
        "a text": async () => {
          throw text
        },
      }
      for (const [kind, fetch] of Object.entries(failures)) {
        const error = await rejectionOf(new Pusher({ ...docs, fetch, retry: false }).channels())
        for (let part = error; part; part = part.cause) {
          for (const shown of [part.message, part.stack, part.hint, part.name, part.code, String(part)])
            if (typeof shown === "string")
              t.false(UNPRINTABLE.test(withoutFrames(shown)), `${kind}: ${JSON.stringify(shown)}`)
        }
        // The server's words as they are, for programs: hosts print them as a string.
        delete error.body
        const inspection = (await inspected(error)) ?? ""
        t.false(UNPRINTABLE_BETWEEN_LINES.test(inspection), `${kind}: ${JSON.stringify(inspection)}`)
      }
    })
  }

  test("a long value costs the log's URL no time", async (t) => {
    const urls = []
    const { pusher } = record(Pusher, { onRequest: ({ url }) => void urls.push(url) })
    // Quadratic, it would take minutes. (Firefox takes no URL above a megabyte.)
    await pusher.channels({ prefix: "a".repeat(1_000_000) })
    t.true(urls[0].endsWith("a&auth_signature=(signature)") || urls[0].endsWith("auth_signature=(signature)"))
    t.false(/[0-9a-f]{64}$/.test(urls[0]))
  })

  test("refuses paths that lead elsewhere", (t) => {
    const pusher = new Pusher(docs)
    for (const path of [
      "/..",
      "/../4/channels",
      "/a/../b",
      "/./a",
      "channels",
      "//../a",
      "/a?b",
      "/a#b",
      "/..\\a/..",
    ]) {
      t.strictEqual(thrownBy(() => pusher.get({ path })).code, "invalid_path", path)
    }
    for (const id of [".", ".."])
      t.strictEqual(thrownBy(() => pusher.terminateUserConnections(id)).code, "invalid_path")
    for (const name of [".", ".."]) t.strictEqual(thrownBy(() => pusher.channel(name)).code, "invalid_path")
  })
}
