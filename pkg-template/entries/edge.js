// Vercel's edge runtime: `?module` asks for a compiled `WebAssembly.Module`.
import module from "./pusher.wasm?module"
import start from "./start.js"

start(module)

export * from "./start.js"
export { Pusher as default } from "./start.js"
