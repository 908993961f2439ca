// Compiles a NestJS application with TypeScript, to ES modules and to CommonJS, and runs it on Node.
import { cp, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { bin } from "../../../tools/packages.mjs"
import { exerciseBoth } from "../endpoints/exercise.mjs"
import { exerciseProgram } from "../frameworks/servers.mjs"
import { combine, copyTools, readVersion, run } from "../projects.mjs"

export default {
  name: "NestJS on Node",
  group: "Frameworks",
  async run(context) {
    const { folder } = context
    await copyTools("node-servers", folder)
    await cp(join(import.meta.dirname, "../node-servers/nest"), folder, { recursive: true })
    const build = async (type, outDir) => {
      await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type }))
      await run(bin("tsc"), ["--project", ".", "--outDir", outDir], { cwd: folder })
      await writeFile(join(folder, outDir, "package.json"), JSON.stringify({ type }))
      return [`${outDir}/main.js`]
    }
    return {
      version: readVersion(join(folder, "node_modules"), "@nestjs/core"),
      ...combine(
        await exerciseProgram(context, await build("module", "dist/esm"), { label: "ESM", makeCases: exerciseBoth }),
        await exerciseProgram(context, await build("commonjs", "dist/cjs"), {
          label: "CommonJS",
          makeCases: exerciseBoth,
        }),
      ),
    }
  },
}
