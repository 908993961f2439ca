// What the host must have. Imported before everything else: the glue needs these as soon as it is loaded.

if (typeof WebAssembly === "undefined") {
  throw new Error("pusher-http-wasm needs WebAssembly, which --jitless and lockdown mode turn off")
}
if (typeof TextEncoder === "undefined" || typeof TextDecoder === "undefined") {
  throw new Error("pusher-http-wasm needs TextEncoder and TextDecoder (Jest: `@jest-environment node`)")
}
