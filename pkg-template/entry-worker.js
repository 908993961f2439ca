// Cloudflare Workers: the bundler hands over a compiled `WebAssembly.Module`.
import module from "./pusher.wasm"
import { start } from "./start.js"

start(module)

export {
  Pusher,
  Pusher as default,
  Token,
  WebHook,
  PusherError,
  PusherRequestError,
  PusherValidationError,
  PusherWebHookError,
} from "./start.js"
