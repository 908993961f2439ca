// The same, with dependencies transformed by Vite instead of imported by Node.
import { createServer } from "vite"

const vite = await createServer({
  server: { middlewareMode: true, hmr: false, ws: false },
  appType: "custom",
  ssr: { noExternal: true },
})
await vite.ssrLoadModule("/src/main.js")
