// Puts the package together: the class that wasm-bindgen exports, instantiated, with what only JavaScript can express.
import { Pusher, Token, WebHook, __wbg_set_wasm } from "#glue"
import { imports } from "#imports"
import { PusherError, PusherRequestError, PusherValidationError, PusherWebHookError } from "#errors"

/** Called once by each entry, at module scope: Workers compile and instantiate only there. */
export const start = (module) => {
  // By hand, not through wasm-bindgen's `initSync`: its `instanceof WebAssembly.Module` fails where the module comes from
  // another realm, as on Next's edge runtime.
  const { exports } = new WebAssembly.Instance(module, imports)
  __wbg_set_wasm(exports)
  exports.__wbindgen_start()
}

Object.assign(Pusher, {
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

// What was freed says so, instead of failing somewhere inside; freeing it again, as `using` may, is no mistake.
for (const type of [Pusher, Token, WebHook]) {
  const { free } = type.prototype
  const freed = {
    get() {
      throw new PusherError(`This ${type.name} has been freed: make a new one`, "freed")
    },
  }
  type.prototype.free = function () {
    if (Object.getOwnPropertyDescriptor(this, "__wbg_ptr")?.get === freed.get) return
    free.call(this)
    Object.defineProperty(this, "__wbg_ptr", freed)
  }
  if (Symbol.dispose) type.prototype[Symbol.dispose] = type.prototype.free
}

export { Pusher, Token, WebHook, PusherError, PusherRequestError, PusherValidationError, PusherWebHookError }
