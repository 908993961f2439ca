// Runs frameworks that are built for Workers in workerd, with the command that their users preview with.
import assert from "node:assert/strict"
import { readdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { copyApplication, exerciseBoth } from "../endpoints/exercise.mjs"
import {
  combine,
  copyTools,
  getBrotliSize,
  listFiles,
  prefixNames,
  readVersion,
  run,
  runCases,
  serve,
} from "../projects.mjs"
import { writeRecipe } from "../recipes/recipes.mjs"
import { getNode } from "../runtimes/node.mjs"
import { copyProject, makeVariables } from "./servers.mjs"

/** Switches off requests to Cloudflare. */
const quiet = { WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_HIDE_BANNER: "true" }

/**
 * Builds a project, serves it, and exercises it.
 *
 * @param {import("../run.mjs").Context} context
 * @param {object} project
 * @param {string} project.name its folder, next to this file
 * @param {string} project.framework the package whose version is the place's
 * @param {string[]} project.dev the development server's command, below node_modules, which prints its address
 * @param {string[]} project.build the build's command
 * @param {string[]} project.preview the command that serves the built project
 * @param {string} project.client the folder of the files for browsers
 * @param {string} project.application the folder for the application's own code
 */
export async function runOnWorkers(context, { name, framework, dev, build, preview, client, application }) {
  const { folder } = context
  await copyProject(name, folder)
  await copyApplication(join(folder, application))
  // The project has a list of routes of its own, which includes that of the recipe.
  const rename = (file) => file.replace(/^app\/routes\.js$/, "app/recipe.js")
  writeRecipe(folder, context.recipe, { shared: application, rename })
  await copyTools("frameworks", folder)
  const variables = Object.entries(makeVariables(context)).map(([variable, value]) => `${variable}=${value}\n`)
  // Workers have their variables from the first, and Vite from the second.
  for (const file of [".dev.vars", ".env"]) await writeFile(join(folder, file), variables.join(""))
  const node = await getNode(24)
  const makeCommand = ([program, ...args]) => [join(folder, "node_modules", program), ...args]
  const env = { ...quiet, HOME: folder }
  /** Builds the project. Resolves to the output, and the files that `wrangler deploy` would upload as the Worker. */
  const deploy = async (outdir) => {
    const printed = await run(node, makeCommand(build), { cwd: folder, env: { ...env, NODE_ENV: "production" } })
    const upload = ["wrangler/bin/wrangler.js", "deploy", "--dry-run", `--outdir=${outdir}`]
    const deployed = await run(node, makeCommand(upload), { cwd: folder, env })
    const files = await listFiles(join(folder, outdir))
    return { printed: printed + deployed, files: files.filter(({ path }) => /\.(js|mjs|wasm)$/.test(path)) }
  }

  const { printed, files } = await deploy("deployed")
  const sent = await listFiles(join(folder, client))
  const serveWhile = async (args, act) => {
    const program = await serve(node, makeCommand(args), {
      cwd: folder,
      env,
      ready: /http:\/\/(?:localhost|127\.0\.0\.1):([1-9]\d*)/,
    })
    try {
      return await act(`http://127.0.0.1:${program.match[1]}`)
    } finally {
      await program.stop()
    }
  }
  const parts = [
    await serveWhile(dev, (base) => runCases(prefixNames("development server", exerciseBoth(base, context)))),
    await serveWhile(preview, (base) =>
      runCases({
        "serves the page": async () => assert.match(await (await fetch(base)).text(), /Nothing of Channels here/),
        ...exerciseBoth(base, context),
      }),
    ),
    await runCases({
      "builds and uploads without warnings": () => {
        assert.deepEqual(
          printed.split("\n").filter((line) => /\bwarn(ing)?\b|⚠|▲ \[|\(!\)/i.test(line)),
          [],
        )
      },
      "uploads one copy of the module": () =>
        assert.equal(files.filter(({ path }) => path.endsWith(".wasm")).length, 1),
      "uploads no copy as text": () => {
        // A module's first bytes, in base64.
        assert.deepEqual(
          files.filter(({ text }) => text().includes("AGFzbQEAAAA")).map(({ path }) => path),
          [],
        )
      },
      "sends nothing of the package to browsers": () => {
        assert.notEqual(sent.length, 0)
        assert.deepEqual(
          sent.filter(({ path, text }) => path.endsWith(".wasm") || isOfPackage(text())).map(({ path }) => path),
          [],
        )
      },
    }),
  ]

  await replaceLibrary(folder)
  const without = (await deploy("without")).files
  const weigh = (files) => getBrotliSize(...files.map(({ content }) => content))
  const version = readVersion(join(folder, "node_modules"), framework)
  return { version, ...combine(...parts), bundleBytes: weigh(files) - weigh(without) }
}

/** Tells whether a file for browsers has anything of the package. A list of routes has the recipe's names. */
const isOfPackage = (text) => /pusher(?![./](?:auth|webhook))/i.test(text)

/** Replaces the library's main entry with empty functions of the same names, to measure what it adds. */
async function replaceLibrary(folder) {
  const library = join(folder, "node_modules/pusher-http-wasm")
  for (const file of await readdir(library)) if (file !== "handlers.js") await rm(join(library, file))
  const exports = { ".": "./index.js", "./handlers": "./handlers.js" }
  await writeFile(join(library, "package.json"), JSON.stringify({ name: "pusher-http-wasm", type: "module", exports }))
  const errors = ["PusherRequestError", "PusherValidationError", "PusherWebHookError"]
  const source = ["export default { fromEnv: () => ({}) }", ...errors.map((name) => `export class ${name} {}`)]
  await writeFile(join(library, "index.js"), source.join("\n"))
}
