import cloudflare from "@astrojs/cloudflare"
import node from "@astrojs/node"
import { defineConfig } from "astro/config"

const adapter =
  process.env.ADAPTER === "node" ? node({ mode: "standalone" }) : cloudflare({ imageService: "passthrough" })

export default defineConfig({ output: "server", adapter })
