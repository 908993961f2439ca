// Vercel's edge runtime: `?module` asks for a compiled `WebAssembly.Module`.
import module from "./pusher.wasm?module"
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
