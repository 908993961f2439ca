// Frameworks that are built for Workers and run, as built, in workerd: by the command with which their users preview them.
import assert from "node:assert/strict"
import { mkdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { exercise } from "../exercise.mjs"
import { bringTools, brotliBytes, check, filesBelow, named, run, serve, together, versionIn } from "../projects.mjs"
import { nodeOf } from "../runtimes/node.mjs"
import { bringProject, variablesOf } from "./servers.mjs"

/** Nothing of these goes out to the net. */
const quiet = { WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_HIDE_BANNER: "true" }

/**
 * @param {import("../run.mjs").Context} context
 * @param {object} project
 * @param {string} project.name the folder here
 * @param {string} project.framework the package whose version is the place's
 * @param {string[]} project.dev the development server's command, below node_modules; it says where it listens
 * @param {string[]} project.build the build's command
 * @param {string[]} project.preview the command that serves what was built
 * @param {string} project.client the folder of what browsers get
 */
export async function onWorkers(context, { name, framework, dev, build, preview, client }) {
  const { folder } = context
  await bringProject(name, folder)
  await bringTools("frameworks", folder)
  const variables = Object.entries(variablesOf(context)).map(([variable, value]) => `${variable}=${value}\n`)
  await writeFile(join(folder, ".dev.vars"), variables.join(""))
  const node = await nodeOf(24)
  const command = ([program, ...args]) => [join(folder, "node_modules", program), ...args]
  const env = { ...quiet, HOME: folder }
  /** What the build printed, and the files that `wrangler deploy` would upload as the Worker. */
  const deploy = async (outdir) => {
    const printed = await run(node, command(build), { cwd: folder, env: { ...env, NODE_ENV: "production" } })
    const upload = ["wrangler/bin/wrangler.js", "deploy", "--dry-run", `--outdir=${outdir}`]
    const deployed = await run(node, command(upload), { cwd: folder, env })
    const files = await filesBelow(join(folder, outdir))
    return { printed: printed + deployed, files: files.filter(({ path }) => /\.(js|mjs|wasm)$/.test(path)) }
  }

  const { printed, files } = await deploy("deployed")
  const sent = await filesBelow(join(folder, client))
  const visited = async (args, visit) => {
    const program = await serve(node, command(args), {
      cwd: folder,
      env,
      ready: /http:\/\/(?:localhost|127\.0\.0\.1):([1-9]\d*)/,
    })
    try {
      return await visit(`http://127.0.0.1:${program.match[1]}`)
    } finally {
      await program.stop()
    }
  }
  const parts = [
    await visited(dev, (base) => check(named("development server", exercise(base, context)))),
    await visited(preview, (base) =>
      check({
        ...exercise(base, context),
        "the page is there": async () => assert.match(await (await fetch(base)).text(), /Nothing of Channels here/),
      }),
    ),
    await check({
      "build and upload warn of nothing": () => {
        assert.deepEqual(
          printed.split("\n").filter((line) => /\bwarn(ing)?\b|⚠|▲ \[|\(!\)/i.test(line)),
          [],
        )
      },
      "one copy of the wasm": () => assert.equal(files.filter(({ path }) => path.endsWith(".wasm")).length, 1),
      "and none as text": () => {
        // A module's first bytes, in base64.
        assert.deepEqual(
          files.filter(({ text }) => text().includes("AGFzbQEAAAA")).map(({ path }) => path),
          [],
        )
      },
      "nothing of it reaches the browser": () => {
        assert.notEqual(sent.length, 0)
        assert.deepEqual(
          sent.filter(({ path, text }) => path.endsWith(".wasm") || /pusher/i.test(text())).map(({ path }) => path),
          [],
        )
      },
    }),
  ]

  await replaceLibrary(folder)
  const without = (await deploy("without")).files
  const weight = (files) => brotliBytes(...files.map(({ content }) => content))
  const version = versionIn(join(folder, "node_modules"), framework)
  return { version, ...together(...parts), bundleBytes: weight(files) - weight(without) }
}

/** Something of the same names that does nothing, to see what the library weighs. */
async function replaceLibrary(folder) {
  const library = join(folder, "node_modules/pusher-http-wasm")
  await rm(library, { recursive: true })
  await mkdir(library)
  await writeFile(join(library, "package.json"), '{"name":"pusher-http-wasm","type":"module","exports":"./index.js"}')
  const source =
    "export default { fromEnv: () => ({}) }; export class PusherRequestError {}; export class PusherValidationError {}"
  await writeFile(join(library, "index.js"), source)
}
