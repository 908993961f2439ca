// Puts the package together: the class that wasm-bindgen exports, instantiated, with what only JavaScript can express.
import "./requirements.js"
import { Pusher, Token, __wbg_set_wasm } from "#glue"
import { imports } from "#imports"
import { PusherError, PusherRequestError, PusherValidationError, PusherWebHookError, takeThrown } from "#errors"
import { codecOfView } from "#options"
import { AUTHENTICATES, WebHook } from "./webhook.js"

const resolved = Promise.resolve()

/**
 * The imports, but for `queueMicrotask`: where a test has faked it (Jest does), the module's tasks would never run, and none after
 * them. A promise wakes them as soon.
 */
const steadyImports = () => {
  const steady = {}
  for (const [name, module] of Object.entries(imports)) {
    steady[name] = { ...module }
    for (const member in module) {
      if (!member.startsWith("__wbg_queueMicrotask_")) continue
      // One import calls it with a task; the other looks whether the global object has it, and is told that it has not.
      steady[name][member] = (value) => {
        if (typeof value === "function") resolved.then(value)
      }
    }
  }
  return steady
}

const compiled = (bytes) => {
  try {
    return new WebAssembly.Module(bytes)
  } catch (cause) {
    const message =
      "pusher-http-wasm could not compile its WebAssembly module. Where there is a Content Security Policy, its script-src " +
      "needs 'wasm-unsafe-eval'"
    throw new Error(message, { cause })
  }
}

/** Called once by each entry, at module scope: Workers compile and instantiate only there. Takes a module, or its bytes. */
export const start = (source) => {
  const module = ArrayBuffer.isView(source) ? compiled(source) : source
  // By hand, not through wasm-bindgen's `initSync`: its `instanceof WebAssembly.Module` fails where the module comes from
  // another realm, as on Next's edge runtime.
  const { exports } = new WebAssembly.Instance(module, steadyImports())
  __wbg_set_wasm(exports)
  exports.__wbindgen_start()
}

Object.assign(Pusher, {
  Pusher,
  Token,
  WebHook,
  RequestError: PusherRequestError,
  WebHookError: PusherWebHookError,
  PusherError,
  PusherRequestError,
  PusherValidationError,
  PusherWebHookError,
})

// Bundlers rename classes; what is printed should still say what it is.
for (const [name, type] of Object.entries({ Pusher, Token, WebHook })) Object.defineProperty(type, "name", { value: name })

const define = (holder, name, value) => Object.defineProperty(holder, name, { value, writable: true, configurable: true })

// The methods, in the order of their numbers in src/wasm/client.rs and token.rs. The module's exports do not throw: an exception through
// its frames would leave what they hold behind. They leave what is to be thrown, and it is thrown here.
const methods = {
  Pusher: [
    ..."authorizeChannel authenticateUser trigger triggerBatch sendToUser terminateUserConnections channels channel".split(" "),
    ..."channelUsers get post createSignedQueryString channelSharedSecret decrypt".split(" "),
  ],
  Token: ["key", "secret", "sign", "verify", AUTHENTICATES],
}
for (const type of [Pusher, Token]) {
  const { prototype } = type
  const { call, free } = prototype
  delete prototype.call
  methods[type.name].forEach((name, number) => {
    const method = function (first, second, third, fourth) {
      if (!(this instanceof type)) {
        throw new TypeError(`${String(name)} was called on what is no ${type.name} of this copy of pusher-http-wasm`)
      }
      const result = call.call(this, number, first, second, third, fourth)
      const thrown = takeThrown()
      if (thrown) throw thrown[0]
      return result
    }
    const isGetter = name === "key" || name === "secret"
    Object.defineProperty(prototype, name, { ...(isGetter ? { get: method } : { value: method, writable: true }), configurable: true })
  })
  // What was freed says so, instead of failing somewhere inside; freeing it again, as `using` may, is no mistake.
  const freed = {
    get() {
      throw new PusherError(`This ${type.name} has been freed: make a new one`, "freed")
    },
  }
  prototype.free = function () {
    if (Object.getOwnPropertyDescriptor(this, "__wbg_ptr")?.get === freed.get) return
    free.call(this)
    Object.defineProperty(this, "__wbg_ptr", freed)
  }
}

// The kinds of a base are those of src/wasm/settings.rs.
define(Pusher, "forURL", (url, options) => new Pusher(options, 1, url))
define(Pusher, "forCluster", (cluster, options) => new Pusher(options, 2, cluster))
define(Pusher, "fromEnv", (env, options) => new Pusher(options, 3, env))
// The older name.
define(Pusher.prototype, "authenticate", Pusher.prototype.authorizeChannel)
define(Pusher.prototype, "webhook", function (request) {
  return new WebHook(this.config.token, request, codecOfView(this.config))
})
// What `JSON.stringify` shows.
define(Pusher.prototype, "toJSON", function () {
  return this.config
})
define(Token.prototype, "toJSON", function () {
  return { key: this.key }
})
for (const { prototype } of [Pusher, Token, WebHook]) {
  if (Symbol.dispose) prototype[Symbol.dispose] = prototype.free
}

export { Pusher, Token, WebHook, PusherError, PusherRequestError, PusherValidationError, PusherWebHookError }
