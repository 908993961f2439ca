// Runs Express on Node: an ESM server with a route for raw bodies, and a CommonJS server whose parser keeps the bytes. Then servers of fetch-style
// handlers, with Express and with node:http alone.
import { exerciseAdapter } from "../adapters/exercise.mjs"
import { copyApplication, exerciseBoth, exerciseEndpoints } from "../endpoints/exercise.mjs"
import { copyProject, exerciseProgram, linkTools } from "../frameworks/servers.mjs"
import { combine, readVersion } from "../projects.mjs"

const members = ["req", "res", "waitUntil"]

export default {
  name: "Express on Node",
  group: "Frameworks",
  async run(context) {
    const { folder } = context
    await copyProject("express", folder)
    await copyApplication(folder, "fetch.mjs")
    const tools = await linkTools(folder, "express")
    return {
      version: readVersion(tools, "express"),
      ...combine(
        await exerciseProgram(context, ["server.mjs"], { label: "ESM", makeCases: exerciseBoth }),
        await exerciseProgram(context, ["server.cjs"], { label: "CommonJS", makeCases: exerciseBoth }),
        await exerciseProgram(context, ["endpoints-http.mjs"], {
          label: "node:http alone",
          makeCases: exerciseEndpoints,
        }),
        await exerciseAdapter(context, ["adapter.mjs"], { label: "nodeHandler, ESM", members }),
        await exerciseAdapter(context, ["adapter.cjs"], { label: "nodeHandler, CommonJS", members }),
        await exerciseAdapter(context, ["adapter-http.mjs"], {
          label: "nodeHandler, node:http alone",
          members,
          isFramework: false,
          hasParsers: false,
        }),
      ),
    }
  },
}
