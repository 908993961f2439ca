// Builds an Astro site for Node and for Cloudflare, and exercises its endpoints; in the development server, only the recipe's.
import { writeFile } from "node:fs/promises"
import { join } from "node:path"

import { copyApplication, exerciseBoth } from "../endpoints/exercise.mjs"
import { combine, readVersion } from "../projects.mjs"
import { exerciseRecipe, sendTo, writeRecipe } from "../recipes/recipes.mjs"
import { build, exerciseBuilt, exerciseWorker, setUpProject } from "../vite-frameworks/frameworks.mjs"

const command = ["astro/bin/astro.mjs", "build"]

export default {
  name: "Astro on Node and on Cloudflare",
  recipe: "Astro",
  group: "Frameworks",
  async run(context) {
    // What the recipe reads.
    const more = { PUSHER_URL: context.url }
    await setUpProject(context, "astro", { more })
    await copyApplication(join(context.folder, "src"))
    writeRecipe(context.folder, context.recipe, { shared: "src" })
    await writeFile(join(context.folder, ".env"), `PUSHER_URL=${context.url}\n`)
    const inDevelopment = await exerciseBuilt(
      context,
      ["node_modules/astro/bin/astro.mjs", "dev", "--host=127.0.0.1", "--port=0"],
      {
        env: { ADAPTER: "node" },
        label: "development server: recipe",
        makeCases: (base) => exerciseRecipe(sendTo(base), context.channels),
      },
    )
    await build(context, command, { ADAPTER: "node" })
    const onNode = await exerciseBuilt(context, ["dist/server/entry.mjs"], {
      env: { ...more, HOST: "127.0.0.1", PORT: "0" },
      label: "Node",
      makeCases: exerciseBoth,
    })
    await build(context, command, { ADAPTER: "cloudflare" })
    const onCloudflare = await exerciseWorker(context, {
      config: "dist/server/wrangler.json",
      label: "Cloudflare",
      makeCases: exerciseBoth,
    })
    return {
      version: readVersion(join(context.folder, "node_modules"), "astro"),
      ...combine(inDevelopment, onNode, onCloudflare),
    }
  },
}
