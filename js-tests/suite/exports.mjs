import { pick } from "./support.mjs"

export default ({ test }, library) => {
  const { default: Pusher } = library

  test("exports the class as default and by name", (t) => {
    t.strictEqual(typeof Pusher, "function")
    t.strictEqual(library.Pusher, Pusher)
    t.strictEqual(Pusher.Pusher, Pusher, "also as a member of itself")
    t.strictEqual(Pusher.name, "Pusher")
    t.strictEqual(library.start, undefined, "nothing can instantiate the module again")
  })

  test("has every static member that npm `pusher` has", (t) => {
    for (const name of ["forURL", "forCluster", "Token", "WebHook", "RequestError", "WebHookError"]) {
      t.strictEqual(typeof Pusher[name], "function", name)
    }
  })

  test("has statics that are functions: called by `new`, unbound, or on a subclass, they make a `Pusher`", (t) => {
    class Mine extends Pusher {}
    const options = { key: "key", secret: "secret" }
    const calls = {
      forURL: ["https://key:secret@api-eu.pusher.com/apps/3", {}],
      forCluster: ["eu", options],
      fromEnv: [{ PUSHER_APP_ID: "3", PUSHER_KEY: "key", PUSHER_SECRET: "secret", PUSHER_CLUSTER: "eu" }, {}],
    }
    for (const [name, args] of Object.entries(calls)) {
      const { [name]: make } = Pusher
      for (const pusher of [
        Pusher[name](...args),
        make(...args),
        Mine[name](...args),
        new Pusher[name](...args),
        new Mine[name](...args),
      ]) {
        t.strictEqual(Object.getPrototypeOf(pusher), Pusher.prototype, name)
        t.strictEqual(pusher.config.host, "api-eu.pusher.com", name)
      }
    }
  })

  test("derives every error class from Error, with its own name", (t) => {
    for (const name of ["PusherError", "PusherValidationError", "PusherRequestError", "PusherWebHookError"]) {
      t.true(library[name].prototype instanceof Error, name)
      t.strictEqual(library[name].prototype.name, name)
      t.strictEqual(Pusher[name], library[name], "also as a member of the class")
    }
    t.strictEqual(Pusher.RequestError, library.PusherRequestError)
    t.strictEqual(Pusher.WebHookError, library.PusherWebHookError)
  })

  test("lets errors be constructed, as npm `pusher` does", (t) => {
    const cause = new Error("cause")
    const error = new Pusher.RequestError("message", "url", cause, 500, "body")
    t.deepEqual(pick(error, "message", "url", "error", "status", "body"), {
      message: "message",
      url: "url",
      error: cause,
      status: 500,
      body: "body",
    })
    const webHookError = new Pusher.WebHookError("message", "text/plain", "body", "signature")
    t.deepEqual(pick(webHookError, "contentType", "body", "signature"), {
      contentType: "text/plain",
      body: "body",
      signature: "signature",
    })
  })

  test("lets the client be subclassed", (t) => {
    class Mine extends Pusher {
      hello() {
        return this.config.host
      }
    }
    const mine = new Mine({ cluster: "eu" })
    t.strictEqual(mine.hello(), "api-eu.pusher.com")
    t.true(mine instanceof Pusher)
  })

  test("lets a subclass say what its `config` is", (t) => {
    class ByGetter extends Pusher {
      get config() {
        return "own"
      }
    }
    class ByField extends Pusher {
      config = "own"
    }
    for (const Mine of [ByGetter, ByField]) t.strictEqual(new Mine({ cluster: "eu" }).config, "own")
  })
}
