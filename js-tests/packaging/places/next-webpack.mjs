import { runNext } from "../vercel/next.mjs"

export default {
  name: "Next.js (webpack)",
  group: "Vercel",
  run: (context) => runNext("webpack", context),
}
