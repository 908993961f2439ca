import { runNitro } from "../nitro/nitro.mjs"

export default {
  name: "Nuxt (node-server, and cloudflare-module with `nitro.experimental.wasm`)",
  recipe: "Nuxt and Nitro",
  group: "Frameworks",
  run: (context) => runNitro(context, ["node-server", "cloudflare-module"], "nuxt"),
}
