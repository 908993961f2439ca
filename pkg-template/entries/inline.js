// Everywhere else: the module comes along as text, so that there is no file to find, fetch or bundle.
import "./requirements.js"

import start, { Pusher as Own } from "./start.js"
import { base64 } from "#wasm"

// A program may load both index.js and index.cjs. The first leaves its class here for the other: `instanceof` holds, and there is one module.
// Copies of another version, and those in other realms, have their own.
const shared = Symbol.for(`pusher-http-wasm ${PACKAGE_VERSION}`)

const getBytes = () => {
  // First, and faster: Deno has a `Buffer` too, but makes it as it is asked for, which takes longer than all the rest.
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64)
  // Not a free `Buffer`, for which some bundlers want a polyfill.
  if (globalThis.Buffer) return globalThis.Buffer.from(base64, "base64")
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}

const compile = () => {
  const bytes = getBytes()
  try {
    return new WebAssembly.Module(bytes)
  } catch (cause) {
    const message =
      "pusher-http-wasm could not compile its WebAssembly module. In a browser, the script-src of the Content Security Policy needs " +
      "'wasm-unsafe-eval'. In a Worker, the bundler must take the package's `workerd` entry: with Next.js on Cloudflare (OpenNext), " +
      'set `serverExternalPackages: ["pusher-http-wasm"]` in next.config'
    throw new Error(message, { cause })
  }
}

const load = () => {
  start(compile())
  // Unlike an assignment, does not throw where the global object is frozen.
  Reflect.defineProperty(globalThis, shared, /** @type {any} */ ({ __proto__: null, value: Own, configurable: true }))
  return Own
}

/** @type {any} `start` hangs the other names on it. */
const Pusher = globalThis[shared] ?? load()
export const {
  forCluster,
  forURL,
  fromEnv,
  PusherError,
  PusherRequestError,
  PusherValidationError,
  PusherWebHookError,
  RequestError,
  Token,
  WebHook,
  WebHookError,
} = Pusher
export { Pusher, Pusher as default }
