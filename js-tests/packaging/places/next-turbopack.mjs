import { runNext } from "../vercel/next.mjs"

export default {
  name: "Next.js (Turbopack)",
  group: "Vercel",
  run: (context) => runNext("turbopack", context),
}
