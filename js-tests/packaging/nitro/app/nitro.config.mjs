// Workers and edge runtimes need `experimental.wasm`, with which Nitro takes along the module. Node, Bun and Lambda need no setting.
export default { compatibilityDate: "2026-10-01", experimental: { wasm: process.env.WITH_WASM === "1" } }
