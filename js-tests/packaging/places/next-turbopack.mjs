import { runNext } from "../vercel/next.mjs"

export default {
  name: "Next.js (Turbopack)",
  recipe: "Next.js",
  group: "Vercel",
  run: (context) => runNext("turbopack", context),
}
