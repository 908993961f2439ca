import { runNitro } from "../nitro/nitro.mjs"

export default {
  name: "Nitro (cloudflare-module, vercel-edge, netlify-edge), with `experimental.wasm`",
  group: "Frameworks",
  run: (context) => runNitro(context, ["cloudflare-module", "vercel-edge", "netlify-edge"]),
}
