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

export { Pusher, Token, WebHook, PusherError, PusherRequestError, PusherValidationError, PusherWebHookError }
