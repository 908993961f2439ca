// Servers that mean harm, beside those of ../answers.mjs and ../faults.mjs.
import { connect, docs, http, pick, record, rejectionOf } from "../support.mjs"

const MEGABYTE = 2 ** 20

export default ({ module, test }, { default: Pusher, PusherRequestError }, environment) => {
  const ways = { fetch: {}, ...(http && { "an agent": { agent: new http.Agent() } }) }
  for (const [way, given] of Object.entries(ways)) {
    module(`by ${way}`, () => {
      const ask = (fault, options) =>
        connect(Pusher, environment, { ...given, retry: false, ...options }).channels({ prefix: `fault:${fault}` })

      test("a length that is announced beside chunks is no way around `maxResponseBytes`", async (t) => {
        const error = await rejectionOf(ask("bothLengths", { maxResponseBytes: 1000 }))
        t.true(error instanceof PusherRequestError)
        // A host may also take the length for that of the body, or refuse both.
        t.true(error.code === "network" || error.body.length <= 1000, `${error.code}: ${error.body?.length}`)
      })

      test("lists that are nested a million deep are no JSON, or an answer", async (t) => {
        const error = await rejectionOf(ask("deep"))
        t.deepEqual(pick(error, "code", "status"), { code: "http", status: 200 })
        t.true(error.body.length < 10_000)
      })

      test("a compressed answer that never comes to anything ends with the timeout", async (t) => {
        const error = await rejectionOf(ask("emptyBlocks", { timeout: 300 }))
        t.true(["timeout", "network"].includes(error.code), error.code)
      })

      test("a redirect to another origin is not followed: nobody else gets the signature", async (t) => {
        const error = await rejectionOf(ask("redirectAway"))
        t.true([307, 0].includes(error.status), String(error.status))
      })
    })
  }

  const failWith = (status, body, headers) => async () => new Response(body, { status, headers })

  test("an answer of the wrong type is passed on as JSON, and breaks nothing", async (t) => {
    for (const answer of [
      "null",
      "1",
      '"text"',
      "[]",
      '{"channels":1}',
      '{"channels":[]}',
      '{"__proto__":{"polluted":1}}',
    ]) {
      const { pusher } = record(Pusher, {}, () => new Response(answer))
      const expected = answer === '{"channels":[]}' ? { channels: {} } : JSON.parse(answer)
      t.deepEqual(await pusher.channels(), expected, answer)
      t.strictEqual({}.polluted, undefined)
    }
  })

  test("a long refusal that looks like a clock's, or a date, is read in no time", async (t) => {
    // Quadratic, each would take hours.
    const text = "server time (".repeat(MEGABYTE)
    for (const headers of [{}, { "retry-after": "Mon, ".repeat(2000) }, { "retry-after": "9".repeat(8000) }]) {
      const pusher = new Pusher({ ...docs, fetch: failWith(401, text, headers), retry: false })
      const error = await rejectionOf(pusher.channels())
      t.strictEqual(error.status, 401)
      t.true(error.body.length < 10_000)
    }
  })

  test("headers of any kind decide on no more than the wait", async (t) => {
    for (const value of [
      "-1",
      "1e9",
      "Infinity",
      "NaN",
      "0x10",
      "Mon",
      "Fri, 31 Dec 9999 23:59:59 GMT",
      "\u00e9",
      "",
    ]) {
      const pusher = new Pusher({
        ...docs,
        fetch: failWith(503, "", { "retry-after": value, date: value }),
        retry: false,
      })
      const { code, retryAfter } = await rejectionOf(pusher.channels())
      t.strictEqual(code, "http")
      t.true(retryAfter === undefined || (retryAfter >= 0 && retryAfter < 2 ** 31), `${value}: ${retryAfter}`)
    }
  })
}
