// Puts the package together: instantiates the module, and hangs on the class what users expect there.
import "./requirements.js"
import { __wbg_set_wasm, room } from "#glue"
import { useRoom } from "#values"
import { begin, imports } from "#imports"
import { PusherError, PusherRequestError, PusherValidationError, PusherWebHookError } from "#errors"
import { Pusher } from "./pusher.js"
import { Token } from "./token.js"
import { WebHook } from "./webhook.js"

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

/**
 * Called once by each entry, at module scope: Workers compile and instantiate only there. Takes a module, or its bytes. The default export,
 * because that is not among what the entries pass on with `*`.
 */
export default function start(source) {
  const module = ArrayBuffer.isView(source) ? compiled(source) : source
  // By hand, not through wasm-bindgen's `initSync`: its `instanceof WebAssembly.Module` fails where the module comes from
  // another realm, as on Next's edge runtime.
  const { exports } = new WebAssembly.Instance(module, imports)
  __wbg_set_wasm(exports)
  begin(exports)
  useRoom(room)
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
for (const [name, type] of Object.entries({ Pusher, Token, WebHook }))
  Object.defineProperty(type, "name", { value: name })

export { Pusher, Token, WebHook, PusherError, PusherRequestError, PusherValidationError, PusherWebHookError }
