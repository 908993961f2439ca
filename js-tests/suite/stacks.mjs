// Errors lead to the caller: their stacks begin there, and say why a request failed.
import { connect, docs, masterKey, record, rejectionOf, thrownBy } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherValidationError, Token }, environment) => {
  /** Whether the engine can leave frames out, and the names of functions here are still the same. */
  const canTrim = typeof Error.captureStackTrace === "function" && thrownBy.name === "thrownBy"
  /** Where the suite is bundled, functions may have lost their names, and files are no longer these. */
  const caller = new Error().stack.includes("stacks.mjs") ? /async.*(waitForIt|stacks)/ : /async/
  const framesOf = ({ stack }) => stack.match(/^( +at |.*@.*:\d).*/gm) ?? []

  const pusher = new Pusher({ ...docs, encryptionMasterKeyBase64: masterKey })
  const webhook = pusher.webhook({ headers: {}, rawBody: "" })
  class Mine extends Pusher {
    notify(...args) {
      const promise = super.trigger(...args)
      promise.catch(() => {})
      return promise
    }
  }

  for (const [name, call] of Object.entries({
    constructor: () => new Pusher({ appId: {} }),
    "constructor, in the module": () => new Pusher({ port: 0 }),
    forURL: () => Pusher.forURL("no URL"),
    forCluster: () => Pusher.forCluster("no cluster", docs),
    fromEnv: () => Pusher.fromEnv({}),
    trigger: () => pusher.trigger("bad name", "event", "x"),
    "trigger, an argument": () => pusher.trigger("a", "event", "x", 1),
    triggerBatch: () => pusher.triggerBatch([{ channel: "bad name", name: "event" }]),
    sendToUser: () => pusher.sendToUser("", "event", "x"),
    terminateUserConnections: () => pusher.terminateUserConnections(""),
    channels: () => pusher.channels({ prefix: 1 }),
    channel: () => pusher.channel(""),
    channelUsers: () => pusher.channelUsers(""),
    get: () => pusher.get({ path: "channels" }),
    post: () => pusher.post({ path: "events" }),
    createSignedQueryString: () => pusher.createSignedQueryString({}),
    authorizeChannel: () => pusher.authorizeChannel("x", "private-a"),
    authenticate: () => pusher.authenticate("x", "private-a"),
    authenticateUser: () => pusher.authenticateUser("1.1", {}),
    channelSharedSecret: () => pusher.channelSharedSecret(""),
    decrypt: () => pusher.decrypt("private-encrypted-a", {}),
    "Token, constructor": () => new Token(1, 2),
    "Token, sign": () => new Token("key", "secret").sign(1),
    "WebHook, getData": () => webhook.getData(),
    "WebHook, getEvents": () => webhook.getEvents(),
    "WebHook, getTime": () => webhook.getTime(),
  })) {
    test(`begins at the caller of ${name}`, (t) => {
      const callIt = () => {
        call()
        return "nothing was thrown"
      }
      const error = thrownBy(callIt)
      t.true(error instanceof Pusher.PusherError, String(error))
      t.false(Object.keys(error).includes("stack"))
      // Between them are the two functions here. On Bun, one of them is a single call, which takes its place.
      const at = framesOf(error).findIndex((frame) => frame.includes("thrownBy"))
      if (canTrim) t.true(at === 1 || at === 2, error.stack)
    })
  }

  test("begins at a subclass that was called", (t) => {
    const error = thrownBy(() => new Mine(docs).notify("bad name", "event", "x"))
    t.true(error instanceof PusherValidationError)
    if (canTrim) t.true(/notify/.test(framesOf(error)[0]), error.stack)
  })

  test("leaves the caller's own exceptions as they are", (t) => {
    const own = new Error("mine")
    const { stack } = own
    const throwOwn = () => {
      throw own
    }
    t.strictEqual(
      thrownBy(() => new Pusher({ ...docs, now: throwOwn }).trigger("a", "event", "x")),
      own,
    )
    t.strictEqual(own.stack, stack)
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const throwProxy = () => {
      throw proxy
    }
    t.true(thrownBy(() => new Pusher({ ...docs, now: throwProxy }).trigger("a", "event", "x")) === proxy)
  })

  test("begins at the function that awaits a failed request, with the reason", async (t) => {
    const waitForIt = async (call) => {
      await call()
    }
    const refused = () => connect(Pusher, environment, { port: 1 }).trigger("a", "event", "x")
    const broken = () =>
      record(Pusher, {}, () => {
        throw new TypeError("fetch failed", { cause: new Error("$& is not there") })
      }).pusher.channels()
    const answered = () => record(Pusher, {}, () => new Response("no", { status: 400 })).pusher.channels()
    const late = () => new Pusher({ ...docs, timeout: 1, fetch: () => new Promise(() => {}) }).channels()
    for (const [call, reason] of [
      [refused, undefined],
      [broken, "$& is not there"],
      [answered, ""],
      [late, "The server did not answer within `timeout`, or `retry.deadline`, milliseconds."],
    ]) {
      const error = await rejectionOf(waitForIt(call))
      t.true(["Request failed with an error", "Unexpected status code 400"].includes(error.message))
      t.false(Object.keys(error).includes("stack"))
      // Neither Safari nor Firefox writes the message into the stack.
      if (!error.stack.startsWith("PusherRequestError: ")) continue
      const [first] = error.stack.split("\n")
      const words = reason ?? error.hint
      t.strictEqual(first, `PusherRequestError: ${error.message}${words && `: ${words}`}`)
      t.true(caller.test(framesOf(error)[0]), error.stack)
    }
  })
}
