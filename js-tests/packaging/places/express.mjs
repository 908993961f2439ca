// Express on Node: an ESM server with a route for raw bodies, and a CommonJS one whose parser keeps the bytes.
import { bringProject, exerciseProgram, link } from "../frameworks/servers.mjs"
import { together, versionIn } from "../projects.mjs"

export default {
  name: "Express on Node",
  group: "Frameworks",
  async run(context) {
    const { folder } = context
    await bringProject("express", folder)
    const tools = await link(folder, "express")
    return {
      version: versionIn(tools, "express"),
      ...together(
        await exerciseProgram(context, ["server.mjs"], { label: "ESM" }),
        await exerciseProgram(context, ["server.cjs"], { label: "CommonJS" }),
      ),
    }
  },
}
