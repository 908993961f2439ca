import { cloudflare } from "@cloudflare/vite-plugin"
import { tanstackStart } from "@tanstack/react-start/plugin/vite"
import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

const isForNode = process.env.TARGET === "node"

export default defineConfig({
  plugins: [...(isForNode ? [] : [cloudflare({ viteEnvironment: { name: "ssr" } })]), tanstackStart(), react()],
})
