import { runOnWorkers } from "../frameworks/cloudflare.mjs"

export default {
  name: "SvelteKit with the Cloudflare adapter",
  recipe: "SvelteKit",
  group: "Frameworks",
  run: (context) =>
    runOnWorkers(context, {
      name: "sveltekit",
      framework: "@sveltejs/kit",
      dev: ["vite/bin/vite.js", "dev", "--host", "127.0.0.1", "--port", "0"],
      build: ["vite/bin/vite.js", "build"],
      preview: ["wrangler/bin/wrangler.js", "dev", "--ip", "127.0.0.1", "--port", "0", "--inspector-port", "0"],
      application: "src/lib/server",
      client: ".svelte-kit/cloudflare/_app",
    }),
}
