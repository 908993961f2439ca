import { runNitro } from "../nitro/nitro.mjs"

export default {
  name: "Nitro (cloudflare-module, vercel-edge, netlify-edge), with `experimental.wasm`",
  recipe: "Nuxt and Nitro",
  group: "Frameworks",
  run: (context) => runNitro(context, ["cloudflare-module", "vercel-edge", "netlify-edge"]),
}
