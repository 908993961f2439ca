import { next } from "../vercel/next.mjs"

export default {
  name: "Next.js (webpack)",
  group: "Vercel",
  run: (context) => next("webpack", context),
}
