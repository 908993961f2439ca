export default ({ test }, library) => {
  const { default: Pusher } = library

  test("the default export is the class, which is also there by name", (t) => {
    t.strictEqual(typeof Pusher, "function")
    t.strictEqual(library.Pusher, Pusher)
    t.strictEqual(Pusher.Pusher, Pusher, "and on itself")
    t.strictEqual(Pusher.name, "Pusher")
    t.strictEqual(library.start, undefined, "nothing can instantiate the module again")
  })

  test("the class carries what npm `pusher` carries", (t) => {
    for (const name of ["forURL", "forCluster", "Token", "WebHook", "RequestError", "WebHookError"]) {
      t.strictEqual(typeof Pusher[name], "function", name)
    }
  })

  test("every error class is an Error, with its own name", (t) => {
    for (const name of ["PusherError", "PusherValidationError", "PusherRequestError", "PusherWebHookError"]) {
      t.true(library[name].prototype instanceof Error, name)
      t.strictEqual(library[name].prototype.name, name)
      t.strictEqual(Pusher[name], library[name], "also on the class")
    }
    t.strictEqual(Pusher.RequestError, library.PusherRequestError)
    t.strictEqual(Pusher.WebHookError, library.PusherWebHookError)
  })

  test("errors can be made by hand, as with npm `pusher`", (t) => {
    const cause = new Error("cause")
    const error = new Pusher.RequestError("message", "url", cause, 500, "body")
    t.deepEqual(
      [error.message, error.url, error.error, error.status, error.body],
      ["message", "url", cause, 500, "body"],
    )
    const webHookError = new Pusher.WebHookError("message", "text/plain", "body", "signature")
    t.deepEqual(
      [webHookError.contentType, webHookError.body, webHookError.signature],
      ["text/plain", "body", "signature"],
    )
  })

  test("a client can be subclassed", (t) => {
    class Mine extends Pusher {
      hello() {
        return this.config.host
      }
    }
    const mine = new Mine({ cluster: "eu" })
    t.strictEqual(mine.hello(), "api-eu.pusher.com")
    t.true(mine instanceof Pusher)
  })
}
