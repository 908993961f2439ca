// A user's tests under `deno test`, which checks their types and looks for what each leaves behind: timers, bodies, connections.
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

const codeOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(error instanceof PusherRequestError)) throw new Error(`expected a request error, not ${error}`)
  return error.code
}
const equal = <T>(actual: T, expected: T) => {
  if (actual !== expected) throw new Error(`expected ${expected}, not ${actual}`)
}

const cases: Record<string, () => Promise<void>> = {
  async "an event whose answer is read"() {
    const response = await pusher.trigger("deno-test", "event", { text: "x" })
    equal(await response.text(), "{}")
  },
  async "an event whose answer nobody reads"() {
    const { status } = await pusher.trigger("deno-test", "event", { text: "x" })
    equal(status, 200)
  },
  async "a question"() {
    equal(typeof (await pusher.channels()).channels, "object")
  },
  async "a request that the server refuses"() {
    equal(await codeOf(new Pusher({ ...connection, secret: "wrong" }).channels()), "http")
  },
  async "a request that the server breaks off"() {
    equal(await codeOf(pusher.trigger("deno-test", "fault:reset", "x")), "network")
  },
  async "a request that takes too long"() {
    equal(await codeOf(new Pusher({ ...connection, timeout: 1 }).trigger("deno-test", "fault:hang", "x")), "timeout")
  },
  async "a request whose answer breaks off in its middle"() {
    equal(
      await codeOf(new Pusher({ ...connection, timeout: 50 }).trigger("deno-test", "fault:hangBody", "x")),
      "timeout",
    )
  },
  async "a request that the caller aborts"() {
    const controller = new AbortController()
    const call = pusher.trigger("deno-test", "fault:hang", "x", { signal: controller.signal })
    controller.abort()
    equal(await codeOf(call), "aborted")
  },
}

for (const [name, fn] of Object.entries(cases)) Deno.test({ name, fn, sanitizeOps: true, sanitizeResources: true })
