import adapter from "@sveltejs/adapter-cloudflare"
import { sveltekit } from "@sveltejs/kit/vite"
import { defineConfig } from "vite"

// SvelteKit refuses forms from pages of other origins than these.
const csrf = { trustedOrigins: ["https://app.example"] }
export default defineConfig({ plugins: [sveltekit({ adapter: adapter(), csrf })] })
