import { runNitro } from "../nitro/nitro.mjs"

export default {
  name: "Nuxt (node-server)",
  group: "Frameworks",
  run: (context) => runNitro(context, ["node-server"], { builder: "nuxt" }),
}
