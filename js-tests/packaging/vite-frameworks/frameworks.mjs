// Shared by the places of frameworks that are built with Vite.
import { cp, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { exerciseProgram, makeVariables } from "../frameworks/servers.mjs"
import { copyTools, run } from "../projects.mjs"
import { getNode } from "../runtimes/node.mjs"

/** Switches off requests to Cloudflare and to the frameworks' makers. */
const quiet = {
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
  ASTRO_TELEMETRY_DISABLED: "1",
}

/** The line in which a server names its address. */
const address = /http:\/\/(?:localhost|127\.0\.0\.1):([1-9]\d*)/

/** Sets up a project, which is next to this file, with its tools, the variables of all places, and `more`. */
export async function setUpProject(context, project, { tools = "vite-frameworks", more = {} } = {}) {
  const { folder } = context
  await copyTools(tools, folder)
  await cp(join(import.meta.dirname, project), folder, { recursive: true })
  const variables = Object.entries({ ...makeVariables(context), ...more }).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(join(folder, ".dev.vars"), variables.join(""))
}

/** Builds the project anew: `command` is a program below node_modules, with its arguments. */
export async function build({ folder }, [program, ...args], env = {}) {
  await rm(join(folder, "dist"), { recursive: true, force: true })
  await run(await getNode(24), [join("node_modules", program), ...args], {
    cwd: folder,
    env: { ...quiet, HOME: folder, NODE_ENV: "production", ...env },
  })
}

/** Starts a server of the built project, and exercises it. */
export const exerciseBuilt = async (context, program, { env, ...options }) =>
  exerciseProgram(context, program, {
    node: await getNode(24),
    ready: address,
    env: { ...quiet, HOME: context.folder, ...env },
    ...options,
  })

/** Serves what is deployed to Cloudflare in workerd. */
export const exerciseWorker = (context, { config, ...options }) =>
  exerciseBuilt(
    context,
    [
      "node_modules/wrangler/bin/wrangler.js",
      "dev",
      `--config=${config}`,
      "--ip=127.0.0.1",
      "--port=0",
      "--inspector-port=0",
    ],
    options,
  )
