import cloudflare from "@astrojs/cloudflare"
import node from "@astrojs/node"
import { defineConfig } from "astro/config"

const adapter =
  process.env.ADAPTER === "node" ? node({ mode: "standalone" }) : cloudflare({ imageService: "passthrough" })

// Astro refuses forms from pages of other origins, and Vite's server answers preflights. The endpoints decide that themselves.
export default defineConfig({
  output: "server",
  adapter,
  security: { checkOrigin: false },
  vite: { server: { cors: false } },
})
