import { cp } from "node:fs/promises"
import { join } from "node:path"

import { exerciseAdapter } from "../adapters/exercise.mjs"
import { copyApplication, exerciseBoth } from "../endpoints/exercise.mjs"
import { exerciseProgram } from "../frameworks/servers.mjs"
import { combine, copyTools, readVersion } from "../projects.mjs"

export default {
  name: "Fastify on Node",
  group: "Frameworks",
  async run(context) {
    const { folder } = context
    await copyTools("node-servers", folder)
    await cp(join(import.meta.dirname, "../node-servers/fastify"), folder, { recursive: true })
    await copyApplication(folder)
    return {
      version: readVersion(join(folder, "node_modules"), "fastify"),
      ...combine(
        await exerciseProgram(context, ["server.mjs"], { makeCases: exerciseBoth }),
        await exerciseAdapter(context, ["adapter.mjs"], {
          label: "nodeHandler",
          members: ["reply", "req", "request", "res", "waitUntil"],
        }),
      ),
    }
  },
}
