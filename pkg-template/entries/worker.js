// Cloudflare Workers, and Vercel's edge runtime: the bundler hands over a compiled `WebAssembly.Module`. Vercel's and Nitro's ask for
// `?module`; Cloudflare's take it as well.
import module from "./pusher.wasm?module"
import start from "./start.js"

start(module)

export * from "./start.js"
export { Pusher as default } from "./start.js"
