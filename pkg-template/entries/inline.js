// Everywhere else: the module comes along as text, so that there is no file to find, fetch or bundle.

import start from "./start.js"
import { base64 } from "#wasm"

const bytes = () => {
  // First, and faster: Deno has a `Buffer` too, but makes it as it is asked for, which takes longer than all the rest.
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64)
  if (typeof Buffer === "function") return Buffer.from(base64, "base64")
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}

start(bytes())

export * from "./start.js"
export { Pusher as default } from "./start.js"
