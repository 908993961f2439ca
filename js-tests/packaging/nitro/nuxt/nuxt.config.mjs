// Cloudflare needs `experimental.wasm`, as with Nitro alone; Node needs no setting.
export default {
  compatibilityDate: "2026-10-01",
  telemetry: false,
  nitro: { experimental: { wasm: process.env.WITH_WASM === "1" } },
}
