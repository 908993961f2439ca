import { cloudflare } from "@cloudflare/vite-plugin"
import { reactRouter } from "@react-router/dev/vite"
import { defineConfig } from "vite"

// Vite's own servers answer preflights themselves, and allow only pages of this machine.
export default defineConfig({
  plugins: [cloudflare({ viteEnvironment: { name: "ssr" } }), reactRouter()],
  server: { cors: false },
  preview: { cors: false },
})
