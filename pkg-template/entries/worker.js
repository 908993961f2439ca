// Cloudflare Workers: the bundler hands over a compiled `WebAssembly.Module`.
import module from "./pusher.wasm"
import start from "./start.js"

start(module)

export * from "./start.js"
export { Pusher as default } from "./start.js"
