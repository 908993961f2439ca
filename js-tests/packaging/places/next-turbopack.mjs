import { next } from "../vercel/next.mjs"

export default {
  name: "Next.js (Turbopack)",
  group: "Vercel",
  run: (context) => next("turbopack", context),
}
