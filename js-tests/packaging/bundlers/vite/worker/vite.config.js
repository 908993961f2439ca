import { cloudflare } from "@cloudflare/vite-plugin"
import { defineConfig } from "vite"

// The inspector's port is no free one.
export default defineConfig({ plugins: [cloudflare({ inspectorPort: false })] })
