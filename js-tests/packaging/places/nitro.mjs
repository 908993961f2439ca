import { runNitro } from "../nitro/nitro.mjs"

export default {
  name: "Nitro (node-server, bun, aws-lambda)",
  recipe: "Nuxt and Nitro",
  group: "Frameworks",
  run: (context) => runNitro(context, ["node-server", "bun", "aws-lambda"]),
}
