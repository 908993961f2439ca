// Webhooks that were sent before.
import { docs, record } from "../support.mjs"

export default ({ test }, { default: Pusher }, { subpaths }) => {
  const load = async () => subpaths?.handlers ?? (await import("pusher-http-wasm/handlers"))
  const QUARTER = 900_000
  const token = new Pusher.Token(docs.key, docs.secret)
  const makeWebhook = (time_ms, more = {}, type = "application/json") => {
    const body = JSON.stringify({ time_ms, events: [{ name: "channel_occupied", channel: "a" }], ...more })
    const headers = { "x-pusher-key": docs.key, "x-pusher-signature": token.sign(body), "content-type": type }
    return new Request("https://example.com/", { method: "POST", headers, body })
  }

  test("deals once with a webhook that is sent again, whatever its other headers", async (t) => {
    const { webhookHandler } = await load()
    const calls = []
    const handle = webhookHandler(new Pusher(docs), { "*": (event) => calls.push(event) }, { dedupe: new Set() })
    const now = Date.now()
    for (const type of ["application/json", "Application/JSON; charset=utf-8", "application/json"]) {
      t.strictEqual((await handle(makeWebhook(now, {}, type))).status, 200)
    }
    t.strictEqual(calls.length, 1)
  })

  test("refuses what is older than ten minutes", async (t) => {
    const { readWebhook } = await load()
    const error = await readWebhook(new Pusher(docs), makeWebhook(Date.now() - QUARTER)).catch((error) => error)
    t.strictEqual(error.reason, "too_old")
    t.strictEqual(error.status, 400)
  })

  test("reckons the age by the client's clock, which the server may have set", async (t) => {
    const { readWebhook } = await load()
    // This machine's clock is a quarter of an hour ahead.
    const right = () => Date.now() - QUARTER
    const answers = [
      () => new Response(`Timestamp expired: … server time (${new Date(right()).toISOString()})`, { status: 401 }),
      () => new Response('{"channels":{}}'),
    ]
    const { pusher } = record(Pusher, { now: undefined }, () => answers.shift()())
    const fresh = () => readWebhook(pusher, makeWebhook(right()))
    t.strictEqual((await fresh().catch((error) => error)).reason, "too_old", "before it knows")
    await pusher.channels()
    t.strictEqual((await fresh()).events.length, 1)
    const other = new Pusher({ ...docs, now: right })
    t.strictEqual((await readWebhook(other, makeWebhook(right()))).events.length, 1)
    t.strictEqual((await readWebhook(other, makeWebhook(right() - QUARTER)).catch((error) => error)).reason, "too_old")
  })
}
