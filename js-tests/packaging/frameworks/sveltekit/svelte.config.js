import adapter from "@sveltejs/adapter-cloudflare"

// SvelteKit refuses forms from pages of other origins than these.
export default { kit: { adapter: adapter(), csrf: { trustedOrigins: ["https://app.example"] } } }
