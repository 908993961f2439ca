// Node's `import`: the very classes that `require` gives, so that `instanceof` holds where a program uses both.
import Pusher from "./node.cjs"

export const {
  forCluster,
  forURL,
  fromEnv,
  Token,
  WebHook,
  PusherError,
  PusherRequestError,
  PusherValidationError,
  PusherWebHookError,
  RequestError,
  WebHookError,
} = Pusher
export { Pusher, Pusher as default }
