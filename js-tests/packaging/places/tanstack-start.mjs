// Builds a TanStack Start application for Node and for Cloudflare, and exercises its server routes.
import { join } from "node:path"

import { copyApplication, exerciseBoth } from "../endpoints/exercise.mjs"
import { combine, readVersion } from "../projects.mjs"
import { build, exerciseBuilt, exerciseWorker, setUpProject } from "../vite-frameworks/frameworks.mjs"

const command = ["vite/bin/vite.js", "build"]

export default {
  name: "TanStack Start on Node and on Cloudflare",
  group: "Frameworks",
  async run(context) {
    await setUpProject(context, "tanstack")
    await copyApplication(join(context.folder, "src"))
    await build(context, command, { TARGET: "node" })
    const onNode = await exerciseBuilt(context, ["serve.mjs"], { label: "Node", makeCases: exerciseBoth })
    await build(context, command, { TARGET: "cloudflare" })
    const onCloudflare = await exerciseWorker(context, {
      config: "dist/server/wrangler.json",
      label: "Cloudflare",
      makeCases: exerciseBoth,
    })
    return {
      version: readVersion(join(context.folder, "node_modules"), "@tanstack/react-start"),
      ...combine(onNode, onCloudflare),
    }
  },
}
