// Builds a server with Nitro for each of its presets, and exercises what comes out where it would run.
import { cp, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { bin } from "../../support/packages.mjs"
import { findFreePort } from "../../support/ports.mjs"
import { workers } from "../../support/runtimes.mjs"
import { serveModules } from "../../support/workerd.mjs"
import { copyApplication, exerciseBoth } from "../endpoints/exercise.mjs"
import { exerciseProgram, makeVariables } from "../frameworks/servers.mjs"
import { combine, copyTools, prefixNames, readVersion, run, runCases } from "../projects.mjs"
import { writeRecipe } from "../recipes/recipes.mjs"
import { makeOptions } from "../runtimes/deno.mjs"
import { getNode } from "../runtimes/node.mjs"
import { installTools } from "../tools.mjs"
import { bundleForEdge } from "../vercel/edge.mjs"

const output = ".output/server/index.mjs"

/** Starts the server that Nitro wrote for Node or Bun. */
async function exerciseServer(context, node, label) {
  const port = await findFreePort()
  const env = { NITRO_HOST: "127.0.0.1", NITRO_PORT: String(port), HOST: "127.0.0.1", PORT: String(port) }
  return exerciseProgram(context, [output], {
    node,
    env,
    label,
    makeCases: exerciseBoth,
    ready: /Listening on .*:(\d+)/i,
  })
}

/** Serves in workerd what `wrangler deploy` would upload. */
async function exerciseWorker(context, label) {
  const { folder } = context
  const { compatibilityDate } = workers.workerd
  await writeFile(join(folder, "main.mjs"), `export { default } from "./${output}"\n`)
  const settings = { name: "place", compatibility_date: compatibilityDate }
  await writeFile(join(folder, "wrangler.json"), JSON.stringify(settings))
  const wrangler = join(await installTools("runtimes"), "wrangler/bin/wrangler.js")
  await run(
    await getNode(24),
    [wrangler, "deploy", "main.mjs", "--config=wrangler.json", "--dry-run", "--outdir=deployed"],
    { cwd: folder, env: { HOME: folder, WRANGLER_SEND_METRICS: "false" } },
  )
  const { url, stop } = await serveModules({
    outdir: join(folder, "deployed"),
    compatibilityDate,
    bindings: makeVariables(context),
  })
  try {
    return await runCases(prefixNames(label, exerciseBoth(new URL(url).origin, context)))
  } finally {
    stop()
  }
}

/** Takes Node's modules, of which Vercel's edge runtime has some, from the global variable that serve-vercel.mjs sets. */
const hostModules = {
  name: "host-modules",
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "host" }))
    build.onLoad({ filter: /./, namespace: "host" }, ({ path }) => ({
      contents: `module.exports = globalThis.hostModules[${JSON.stringify(path)}] ?? {}`,
    }))
  },
}

/** How what each preset builds is run. */
export const presets = {
  "node-server": (context) => exerciseServer(context, process.execPath, "node-server"),
  bun: (context) => exerciseServer(context, bin("bun"), "bun"),
  "aws-lambda": async (context) => {
    await cp(join(import.meta.dirname, "../frameworks/lambda/gateway.mjs"), join(context.folder, "gateway.mjs"))
    return exerciseProgram(context, ["gateway.mjs", join(context.folder, output), "text"], {
      label: "aws-lambda",
      makeCases: exerciseBoth,
    })
  },
  "cloudflare-module": (context) => exerciseWorker(context, "cloudflare-module"),
  "vercel-edge": async (context) => {
    const { folder } = context
    const { code } = await bundleForEdge(
      folder,
      `import handle from "./.vercel/output/functions/__fallback.func/index.mjs"
      addEventListener("fetch", (event) => event.respondWith(handle(event.request, event)))`,
      { external: [], plugins: [hostModules] },
    )
    await writeFile(join(folder, "edge.js"), code)
    const program = [join(import.meta.dirname, "serve-vercel.mjs"), "edge.js", join(await installTools("vercel"), "_")]
    return exerciseProgram(context, program, { label: "vercel-edge", makeCases: exerciseBoth })
  },
  "netlify-edge": async (context) => {
    await cp(join(import.meta.dirname, "serve-netlify.mjs"), join(context.folder, "serve-netlify.mjs"))
    const program = ["run", "--allow-env", ...makeOptions(context.environment), "serve-netlify.mjs"]
    return exerciseProgram(context, program, { node: bin("deno"), label: "netlify-edge", makeCases: exerciseBoth })
  },
}

/** The presets that need the setting `experimental.wasm`. */
const withWasm = ["cloudflare-module", "vercel-edge", "netlify-edge"]

/** The programs that build a server, below node_modules, and the folder for its routes. */
const builders = {
  nitropack: { command: ["nitropack/dist/cli/index.mjs", "build"], server: "." },
  nuxt: { command: ["nuxt/bin/nuxt.mjs", "build"], server: "server" },
}

/**
 * Builds with each of the presets, and runs what comes out.
 *
 * @param {import("../run.mjs").Context} context
 * @param {(keyof typeof presets)[]} names
 * @param {keyof typeof builders} [builder]
 */
export async function runNitro(context, names, builder = "nitropack") {
  const { folder } = context
  const { command, server } = builders[builder]
  const [program, ...args] = command
  // Nuxt needs a newer Node than the package.
  const node = await getNode(24)
  await copyTools("nitro", folder)
  const copy = (from, to) => cp(join(import.meta.dirname, from), join(folder, to), { recursive: true })
  await copy("app", server)
  await copyApplication(join(folder, server))
  writeRecipe(folder, context.recipe, { shared: server, rename: (file) => file.replace("server", server) })
  if (builder === "nuxt") await copy("nuxt", ".")
  const parts = []
  for (const preset of names) {
    const built = await runCases({
      [`${preset}: is built`]: () =>
        run(node, [join("node_modules", program), ...args, "--preset", preset], {
          cwd: folder,
          env: { WITH_WASM: withWasm.includes(preset) ? "1" : "0", HOME: folder },
        }),
    })
    parts.push(built)
    if (built.failures.length === 0) parts.push(await presets[preset](context))
  }
  return { version: readVersion(join(folder, "node_modules"), builder), ...combine(...parts) }
}
