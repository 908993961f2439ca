import { cp } from "node:fs/promises"
import { join } from "node:path"

import { exerciseProgram } from "../frameworks/servers.mjs"
import { copyTools, readVersion } from "../projects.mjs"

export default {
  name: "Fastify on Node",
  group: "Frameworks",
  async run(context) {
    const { folder } = context
    await copyTools("node-servers", folder)
    await cp(join(import.meta.dirname, "../node-servers/fastify"), folder, { recursive: true })
    return {
      version: readVersion(join(folder, "node_modules"), "fastify"),
      ...(await exerciseProgram(context, ["server.mjs"])),
    }
  },
}
