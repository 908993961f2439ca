// Node's `import`: the very classes that `require` gives, so that `instanceof` holds where a program uses both.
import Pusher from "./node.cjs"

export const { Token, WebHook, PusherError, PusherRequestError, PusherValidationError, PusherWebHookError } = Pusher
export { Pusher, Pusher as default }
