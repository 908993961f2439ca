// Builds a Next.js application for Cloudflare with OpenNext, and exercises its routes in workerd.
import { join } from "node:path"

import { copyApplication, exerciseBoth } from "../endpoints/exercise.mjs"
import { copyTools, readVersion } from "../projects.mjs"
import { writeRecipe } from "../recipes/recipes.mjs"
import { build, exerciseWorker, setUpProject } from "../vite-frameworks/frameworks.mjs"

export default {
  name: "OpenNext on Cloudflare (Next.js 16), with `serverExternalPackages`",
  recipe: "Next.js",
  group: "Frameworks",
  async run(context) {
    // Next.js itself is among the tools of the other places of Next.js; opennext/.npmrc keeps npm from installing it once more.
    await copyTools("vercel", context.folder)
    await setUpProject(context, "../opennext/app", { tools: "opennext" })
    await copyApplication(join(context.folder, "app"))
    writeRecipe(context.folder, context.recipe)
    await build(context, ["@opennextjs/cloudflare/dist/cli/index.js", "build", "--skipWranglerConfigCheck"], {
      NEXT_TELEMETRY_DISABLED: "1",
    })
    return {
      version: readVersion(join(context.folder, "node_modules"), "@opennextjs/cloudflare"),
      ...(await exerciseWorker(context, { config: "wrangler.jsonc", path: "/api", makeCases: exerciseBoth })),
    }
  },
}
