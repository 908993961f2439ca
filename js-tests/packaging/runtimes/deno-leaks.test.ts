// A user's tests under `deno test`, which checks their types and finds leaked timers, bodies and connections.
import Pusher, { PusherRequestError } from "pusher-http-wasm"

const { server } = JSON.parse(Deno.args[0])
const connection = {
  appId: server.id,
  key: server.key,
  secret: server.secret,
  host: server.host,
  port: server.port,
  useTLS: false,
}
const pusher = new Pusher(connection)

const getCode = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(error instanceof PusherRequestError)) throw new Error(`expected a request error, not ${error}`)
  return error.code
}
const assertEqual = <T>(actual: T, expected: T) => {
  if (actual !== expected) throw new Error(`expected ${expected}, not ${actual}`)
}

const cases: Record<string, () => Promise<void>> = {
  async "leaks nothing after an event whose answer is read"() {
    const response = await pusher.trigger("deno-test", "event", { text: "x" })
    assertEqual(await response.text(), "{}")
  },
  async "leaks nothing after an event whose answer is not read"() {
    const { status } = await pusher.trigger("deno-test", "event", { text: "x" })
    assertEqual(status, 200)
  },
  async "leaks nothing after a query"() {
    assertEqual(typeof (await pusher.channels()).channels, "object")
  },
  async "leaks nothing after a request that the server refuses"() {
    assertEqual(await getCode(new Pusher({ ...connection, secret: "wrong" }).channels()), "http")
  },
  async "leaks nothing after a request that the server breaks off"() {
    assertEqual(await getCode(pusher.trigger("deno-test", "fault:reset", "x")), "network")
  },
  async "leaks nothing after a request that times out"() {
    assertEqual(
      await getCode(new Pusher({ ...connection, timeout: 1 }).trigger("deno-test", "fault:hang", "x")),
      "timeout",
    )
  },
  async "leaks nothing after an answer that breaks off in the middle"() {
    assertEqual(
      await getCode(new Pusher({ ...connection, timeout: 50 }).trigger("deno-test", "fault:hangBody", "x")),
      "timeout",
    )
  },
  async "leaks nothing after a request that the caller aborts"() {
    const controller = new AbortController()
    const call = pusher.trigger("deno-test", "fault:hang", "x", { signal: controller.signal })
    controller.abort()
    assertEqual(await getCode(call), "aborted")
  },
}

for (const [name, fn] of Object.entries(cases)) Deno.test({ name, fn, sanitizeOps: true, sanitizeResources: true })
