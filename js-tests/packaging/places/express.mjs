// Runs Express on Node: an ESM server with a route for raw bodies, and a CommonJS server whose parser keeps the bytes.
import { copyProject, exerciseProgram, linkTools } from "../frameworks/servers.mjs"
import { combine, readVersion } from "../projects.mjs"

export default {
  name: "Express on Node",
  group: "Frameworks",
  async run(context) {
    const { folder } = context
    await copyProject("express", folder)
    const tools = await linkTools(folder, "express")
    return {
      version: readVersion(tools, "express"),
      ...combine(
        await exerciseProgram(context, ["server.mjs"], { label: "ESM" }),
        await exerciseProgram(context, ["server.cjs"], { label: "CommonJS" }),
      ),
    }
  },
}
