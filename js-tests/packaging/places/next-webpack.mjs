import { runNext } from "../vercel/next.mjs"

export default {
  name: "Next.js (webpack)",
  recipe: "Next.js",
  group: "Vercel",
  run: (context) => runNext("webpack", context),
}
