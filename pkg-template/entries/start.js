// Puts the package together: instantiates the module, and hangs on the class what users expect there.
import "./requirements.js"

import { Pusher } from "../classes/pusher.js"
import { Token } from "../classes/token.js"
import { WebHook } from "../classes/webhook.js"
import { PusherError, PusherRequestError, PusherValidationError, PusherWebHookError } from "../errors.js"
import { start as startModule } from "../module/instance.js"

const compile = (bytes) => {
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
  startModule(ArrayBuffer.isView(source) ? compile(source) : source)
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
for (const [name, type] of Object.entries({ Pusher, Token, WebHook })) {
  Object.defineProperty(type, "name", { value: name })
}

// All that hangs on the class has a name of its own as well, so that `import * as Pusher` has it, too.
export const { forCluster, forURL, fromEnv } = Pusher
export {
  Pusher,
  PusherError,
  PusherRequestError,
  PusherRequestError as RequestError,
  PusherValidationError,
  PusherWebHookError,
  PusherWebHookError as WebHookError,
  Token,
  WebHook,
}
