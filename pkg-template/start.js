// Puts the package together: the class that wasm-bindgen exports, instantiated, with what only JavaScript can express.
import * as glue from "#glue"
import { PusherError, PusherRequestError, PusherValidationError, PusherWebHookError } from "#errors"

const { Pusher, Token, WebHook } = glue

/** Called once by each entry, at module scope: Workers compile and instantiate only there. */
export const start = (module) => {
  // By hand, not through wasm-bindgen's `initSync`: its `instanceof WebAssembly.Module` fails where the module comes from
  // another realm, as on Next's edge runtime.
  const { exports } = new WebAssembly.Instance(module, { "./pusher_http_wasm_bg.js": glue })
  glue.__wbg_set_wasm(exports)
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
