// Runs a handler of AWS Lambda behind API Gateway, unbundled and bundled as the CDK and the Serverless Framework do.
import { readFile } from "node:fs/promises"
import { join } from "node:path"

import { esbuild } from "../../../tools/packages.mjs"
import { exerciseAdapter } from "../adapters/exercise.mjs"
import { copyApplication, exerciseEndpoints } from "../endpoints/exercise.mjs"
import { copyProject, exerciseProgram } from "../frameworks/servers.mjs"
import { combine, getBrotliSize } from "../projects.mjs"

export default {
  name: "AWS Lambda (a handler's shape, on Node)",
  group: "Frameworks",
  async run(context) {
    const { folder } = context
    await copyProject("lambda", folder)
    await copyApplication(folder, "fetch.mjs")
    const bundle = async (format, outfile) => {
      await esbuild.build({
        absWorkingDir: folder,
        entryPoints: ["handler.mjs"],
        bundle: true,
        minify: true,
        platform: "node",
        target: "node20",
        format,
        outfile: join(folder, outfile),
        logLevel: "error",
      })
      return outfile
    }
    const handlers = {
      "as written": "handler.mjs",
      "as CommonJS": await bundle("cjs", "dist/index.cjs"),
      "as ESM": await bundle("esm", "dist/index.mjs"),
    }
    const parts = []
    for (const [label, file] of Object.entries(handlers)) {
      for (const encoding of ["base64", "text"]) {
        const program = ["gateway.mjs", join(folder, file), encoding]
        parts.push(await exerciseProgram(context, program, { label: `${label}, bodies in ${encoding}` }))
      }
    }
    for (const version of ["1.0", "2.0"]) {
      parts.push(
        await exerciseProgram(context, ["adapter-gateway.mjs", join(folder, "endpoints.mjs"), version], {
          label: `endpoints, events of format ${version}`,
          makeCases: exerciseEndpoints,
        }),
      )
      parts.push(
        await exerciseAdapter(context, ["adapter-gateway.mjs", join(folder, "adapter.mjs"), version], {
          label: `lambdaHandler, events of format ${version}`,
          members: ["context", "event", "waitUntil"],
          isFramework: false,
          hasParsers: false,
        }),
      )
    }
    const content = await readFile(join(folder, "dist/index.cjs"))
    return { version: process.versions.node, ...combine(...parts), bundleBytes: getBrotliSize(content) }
  },
}
