// What the host must have. Imported before everything else: the glue needs these as soon as it is loaded.

if (typeof WebAssembly === "undefined") {
  throw new Error(
    "pusher-http-wasm needs WebAssembly, which this host does not have or has turned off (node --jitless, lockdown mode)",
  )
}
if (typeof TextEncoder === "undefined" || typeof TextDecoder === "undefined") {
  throw new Error(
    "pusher-http-wasm needs TextEncoder and TextDecoder as globals. In Jest's jsdom environment set them in a setup file, " +
      "or test with `@jest-environment node`",
  )
}
