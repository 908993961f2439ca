import { cp } from "node:fs/promises"
import { join } from "node:path"

import { exerciseAdapter } from "../adapters/exercise.mjs"
import { copyApplication, exerciseBoth } from "../endpoints/exercise.mjs"
import { exerciseProgram } from "../frameworks/servers.mjs"
import { combine, copyTools, readVersion } from "../projects.mjs"

export default {
  name: "Koa on Node",
  group: "Frameworks",
  async run(context) {
    const { folder } = context
    await copyTools("node-servers", folder)
    await cp(join(import.meta.dirname, "../node-servers/koa"), folder, { recursive: true })
    await copyApplication(folder)
    return {
      version: readVersion(join(folder, "node_modules"), "koa"),
      ...combine(
        await exerciseProgram(context, ["server.mjs"], { makeCases: exerciseBoth }),
        await exerciseAdapter(context, ["adapter.mjs"], {
          label: "nodeHandler",
          members: ["koa", "req", "res", "waitUntil"],
          hasKept: false,
          keepsBytes: true,
        }),
      ),
    }
  },
}
