// Vercel's edge runtime, and Nitro's edge presets: `?module` asks for a compiled `WebAssembly.Module`. Not for all Workers, for esbuild's
// `copy` loader keeps the `?module`, and workerd then finds no such file.
import module from "./pusher.wasm?module"
import start from "./start.js"

start(module)

export * from "./start.js"
export { Pusher as default } from "./start.js"
