import { runNitro } from "../nitro/nitro.mjs"

export default {
  name: "Nitro (node-server, bun, aws-lambda)",
  group: "Frameworks",
  run: (context) => runNitro(context, ["node-server", "bun", "aws-lambda"]),
}
