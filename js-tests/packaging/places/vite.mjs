import { makeBundlerPlace } from "../bundlers/project.mjs"
import { serve } from "../projects.mjs"

const makeCommand = (...options) => ["vite", "build", "--logLevel", "warn", ...options]

export default makeBundlerPlace({
  name: "Vite",
  tool: "vite",
  settings: "vite",
  targets: [
    { name: "browser", command: makeCommand() },
    { name: "Node", command: makeCommand("--config", "node.config.js") },
    { name: "Worker", command: makeCommand("worker", "--outDir", "../dist", "--emptyOutDir"), serve: preview },
  ],
})

/** Serves the bundle in workerd with Cloudflare's plugin. */
async function preview(folder) {
  const args = ["preview", "worker", "--outDir", "../dist", "--host", "127.0.0.1", "--port", "0"]
  const { match, stop } = await serve("node_modules/.bin/vite", args, {
    cwd: folder,
    ready: /(http:\/\/127\.0\.0\.1:\d+\/)/,
  })
  return { url: match[1], stop }
}
