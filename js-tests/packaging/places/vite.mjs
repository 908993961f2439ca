import { bundlerPlace } from "../bundlers/project.mjs"
import { serve } from "../projects.mjs"

const vite = (...options) => ["vite", "build", "--logLevel", "warn", ...options]

export default bundlerPlace({
  name: "Vite",
  tool: "vite",
  settings: "vite",
  targets: [
    { name: "browser", command: vite() },
    { name: "Node", command: vite("--config", "node.config.js") },
    { name: "Worker", command: vite("worker", "--outDir", "../dist", "--emptyOutDir"), serve: preview },
  ],
})

/** With Cloudflare's plugin: in workerd. */
async function preview(folder) {
  const args = ["preview", "worker", "--outDir", "../dist", "--host", "127.0.0.1", "--port", "0"]
  const { match, stop } = await serve("node_modules/.bin/vite", args, {
    cwd: folder,
    ready: /(http:\/\/127\.0\.0\.1:\d+\/)/,
  })
  return { url: match[1], stop }
}
