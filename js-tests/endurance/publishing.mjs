// Steps that publish events while one request in twenty fails: each event is taken once, or named in the report.
const options = { appId: "3", key: "278d425bdf160c739803", secret: "7ad3773142a6692b25b8", cluster: "eu" }
const eventsEach = 100
/** Events that `publish` may hold back to pack them well: three batches of ten, and what is on its way. */
const mostHeld = 50

/** What becomes of each twentieth request. The first is retried and then taken, as nothing was published. */
const failures = [
  () => new Response("slow down", { status: 429, headers: { "retry-after": "0" } }),
  () => new Response("no", { status: 500 }),
  () => {
    throw new TypeError("connection reset")
  },
]

/** Makes a `fetch` that fails each twentieth time, in the `ways` given, and otherwise passes the numbers of the events to `take`. */
const makeFetch = (ways, take) => {
  let requests = 0
  return async (_, { body }) => {
    requests++
    if (requests % 20 === 0) return ways[(requests / 20) % ways.length]()
    for (const { data } of JSON.parse(body).batch) take(Number(data))
    return new Response("{}")
  }
}

const makeEvent = (number) => ({ channel: `channel-${number % 1000}`, name: "event", data: number })

/** @type {Record<string, import("./steps.mjs").Step>} */
export const publishingSteps = {
  "a hundred events published, one request in 20 failing": {
    count: 1000,
    together: 50,
    prepare(Pusher) {
      let taken = []
      const pusher = new Pusher({
        ...options,
        retry: { baseDelay: 0 },
        fetch: makeFetch(failures, (at) => taken.push(at)),
      })
      return async () => {
        taken = []
        const events = Array.from({ length: eventsEach }, (_, number) => makeEvent(number))
        const report = await pusher.publish(events, { concurrency: 4 })
        const numbers = [...taken, ...report.failed.map(({ index }) => index)].sort((one, other) => one - other)
        if (numbers.length !== eventsEach || numbers.some((number, at) => number !== at))
          throw new Error(`neither taken once nor reported: ${numbers}`)
        if (report.published !== taken.length) throw new Error(`${report.published} reported, ${taken.length} taken`)
        return report
      }
    },
  },
  "a hundred events more from a source that does not end, one request in 20 retried": {
    count: 1000,
    together: 50,
    prepare(Pusher) {
      let [allowed, given, taken] = [0, 0, 0]
      let giveMore, takenEnough, reject, failure
      const fail = (error) => {
        failure ??= error
        reject?.(failure)
      }
      const take = (number) => {
        if (number !== taken) fail(new Error(`event ${number} was taken where ${taken} was due`))
        taken++
        if (taken >= allowed - mostHeld) takenEnough?.()
      }
      async function* makeEvents() {
        for (;;) {
          while (given < allowed) yield makeEvent(given++)
          await new Promise((resolve) => {
            giveMore = resolve
          })
        }
      }
      const pusher = new Pusher({ ...options, retry: { baseDelay: 0 }, fetch: makeFetch(failures.slice(0, 1), take) })
      const onProgress = ({ failed }) => {
        if (failed > 0) fail(new Error(`${failed} events were not taken`))
      }
      const publishing = pusher.publish(makeEvents(), { onProgress })
      publishing.then(() => fail(new Error("publishing ended before its source")))
      return () =>
        new Promise((...settle) => {
          ;[takenEnough, reject] = settle
          if (failure) reject(failure)
          allowed += eventsEach
          giveMore?.()
        })
    },
  },
}
