import { runOnWorkers } from "../frameworks/cloudflare.mjs"

export default {
  name: "React Router with Cloudflare's plugin",
  recipe: "React Router",
  group: "Frameworks",
  run: (context) =>
    runOnWorkers(context, {
      name: "react-router",
      framework: "react-router",
      dev: ["@react-router/dev/bin.cjs", "dev", "--host", "127.0.0.1", "--port", "0"],
      build: ["@react-router/dev/bin.cjs", "build"],
      preview: ["vite/bin/vite.js", "preview", "--host", "127.0.0.1", "--port", "0"],
      application: "app",
      client: "build/client",
    }),
}
