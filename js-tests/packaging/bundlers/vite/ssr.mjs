// The program, as Vite's development server loads it for server-side rendering.
import { createServer } from "vite"

const vite = await createServer({ server: { middlewareMode: true, hmr: false, ws: false }, appType: "custom" })
await vite.ssrLoadModule("/src/main.js")
