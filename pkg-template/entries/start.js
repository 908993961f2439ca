// Puts the package together: instantiates the module, and hangs on the class what users expect there.
import { forCluster, forURL, fromEnv, Pusher } from "../classes/pusher.js"
import { Token } from "../classes/token.js"
import { WebHook } from "../classes/webhook.js"
import { PusherError, PusherRequestError, PusherValidationError, PusherWebHookError } from "../errors.js"
import { hide } from "../values.js"

/**
 * Called once by each entry, at module scope: Workers instantiate only there. Takes the compiled module. The default export, because that is
 * not among what the entries pass on with `*`.
 */
export { start as default } from "../module/instance.js"

const classes = { Pusher, Token, WebHook }
const errors = { PusherError, PusherRequestError, PusherValidationError, PusherWebHookError }
Object.assign(Pusher, classes, errors, { RequestError: PusherRequestError, WebHookError: PusherWebHookError })

// Bundlers rename classes; what is printed should still say what it is, and so should the stack of an error.
for (const [name, type] of Object.entries(classes)) hide(type, "name", name)
for (const [name, type] of Object.entries(errors)) hide(type.prototype, "name", name)

// All that hangs on the class has a name of its own as well, so that `import * as Pusher` has it, too.
export {
  forCluster,
  forURL,
  fromEnv,
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
