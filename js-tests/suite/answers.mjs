// What the embedded server answers when it misbehaves, read by the host's own `fetch` and over an agent. ../support/faults.mjs has the faults.
import { connect, http, pick, rejectionOf } from "./support.mjs"

export default ({ test, module }, { default: Pusher, PusherRequestError }, environment) => {
  const agent = http && new http.Agent()
  const connectWith = (options) => connect(Pusher, environment, { timeout: 20_000, ...options })
  const ask = (pusher, fault) => pusher.channels({ prefix: `fault:${fault}` })
  const trigger = (pusher, fault) => pusher.trigger("a", `fault:${fault}`, "x")
  const answer = { channels: { "\u00e9": {} } }

  const assertNetworkFailure = async (t, promise, message) => {
    const error = await rejectionOf(promise)
    t.true(error instanceof PusherRequestError, message)
    t.deepEqual(pick(error, "code", "status"), { code: "network", status: undefined }, message)
    return error
  }

  for (const [way, given] of Object.entries({ fetch: {}, ...(http && { "an agent": { agent } }) })) {
    module(`by ${way}`, () => {
      const pusher = connectWith(given)

      test("decodes a compressed answer, and that of a failure", async (t) => {
        t.deepEqual(await ask(pusher, "gzip"), answer)
        t.deepEqual(await (await trigger(pusher, "gzip")).json(), answer)
        t.strictEqual((await rejectionOf(ask(pusher, "gzipError"))).body, "no: (signature)")
      })

      test("leaves out a byte order mark", async (t) => {
        t.deepEqual(await ask(pusher, "mark"), answer)
      })

      test("accepts an answer with informational ones before it, and with trailers", async (t) => {
        for (const fault of ["informed", "trailers", ...(given.agent ? ["continued"] : [])]) {
          t.strictEqual((await trigger(pusher, fault)).status, 200, fault)
          t.deepEqual(await ask(pusher, fault), {}, fault)
        }
      })

      test("accepts any reason phrase", async (t) => {
        if (globalThis.EdgeRuntime) return t.true(true, "this host's own `fetch` does not")
        const response = await trigger(pusher, "phrase")
        t.strictEqual(response.status, 200)
        t.deepEqual(await response.json(), {})
      })

      test("rejects when the connection ends before the body does", async (t) => {
        await assertNetworkFailure(t, trigger(pusher, "tooShort"))
        await assertNetworkFailure(t, ask(pusher, "tooShort"))
      })

      test("reads no further than the announced length", async (t) => {
        t.deepEqual(await ask(connectWith({ ...given, agent: given.agent && new http.Agent() }), "tooLong"), {})
      })

      test("settles when the server switches protocols, even without a timeout", async (t) => {
        const error = await rejectionOf(trigger(connectWith({ ...given, timeout: 0 }), "upgraded"))
        t.true(error instanceof PusherRequestError)
      })

      test("gives a hint at redirects where there is one only", async (t) => {
        const unchanged = await rejectionOf(ask(pusher, "notModified"))
        t.deepEqual(pick(unchanged, "code", "status", "hint"), { code: "http", status: 304, hint: undefined })
        const { status, hint } = await rejectionOf(ask(pusher, "redirect"))
        // Browsers hide a redirect that they do not follow.
        if (status === 302) t.true(hint.startsWith("Redirects are not followed"), hint)
        else t.strictEqual(status, 0)
      })

      test("keeps the beginning of a long body in the error", async (t) => {
        const { body } = await rejectionOf(trigger(pusher, "longError"))
        t.true(body.startsWith("words words "))
        t.true(body.length > 4_000 && body.length < 10_000, String(body.length))
      })

      for (const fault of ["endless", "endlessError", "announced", "bomb"]) {
        test(`reads no more than \`maxResponseBytes\` of an answer: ${fault}`, async (t) => {
          for (const maxResponseBytes of [undefined, 100_000]) {
            const bounded = connectWith({ ...given, maxResponseBytes })
            for (const call of [trigger, ask]) {
              const { hint } = await assertNetworkFailure(t, call(bounded, fault))
              t.strictEqual(hint, `The answer is longer than \`maxResponseBytes\`, ${maxResponseBytes ?? 16_777_216}`)
            }
          }
          // The server sees the connections end.
          let open
          do open = (await ask(pusher, "open")).endless
          while (open > 0)
          t.strictEqual(open, 0)
        })
      }

      test("still sends after all these failures", async (t) => {
        t.strictEqual((await pusher.get({ path: "/channels" })).status, 200)
      })
    })
  }

  module("agent", () => {
    test("decodes what `fetch` decodes, and asks for it", async (t) => {
      if (!http) return t.true(true, "this host has no agents")
      const pusher = connectWith({ agent })
      const zlib = process.getBuiltinModule("node:zlib")
      const codings = ["xGzip", "br", "deflate", "rawDeflate", "unknownCoding"]
      for (const fault of zlib.createZstdDecompress ? [...codings, "zstd"] : codings) {
        t.deepEqual(await ask(pusher, fault), answer, fault)
        t.deepEqual(await (await trigger(pusher, fault)).json(), answer, fault)
      }
      t.strictEqual((await trigger(pusher, "emptyGzip")).status, 204)
      t.strictEqual((await ask(pusher, "asked")).encoding, "gzip, deflate, br")
      const own = connectWith({ agent, headers: { "accept-encoding": "identity" } })
      t.strictEqual((await ask(own, "asked")).encoding, "identity")
    })

    test("rejects an answer whose compressed body is broken or cut off", async (t) => {
      if (!http) return t.true(true, "this host has no agents")
      for (const fault of ["truncated", "broken"]) {
        await assertNetworkFailure(t, trigger(connectWith({ agent }), fault), fault)
        await assertNetworkFailure(t, ask(connectWith({ agent }), fault), fault)
      }
    })
  })
}
